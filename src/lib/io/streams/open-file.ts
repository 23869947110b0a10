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
  return new FileStream(new FileReader(openPath, {closes: true}))
}

/**
 * Streams an open file to its end, and never closes it.
 * @param start position in bytes; without it, the current offset of the file
 */
export function readOpenFile(fd: number, start?: number): DirectStream {
  return new FileStream(new FileReader(async () => fd, {start, closes: false}))
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
class FileStream extends Readable implements DirectStream {
  readonly #file: FileReader
  #readingAhead: Promise<void> | undefined
  #isDirect = false
  #hasEnded = false

  constructor(file: FileReader) {
    super({highWaterMark: READ_BYTES})
    this.#file = file
  }

  /** Takes what the stream has read first. */
  async readInto(target: Uint8Array): Promise<number> {
    this.#isDirect = true
    await this.#readingAhead
    const length = takeReceived(this, target)
    if (length > 0) return length
    if (this.errored) throw this.errored
    return this.#hasEnded ? 0 : this.#file.read(target)
  }

  override _read(): void {
    if (!this.#isDirect) this.#readingAhead = this.#readAhead()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#file.close().finally(() => done(error))
  }

  async #readAhead(): Promise<void> {
    try {
      const memory = Buffer.allocUnsafeSlow(READ_BYTES)
      const length = await this.#file.read(memory)
      this.#hasEnded = length === 0
      this.push(this.#hasEnded ? null : memory.subarray(0, length))
    } catch (error) {
      this.destroy(error as Error)
    }
  }
}
