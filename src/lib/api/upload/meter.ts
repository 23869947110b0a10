/** Counts image data, and hashes it if requested, while it is sent. */
import {Readable} from 'node:stream'
import {Digester, type Digests} from '../../data/digest.js'
import {type Portion, readPortions} from '../../data/portions/read-portions.js'
import {Failure} from '../../model/errors.js'
import {compareDigests} from './announced-digests.js'
import {holdLastChunk} from './hold-last-chunk.js'

/** The data that was sent. */
export interface SentData {
  /** Bytes. */
  readonly size: number
  /** By algorithm; those that were requested. */
  readonly digests: Digests
}

/** Counts and hashes the data of one upload. */
export class Meter {
  #size = 0
  #hasEnded = false
  #isStarted = false
  readonly #expectedSize: number | undefined
  readonly #algorithms: readonly string[]
  #digester: Digester | undefined
  readonly #announced: Digests
  #digests: Promise<Digests> | undefined

  /**
   * @param size bytes that will be sent, if known
   * @param announced digests that the data must have; otherwise its last chunk is not sent
   */
  constructor(algorithms: readonly string[], size?: number, announced: Digests = {}) {
    this.#expectedSize = size
    this.#announced = announced
    this.#algorithms = algorithms
  }

  /** Bytes that were sent. */
  get size(): number {
    return this.#size
  }

  /** True when all data was sent. The reply may arrive before a source that gave all its bytes reports its end. */
  get isComplete(): boolean {
    return (
      this.#hasEnded || ((this.#isStarted || this.#expectedSize === 0) && this.#size === this.#expectedSize)
    )
  }

  /** @returns the same bytes. The source is read only when they are read: an earlier error would have no listener. */
  measure(source: Readable): Readable {
    this.#isStarted = true
    return Readable.from(this.#chunks(source), {objectMode: false, highWaterMark: 1})
  }

  /**
   * Call once, after a reply of success.
   * @returns the data that was sent; undefined if there was none
   * @throws Failure of kind `unverified` if that was not all data
   */
  async finish(): Promise<SentData | undefined> {
    if (!this.#isStarted) return undefined
    if (!this.isComplete) {
      throw new Failure('unverified', 'cannot verify the data', {
        why: `the service replied after ${this.#size} bytes, before all data was sent`,
      })
    }
    return {size: this.#size, digests: await this.#finishDigests()}
  }

  async #finishDigests(): Promise<Digests> {
    this.#digests ??= this.#startDigests()?.digests()
    return (await this.#digests) ?? {}
  }

  /** Called when the data is read: a request that fails before must not leave threads. */
  #startDigests(): Digester | undefined {
    if (this.#algorithms.length > 0) this.#digester ??= new Digester(this.#algorithms, this.#expectedSize)
    return this.#digester
  }

  async *#chunks(source: Readable): AsyncGenerator<Buffer> {
    try {
      const isChecked = this.#startDigests() !== undefined && Object.keys(this.#announced).length > 0
      const hashed = this.#hash(source)
      let last: Portion | undefined
      for await (const portion of isChecked
        ? holdLastChunk(hashed, () => this.#requireAnnounced())
        : hashed) {
        this.#size += portion.bytes.length
        yield portion.bytes
        // The stream reads one chunk ahead: the chunk before this one was written when the next one is asked for.
        last?.slot?.release()
        last = portion
      }
      this.#hasEnded = true
    } finally {
      if (!this.isComplete) this.#digester?.cancel()
    }
  }

  async *#hash(source: Readable): AsyncGenerator<Portion> {
    for await (const portion of readPortions(source)) {
      const pause = this.#update(portion)
      if (pause) await pause
      yield portion
    }
  }

  #update({bytes, slot}: Portion): Promise<void> | undefined {
    if (slot === undefined || this.#digester === undefined) return this.#digester?.update(bytes)
    slot.retain()
    return this.#digester.updateShared(bytes, () => slot.release())
  }

  async #requireAnnounced(): Promise<void> {
    const why = compareDigests(await this.#finishDigests(), this.#announced)
    if (why !== undefined)
      throw new Failure('unverified', 'the image data does not match the announced checksum', {
        why,
        code: 'other-data',
      })
  }
}
