/** The data of an object, whose download goes on when it breaks. */
import {finished, Readable} from 'node:stream'
import {type ByteRange, StoreUnavailable} from '../store.js'

/** Times that a download may break without any progress. */
const MAX_BREAKS = 5

/** Opens a range of the object. */
export type OpenRange = (range: ByteRange) => Promise<Readable>

/** Reads a range completely, or fails. */
export class ObjectReader extends Readable {
  readonly #open: OpenRange
  readonly #last: number
  #next: number
  #body: Readable | undefined
  #isWanted = false
  #breaks = 0

  /** @param body of the first response, for the same range */
  constructor(body: Readable, {first, last}: ByteRange, open: OpenRange) {
    super()
    this.#open = open
    this.#next = first
    this.#last = last
    this.#follow(body)
  }

  override _read(): void {
    this.#isWanted = true
    if (this.#body) this.#body.resume()
    else void this.#reopen()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#body?.destroy()
    done(error)
  }

  #follow(body: Readable): void {
    this.#body = body
    body.pause().on('data', (chunk: Buffer) => {
      this.#next += chunk.length
      this.#breaks = 0
      this.#isWanted = false
      if (!this.push(chunk)) body.pause()
    })
    finished(body, error => this.#endBody(error))
    if (this.#isWanted || this.#next > this.#last) body.resume()
  }

  #endBody(error: Error | null | undefined): void {
    if (this.destroyed) return
    this.#body = undefined
    if (this.#next > this.#last) this.push(null)
    else if (this.#breaks >= MAX_BREAKS) this.destroy(breakError(error))
    else {
      this.#breaks += 1
      // A reader that is not waiting asks when it goes on.
      if (this.#isWanted) void this.#reopen()
    }
  }

  async #reopen(): Promise<void> {
    try {
      const body = await this.#open({first: this.#next, last: this.#last})
      if (this.destroyed) body.destroy()
      else this.#follow(body)
    } catch (error) {
      this.destroy(error as Error)
    }
  }
}

function breakError(cause: unknown): Error {
  return new StoreUnavailable('S3 breaks off the download', {cause})
}
