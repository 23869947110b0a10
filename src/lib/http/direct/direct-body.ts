/** The body of a response on a direct connection. */
import {Readable} from 'node:stream'
import type {DirectStream} from '../../io/streams/direct-stream.js'
import {StalledResponse, type StallGuard} from '../stall-guard.js'
import type {DirectConnection} from './direct-connection.js'

/** Bytes that a reader of the stream, in place of `readInto`, gets at once. */
const CHUNK_BYTES = 256 * 1024

/** Milliseconds in which the parts of one read are gathered, so that a fast connection does not cause many small reads. */
const GATHER_MS = 10

/** A body of known length that is about to arrive. */
export interface ExpectedBody {
  readonly connection: DirectConnection
  /** Bytes. */
  readonly length: number
  readonly guard: StallGuard
  /** The time in milliseconds. */
  readonly now: () => number
  /** Ends the exchange; the stream is destroyed with the reason in time. */
  abort(reason: Error): void
  /** Called once when all bytes were read. */
  onEnd(): void
}

/** Streams the body. The reader ends the stream by reading it to its end, or by destroying it. */
export function createDirectBody(expected: ExpectedBody): DirectStream {
  const reader = new BodyReader(expected)
  let chunk: Buffer | undefined
  const stream: Readable = new Readable({
    highWaterMark: CHUNK_BYTES,
    read() {
      chunk ??= Buffer.allocUnsafeSlow(CHUNK_BYTES)
      const memory = chunk
      reader.readInto(memory).then(
        length => stream.push(length === 0 ? null : Buffer.from(memory.subarray(0, length))),
        error => stream.destroy(error),
      )
    },
    destroy(error, done) {
      reader.close(error ?? new Error('the reader closed the response'))
      done(error)
    },
  })
  return Object.assign(stream, {readInto: (target: Uint8Array) => reader.readInto(target)})
}

class BodyReader {
  readonly #expected: ExpectedBody
  #remaining: number

  constructor(expected: ExpectedBody) {
    this.#expected = expected
    this.#remaining = expected.length
  }

  /** See `DirectStream`. Time in which nothing is read does not count as silence. */
  async readInto(target: Uint8Array): Promise<number> {
    if (this.#remaining === 0) return 0
    const {connection, guard, now, abort, onEnd} = this.#expected
    const start = now()
    guard.resume()
    try {
      const length = await connection.readInto(target.subarray(0, this.#remaining), bytes => {
        if (guard.isStalledAfter(bytes)) abort(new StalledResponse())
        return now() - start <= GATHER_MS
      })
      this.#remaining -= length
      if (this.#remaining === 0) onEnd()
      return length
    } finally {
      guard.pause()
    }
  }

  close(reason: Error): void {
    this.#expected.connection.fail(reason)
    if (this.#remaining > 0) this.#expected.abort(reason)
  }
}
