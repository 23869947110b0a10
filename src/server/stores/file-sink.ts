/** Bytes into an open file, counted and hashed on the way. */
import type {FileHandle} from 'node:fs/promises'
import {availableParallelism} from 'node:os'
import {Writable} from 'node:stream'
import {Digester} from '../../lib/data/digest.js'
import type {StoredData} from './store.js'

/** Bytes of one write; and pieces, lest a source of tiny ones fills the memory with their headers. */
const WRITE_BYTES = 1024 * 1024
const MAX_CHUNKS = 512

/** Sinks at once that hash in threads. Those beyond hash where the data arrives, lest many uploads cost much memory. */
const MAX_THREADED = Math.floor(availableParallelism() / 2)

export type Checksums = Omit<StoredData, 'location'>

type Done = (error?: Error | null) => void

/**
 * Gathers small chunks into large writes without copying them. While one portion is written the next one is taken in
 * and hashed, so that at most two are in memory. Does not close the file. Must be ended by `release`.
 */
export class FileSink extends Writable {
  readonly #file: FileHandle
  static #threaded = 0
  readonly #isThreaded = FileSink.#threaded < MAX_THREADED
  readonly #digester = new Digester(['md5', 'sha512'], undefined, this.#isThreaded)
  #gathered: Buffer[] = []
  #gatheredBytes = 0
  #size = 0
  #written: Promise<void> = Promise.resolve()

  constructor(file: FileHandle) {
    super({highWaterMark: WRITE_BYTES / 4})
    this.#file = file
    if (this.#isThreaded) FileSink.#threaded += 1
  }

  /** Bytes and digests (hexadecimal) of all that came; once, after the sink finished. */
  async checksums(): Promise<Checksums> {
    const {md5: checksum = '', sha512 = ''} = await this.#digester.digests()
    return {size: this.#size, checksum, sha512}
  }

  /** Nobody wants to know more of it; once. */
  release(): void {
    this.#digester.cancel()
    if (this.#isThreaded) FileSink.#threaded -= 1
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#gathered.push(chunk)
    this.#gatheredBytes += chunk.length
    this.#size += chunk.length
    const hashing = this.#digester.update(chunk)
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

  /** Waits for the write before, not for the one it begins. */
  async #writeAfterPrevious(): Promise<void> {
    const portion = this.#gathered
    this.#gathered = []
    this.#gatheredBytes = 0
    await this.#written
    this.#written = writeAll(this.#file, portion)
    // The next portion or the end meets the error; until then nobody listens.
    this.#written.catch(() => {})
  }
}

/** A device that fills up takes a part first and says ENOSPC when asked to take the rest. */
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
