/** Rings of memory slots: data is received into a slot, hashed and written from it, and the slot is used again. */
import {createHash} from 'node:crypto'

/** Hexadecimal digests of all data. */
export interface RingDigests {
  readonly md5: string
  readonly sha512: string
}

/** Slots that are filled, hashed and written in the order of a ring. Must be ended by `digests` or by `stop`. */
export interface Ring {
  /** Called when a slot may be free again, or a thread has failed. */
  onFree: () => void
  /** The memory of the next slot; undefined while all slots are in use. @throws the error of a thread */
  take(): Uint8Array | undefined
  /** Hashes the first bytes of the slot that was taken, which must not be changed any more. */
  pass(length: number): void
  /** Frees the memory of the oldest slot that was passed, once it is hashed too. */
  release(): void
  /** The digests of all data. Call it once, after the last slot was passed and released; the ring must not be used then. */
  digests(): Promise<RingDigests>
  /** Stops without digests. Call it in place of `digests`. */
  stop(): void
}

/** Bytes of a slot of which every upload has two. */
const SMALL_SLOT = 256 * 1024

/** A ring of two slots, which the main thread hashes: one is filled while the other is written. */
export class SmallRing implements Ring {
  onFree: () => void = () => {}
  readonly #slots = [Buffer.allocUnsafeSlow(SMALL_SLOT), Buffer.allocUnsafeSlow(SMALL_SLOT)]
  readonly #md5 = createHash('md5')
  readonly #sha512 = createHash('sha512')
  #passed = 0
  #released = 0

  take(): Uint8Array | undefined {
    const isFree = this.#passed - this.#released < this.#slots.length
    return isFree ? this.#slots[this.#passed % this.#slots.length] : undefined
  }

  pass(length: number): void {
    const bytes = this.#slots[this.#passed % this.#slots.length]!.subarray(0, length)
    this.#md5.update(bytes)
    this.#sha512.update(bytes)
    this.#passed += 1
  }

  release(): void {
    this.#released += 1
    this.onFree()
  }

  async digests(): Promise<RingDigests> {
    return {md5: this.#md5.digest('hex'), sha512: this.#sha512.digest('hex')}
  }

  stop(): void {}
}
