/** Cuts a stream into portions without buffering them. */
import {Readable} from 'node:stream'

/** Bytes that a portion may be ahead of its reader. */
const AHEAD_BYTES = 256 * 1024

/** The portions of a stream, which are read one after the other. Does not destroy the stream. */
export class Portions {
  readonly #chunks: AsyncIterator<Buffer>
  /** Bytes that were read, but not taken. */
  #waiting: Buffer[] = []
  #waitingBytes = 0
  #hasEnded = false
  #taken = 0

  constructor(source: Readable) {
    this.#chunks = source.iterator({destroyOnReturn: false})
  }

  /** Bytes of all portions until now. */
  get taken(): number {
    return this.#taken
  }

  /** Reads up to that number of bytes ahead. @returns true if the stream has no more @throws the error of the stream */
  async endsWithin(bytes: number): Promise<boolean> {
    while (!this.#hasEnded && this.#waitingBytes <= bytes) await this.#read()
    return this.#waitingBytes <= bytes
  }

  /** The bytes that were read ahead. */
  takeWaiting(): Buffer {
    const all = Buffer.concat(this.#waiting)
    this.#taken += all.length
    this.#waiting = []
    this.#waitingBytes = 0
    return all
  }

  /** The next bytes of the stream, at most `limit`; the stream fails if its source does. */
  take(limit: number): Readable {
    return Readable.from(this.#cut(limit), {objectMode: false, highWaterMark: AHEAD_BYTES})
  }

  async *#cut(limit: number): AsyncGenerator<Buffer> {
    for (let room = limit; room > 0; ) {
      if (this.#waiting.length === 0 && !this.#hasEnded) await this.#read()
      const chunk = this.#waiting.shift()
      if (chunk === undefined) return
      const part = chunk.subarray(0, room)
      if (part.length < chunk.length) this.#waiting.unshift(chunk.subarray(room))
      this.#waitingBytes -= part.length
      this.#taken += part.length
      room -= part.length
      yield part
    }
  }

  async #read(): Promise<void> {
    const next = await this.#chunks.next()
    if (next.done) this.#hasEnded = true
    else if (next.value.length > 0) {
      this.#waiting.push(next.value)
      this.#waitingBytes += next.value.length
    }
  }
}
