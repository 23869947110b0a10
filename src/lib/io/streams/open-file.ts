/** Files as streams. They are opened at the first read. */
import {close, open, read} from 'node:fs'
import {Readable} from 'node:stream'
import {type DirectStream, takeReceived} from './direct-stream.js'

/** Bytes of one read. */
const READ_BYTES = 1024 * 1024

/** Streams a file from its start to its end. */
export function readFilePath(path: string): DirectStream {
  const openPath = () =>
    new Promise<number>((resolve, reject) =>
      open(path, 'r', (error, fd) => (error ? reject(error) : resolve(fd))),
    )
  return toStream(new FileReader(openPath, {closes: true}))
}

/**
 * Streams an open file to its end, and never closes it.
 * @param start position in bytes; without it, the current offset of the file
 */
export function readOpenFile(fd: number, start?: number): DirectStream {
  return toStream(new FileReader(async () => fd, {start, closes: false}))
}

class FileReader {
  readonly #open: () => Promise<number>
  readonly #closes: boolean
  #position: number | undefined
  #fd: Promise<number> | undefined
  #reading: Promise<unknown> | undefined

  constructor(
    openFile: () => Promise<number>,
    {start, closes}: {start?: number | undefined; closes: boolean},
  ) {
    this.#open = openFile
    this.#position = start
    this.#closes = closes
  }

  /** Reads the next bytes; 0 at the end. */
  read(target: Uint8Array): Promise<number> {
    const reading = this.#read(target)
    this.#reading = reading
    return reading
  }

  /** Waits for a running read, whose number of the file could be given to another file otherwise. */
  async close(): Promise<void> {
    await this.#reading?.catch(() => {})
    const fd = this.#closes ? await this.#fd?.catch(() => undefined) : undefined
    if (fd !== undefined) close(fd, () => {})
  }

  async #read(target: Uint8Array): Promise<number> {
    this.#fd ??= this.#open()
    const fd = await this.#fd
    const position = this.#position ?? null
    const length = await new Promise<number>((resolve, reject) =>
      read(fd, target, 0, target.length, position, (error, count) =>
        error ? reject(error) : resolve(count),
      ),
    )
    if (this.#position !== undefined) this.#position += length
    return length
  }
}

function toStream(file: FileReader): DirectStream {
  let reading: Promise<void> = Promise.resolve()
  let isDirect = false
  let hasEnded = false
  const stream = new Readable({
    highWaterMark: READ_BYTES,
    read() {
      if (isDirect) return
      const memory = Buffer.allocUnsafeSlow(READ_BYTES)
      reading = file.read(memory).then(
        length => {
          hasEnded = length === 0
          this.push(hasEnded ? null : memory.subarray(0, length))
        },
        error => void this.destroy(error),
      )
    },
    destroy(error, done) {
      file.close().finally(() => done(error))
    },
  })
  const readInto = async (target: Uint8Array): Promise<number> => {
    isDirect = true
    await reading
    const length = takeReceived(stream, target)
    return length > 0 || hasEnded ? length : file.read(target)
  }
  return Object.assign(stream, {readInto})
}
