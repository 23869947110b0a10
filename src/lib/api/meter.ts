/** Image data that is counted, and hashed if that is wanted, while it leaves. */
import {Readable} from 'node:stream'
import {Digester, type Digests} from '../io/digest.js'

/** What has left. */
export interface Sent {
  /** Bytes. */
  readonly size: number
  /** As many as were asked for. */
  readonly digests: Digests
}

export class Meter {
  #size = 0
  #complete = false
  readonly #digester: Digester | undefined

  constructor(algorithms: readonly string[]) {
    this.#digester = algorithms.length > 0 ? new Digester(algorithms) : undefined
  }

  /** Whether all there is has left. */
  get isComplete(): boolean {
    return this.#complete
  }

  /** The same bytes. Nothing is read before somebody reads here: what breaks earlier would break unheard. */
  through(source: Readable): Readable {
    return Readable.from(this.#chunks(source), {objectMode: false, highWaterMark: 1})
  }

  /** What has left; undefined when that was not all there is. Call once. */
  async sent(): Promise<Sent | undefined> {
    if (!this.#complete) return undefined
    return {size: this.#size, digests: (await this.#digester?.digests()) ?? {}}
  }

  async *#chunks(source: Readable): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        this.#size += chunk.length
        const turn = this.#digester?.update(chunk)
        if (turn) await turn
        yield chunk
      }
      this.#complete = true
    } finally {
      if (!this.#complete) this.#digester?.cancel()
    }
  }
}
