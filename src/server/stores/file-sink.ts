/** A stream into an open file that counts and hashes the bytes. */
import type {FileHandle} from 'node:fs/promises'
import {availableParallelism} from 'node:os'
import {Writable} from 'node:stream'
import {Digester} from '../../lib/data/digest.js'
import {type Slot, SlotRing} from '../../lib/data/portions/slots.js'
import {type Checksums, toChecksums} from './checksummer.js'
import type {DataMemory, HashAlgorithm} from './store.js'

/** Uploads that are hashed in threads at a time, to bound the memory and the threads of many. */
const MAX_THREADED = Math.max(1, Math.floor(availableParallelism() / 2))

/** Bytes of a slot of the other uploads, which have two. */
const SMALL_SLOT = 256 * 1024

let threaded = 0

type Done = (error?: Error | null) => void

/**
 * Collects bytes in the slots of a ring, which are hashed and written while the next ones are filled. The bytes are written
 * to the stream, or put into its memory, see `DataMemory`. Does not close the file. The owner must call `release` in the end.
 */
export class FileSink extends Writable implements DataMemory {
  onFree: () => void = () => {}
  readonly #file: FileHandle
  readonly #digester: Digester
  readonly #hashAlgo: HashAlgorithm
  readonly #ring: SlotRing
  /** The slot that is being filled. */
  #slot: Slot | undefined
  #filled = 0
  #size = 0
  #written: Promise<void> = Promise.resolve()
  /** Continues a write that waits for a free slot. */
  #continue: (() => void) | undefined

  /** @param size bytes that will come, if known */
  constructor(file: FileHandle, hashAlgo: HashAlgorithm, size = Number.POSITIVE_INFINITY) {
    super()
    this.#file = file
    this.#hashAlgo = hashAlgo
    this.#digester = new Digester(['md5', hashAlgo], size, threaded < MAX_THREADED)
    if (this.#digester.isThreaded) threaded += 1
    this.#ring = this.#digester.isThreaded ? new SlotRing() : new SlotRing(SMALL_SLOT, 2)
    this.#ring.onFree = () => this.#onSlotFree()
  }

  /** Size and digests of all data. Call it once, after the sink has finished. */
  async checksums(): Promise<Checksums> {
    return {size: this.#size, ...toChecksums(await this.#digester.digests(), this.#hashAlgo)}
  }

  /** Frees the memory and its threads, also without `checksums`. Call it once. */
  release(): void {
    this.destroy()
    this.#digester.cancel()
    if (this.#digester.isThreaded) threaded -= 1
  }

  lend(): Uint8Array | undefined {
    return this.writableLength > 0 || this.destroyed ? undefined : this.#findRoom()
  }

  fill(length: number): void {
    this.#filled += length
    this.#size += length
    if (this.#filled === this.#slot?.bytes.length) this.#passSlot()
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
    this.#slot ??= this.#ring.takeFree()
    return this.#slot?.bytes.subarray(this.#filled)
  }

  #passSlot(): void {
    // Its users are the digests and the file.
    const slot = this.#slot!.retain()
    const bytes = slot.bytes.subarray(0, this.#filled)
    const position = this.#size - bytes.length
    this.#slot = undefined
    this.#filled = 0
    const hashing = this.#digester.updateShared(bytes, () => slot.release())
    hashing?.catch(error => this.destroy(error))
    this.#written = this.#written.then(() => writeAll(this.#file, bytes, position))
    this.#written.then(
      () => slot.release(),
      error => this.destroy(error),
    )
  }

  #onSlotFree(): void {
    if (this.destroyed) return
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
