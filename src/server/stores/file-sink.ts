/** A stream into an open file that counts and hashes the bytes. */
import type {FileHandle} from 'node:fs/promises'
import {Writable} from 'node:stream'
import type {Checksums} from './checksummer.js'
import {SmallRing} from './rings/ring.js'
import {ThreadRing} from './rings/thread-ring.js'
import type {DataMemory} from './store.js'

/** Bytes that are hashed faster on the main thread than in threads. */
const MIN_BYTES_FOR_THREADS = 16 * 1024 * 1024

type Done = (error?: Error | null) => void

/**
 * Collects bytes in the slots of a ring, which are hashed and written while the next ones are filled. The bytes are written
 * to the stream, or put into its memory, see `DataMemory`. Does not close the file. The owner must call `release` in the end.
 */
export class FileSink extends Writable implements DataMemory {
  onFree: () => void = () => {}
  readonly #file: FileHandle
  readonly #ring
  /** The slot that is being filled. */
  #slot: Uint8Array | undefined
  #filled = 0
  #size = 0
  #written: Promise<void> = Promise.resolve()
  #isEnding = false
  /** Continues a write that waits for a free slot. */
  #continue: (() => void) | undefined

  /** @param size bytes that will come, if known */
  constructor(file: FileHandle, size = Number.POSITIVE_INFINITY) {
    super()
    this.#file = file
    this.#ring = (size >= MIN_BYTES_FOR_THREADS ? ThreadRing.acquire() : undefined) ?? new SmallRing()
    this.#ring.onFree = () => this.#onSlotFree()
  }

  /** Size and digests of all data. Call it once, after the sink has finished. */
  async checksums(): Promise<Checksums> {
    this.#isEnding = true
    const {md5, sha512} = await this.#ring.digests()
    return {size: this.#size, checksum: md5, sha512}
  }

  /** Frees the memory and its threads, also without `checksums`, once no write uses it any more. Call it once. */
  release(): void {
    this.destroy()
    // A ring that has given its digests may be in use by the next upload.
    if (this.#isEnding) return
    this.#written.catch(() => {}).then(() => this.#ring.stop())
  }

  lend(): Uint8Array | undefined {
    return this.writableLength > 0 || this.destroyed ? undefined : this.#findRoom()
  }

  fill(length: number): void {
    this.#filled += length
    this.#size += length
    if (this.#filled === this.#slot?.length) this.#passSlot()
  }

  append(bytes: Uint8Array): void {
    this.write(Buffer.from(bytes))
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    for (let rest = chunk; rest.length > 0; ) {
      const room = this.#findRoom()
      if (room === undefined) {
        this.#continue = () => this._write(rest, _encoding, done)
        return
      }
      const part = rest.subarray(0, room.length)
      room.set(part)
      this.fill(part.length)
      rest = rest.subarray(part.length)
    }
    done()
  }

  override _final(done: Done): void {
    if (this.#filled > 0) this.#passSlot()
    this.#written.then(() => done(), done)
  }

  /** The rest of the slot that is being filled; undefined while there is none. */
  #findRoom(): Uint8Array | undefined {
    this.#slot ??= this.#use(() => this.#ring.take())
    return this.#slot?.subarray(this.#filled)
  }

  #passSlot(): void {
    const length = this.#filled
    const bytes = this.#slot!.subarray(0, length)
    const position = this.#size - length
    this.#slot = undefined
    this.#filled = 0
    this.#use(() => this.#ring.pass(length))
    this.#written = this.#written.then(() => writeAll(this.#file, bytes, position))
    this.#written.then(
      () => this.#ring.release(),
      error => this.destroy(error),
    )
  }

  /** Calls a method of the ring; the stream fails as it does. */
  #use<T>(call: () => T): T | undefined {
    try {
      return call()
    } catch (error) {
      this.destroy(error as Error)
      return undefined
    }
  }

  #onSlotFree(): void {
    const resume = this.#continue
    this.#continue = undefined
    resume?.()
    if (this.writableLength === 0) this.onFree()
  }
}

/** A device that fills up accepts a part first, and fails with ENOSPC on the rest. */
async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const {bytesWritten} = await file.write(bytes, written, bytes.length - written, position + written)
    written += bytesWritten
  }
}
