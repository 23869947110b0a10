/** Image data that is counted, and hashed if that is wanted, while it leaves. */
import {Readable} from 'node:stream'
import {Digester, type Digests} from '../../data/digest.js'
import {Failure} from '../../model/errors.js'

/** What has left. */
export interface SentData {
  /** Bytes. */
  readonly size: number
  /** As many as were asked for. */
  readonly digests: Digests
}

export class Meter {
  #size = 0
  #hasEnded = false
  #isStarted = false
  readonly #expectedSize: number | undefined
  readonly #digester: Digester | undefined

  /** @param size bytes that will come, where that is known */
  constructor(algorithms: readonly string[], size?: number) {
    this.#expectedSize = size
    this.#digester = algorithms.length > 0 ? new Digester(algorithms, size) : undefined
  }

  /** Whether all there is has left. The answer may come before a source that gave all its bytes says that it has ended. */
  get isComplete(): boolean {
    return this.#hasEnded || (this.#isStarted && this.#size === this.#expectedSize)
  }

  /** The same bytes. Nothing is read before somebody reads here: what breaks earlier would break unheard. */
  measure(source: Readable): Readable {
    this.#isStarted = true
    return Readable.from(this.#chunks(source), {objectMode: false, highWaterMark: 1})
  }

  /**
   * What has left; undefined when there was nothing to send. Call once, after an answer of success.
   * @throws Failure of kind `unverified` when that was not all there is
   */
  async finish(): Promise<SentData | undefined> {
    if (!this.#isStarted) return undefined
    if (!this.isComplete) {
      throw new Failure('unverified', 'the data cannot be verified', {
        why: `the service answered when it had ${this.#size} bytes, and more were to come`,
      })
    }
    return {size: this.#size, digests: (await this.#digester?.digests()) ?? {}}
  }

  async *#chunks(source: Readable): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        this.#size += chunk.length
        const pause = this.#digester?.update(chunk)
        if (pause) await pause
        yield chunk
      }
      this.#hasEnded = true
    } finally {
      if (!this.isComplete) this.#digester?.cancel()
    }
  }
}
