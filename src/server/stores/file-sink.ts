/** A stream into an open file that counts and hashes the bytes. */
import type {FileHandle} from 'node:fs/promises'
import {Writable} from 'node:stream'
import {Checksummer, type Checksums} from './checksummer.js'

/** Bytes of one write. */
const WRITE_BYTES = 1024 * 1024
/** Chunks of one write: tiny chunks cost more memory than they hold. */
const MAX_CHUNKS = 512

type Done = (error?: Error | null) => void

/**
 * Gathers small chunks into large writes without copying them. While one portion is written, the next one is received
 * and hashed, so that at most two are in memory. Does not close the file. The owner must call `release` in the end.
 */
export class FileSink extends Writable {
  readonly #file: FileHandle
  readonly #sums = new Checksummer()
  #gathered: Buffer[] = []
  #gatheredBytes = 0
  #written: Promise<void> = Promise.resolve()

  constructor(file: FileHandle) {
    super({highWaterMark: WRITE_BYTES / 4})
    this.#file = file
  }

  /** Size and digests of all data. Call it once, after the sink has finished. */
  checksums(): Promise<Checksums> {
    return this.#sums.checksums()
  }

  /** Frees the hashing thread. Call it once. */
  release(): void {
    this.#sums.release()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#gathered.push(chunk)
    this.#gatheredBytes += chunk.length
    const hashing = this.#sums.update(chunk)
    const isPortion = this.#gatheredBytes >= WRITE_BYTES || this.#gathered.length >= MAX_CHUNKS
    const writing = isPortion ? this.#writeAfterPrevious() : undefined
    if (hashing || writing) Promise.all([hashing, writing]).then(() => done(), done)
    else done()
  }

  override _final(done: Done): void {
    this.#writeAfterPrevious()
      .then(() => this.#written)
      .then(() => done(), done)
  }

  /** Starts a write once the previous one has ended, and does not wait for it. */
  async #writeAfterPrevious(): Promise<void> {
    const portion = this.#gathered
    this.#gathered = []
    this.#gatheredBytes = 0
    await this.#written
    this.#written = writeAll(this.#file, portion)
    // The error is reported by the next write or the end; avoids an unhandled rejection until then.
    this.#written.catch(() => {})
  }
}

/** A device that fills up accepts a part first, and fails with ENOSPC on the rest. */
async function writeAll(file: FileHandle, portion: readonly Buffer[]): Promise<void> {
  let rest = portion
  while (rest.length > 0) {
    const {bytesWritten} = await file.writev(rest)
    rest = skipBytes(rest, bytesWritten)
  }
}

function skipBytes(buffers: readonly Buffer[], bytes: number): Buffer[] {
  let skip = bytes
  const rest: Buffer[] = []
  for (const buffer of buffers) {
    if (skip < buffer.length) rest.push(buffer.subarray(skip))
    skip = Math.max(0, skip - buffer.length)
  }
  return rest
}
