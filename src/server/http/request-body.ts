/** The body of a request as a stream that can be given up without hanging up on the client. */
import type {IncomingMessage, ServerResponse} from 'node:http'
import type {Socket} from 'node:net'
import {Readable} from 'node:stream'

/** Sockets on which no more of a body will come, although it is not complete: half-closed, reset, or malformed. */
const broken = new WeakSet<Socket>()
const reading = new WeakMap<Socket, RequestBody>()
/** Requests whose client waits for `100 Continue`, with the answer that can say it. */
const expecting = new WeakMap<IncomingMessage, ServerResponse>()

/** Whether a request carries a body: some length, or chunks (v1-wire F3, F4). */
export function hasBody(request: IncomingMessage): boolean {
  return Number(request.headers['content-length'] ?? 0) > 0 || isChunked(request)
}

function isChunked(request: IncomingMessage): boolean {
  return /\bchunked\b/i.test(request.headers['transfer-encoding'] ?? '')
}

/** Remembers that the client sends its body only when told to go on (v1-wire F73). */
export function expectContinue(request: IncomingMessage, response: ServerResponse): void {
  expecting.set(request, response)
}

/** Tells that nothing more comes over that socket; gives whether somebody was still reading. */
export function breakBody(socket: Socket): boolean {
  broken.add(socket)
  const body = reading.get(socket)
  body?.destroy(new BodyBroken())
  return body !== undefined
}

/** Whether the rest of a body may still arrive. */
export function mayContinue(request: IncomingMessage): boolean {
  return !request.complete && !request.destroyed && !broken.has(request.socket)
}

/** The client went away, or sent what is no HTTP, before the body was complete. */
export class BodyBroken extends Error {
  override readonly name = 'BodyBroken'

  constructor() {
    super('the request body broke off')
  }
}

/**
 * Reads a request with backpressure. Unlike the request itself it may be destroyed at any time and leaves the connection
 * alone, so that an answer still gets through. Ends with `BodyBroken` when the client does not send all.
 */
export class RequestBody extends Readable {
  readonly #request: IncomingMessage

  constructor(request: IncomingMessage) {
    super()
    this.#request = request
    expecting.get(request)?.writeContinue()
    expecting.delete(request)
    reading.set(request.socket, this)
    request.on('data', this.#onData).on('end', this.#onEnd)
    request.on('error', this.#onBroken).on('close', this.#onBroken)
    if (!mayContinue(request) && !request.complete) this.#onBroken()
  }

  override _read(): void {
    this.#request.resume()
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    reading.delete(this.#request.socket)
    this.#request.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onBroken)
    this.#request.pause()
    callback(error)
  }

  readonly #onData = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.#request.pause()
  }

  readonly #onEnd = (): void => {
    this.push(null)
  }

  readonly #onBroken = (): void => {
    if (!this.#request.complete) this.destroy(new BodyBroken())
  }
}
