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
  return streamFile(new FileReader(openPath, {closes: true}))
}

/**
 * Streams an open file to its end, and never closes it.
 * @param start position in bytes; without it, the current offset of the file
 */
export function readOpenFile(fd: number, start?: number): DirectStream {
  return streamFile(new FileReader(async () => fd, {start, closes: false}))
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

/** After the first `readInto`, nothing is read ahead any more. */
function streamFile(file: FileReader): DirectStream {
  let readingAhead: Promise<void> | undefined
  let isDirect = false
  let hasEnded = false
  const readAhead = async () => {
    try {
      const memory = Buffer.allocUnsafeSlow(READ_BYTES)
      const length = await file.read(memory)
      hasEnded = length === 0
      stream.push(hasEnded ? null : memory.subarray(0, length))
    } catch (error) {
      stream.destroy(error as Error)
    }
  }
  const stream = new Readable({
    highWaterMark: READ_BYTES,
    read() {
      if (!isDirect) readingAhead = readAhead()
    },
    destroy(error, done) {
      file.close().finally(() => done(error))
    },
  })
  /** Takes what the stream has read first. */
  const readInto = async (target: Uint8Array): Promise<number> => {
    isDirect = true
    await readingAhead
    const length = takeReceived(stream, target)
    if (length > 0) return length
    if (stream.errored) throw stream.errored
    return hasEnded ? 0 : file.read(target)
  }
  return Object.assign(stream, {readInto})
}
