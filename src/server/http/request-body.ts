/** The body of a request as a stream that can be given up without hanging up on the client. */
import type {IncomingMessage, ServerResponse} from 'node:http'
import type {Socket} from 'node:net'
import {Readable} from 'node:stream'

/** Sockets on which no more of a body will come, although it is not complete: half-closed, reset, or malformed. */
const brokenSockets = new WeakSet<Socket>()
const activeBodies = new WeakMap<Socket, RequestBody>()
/** Requests whose client waits for `100 Continue`, with the answer that can say it. */
const awaitingContinue = new WeakMap<IncomingMessage, ServerResponse>()

/** Whether a request carries a body: some length, or chunks (wire/v1.md#f3, #f4). */
export function hasBody(request: IncomingMessage): boolean {
  return Number(request.headers['content-length'] ?? 0) > 0 || isChunked(request)
}

function isChunked(request: IncomingMessage): boolean {
  return /\bchunked\b/i.test(request.headers['transfer-encoding'] ?? '')
}

/** Remembers that the client sends its body only when told to go on (wire/v1.md#f73). */
export function expectContinue(request: IncomingMessage, response: ServerResponse): void {
  awaitingContinue.set(request, response)
}

/** Tells that nothing more comes over that socket. */
export function abortBody(socket: Socket): void {
  brokenSockets.add(socket)
  activeBodies.get(socket)?.destroy(new BodyAborted())
}

/** Whether the rest of a body may still arrive. */
export function mayContinue(request: IncomingMessage): boolean {
  return !request.complete && !request.destroyed && !brokenSockets.has(request.socket)
}

/** The client went away, or sent what is no HTTP, before the body was complete. */
export class BodyAborted extends Error {
  override readonly name = 'BodyAborted'

  constructor() {
    super('the request body broke off')
  }
}

/**
 * Reads a request with backpressure. Unlike the request itself it may be destroyed at any time and leaves the connection
 * alone, so that an answer still gets through. Ends with `BodyAborted` when the client does not send all.
 */
export class RequestBody extends Readable {
  readonly #request: IncomingMessage

  constructor(request: IncomingMessage) {
    super()
    this.#request = request
    // It may break while nobody reads yet; who reads later still meets the error.
    this.on('error', () => {})
    awaitingContinue.get(request)?.writeContinue()
    awaitingContinue.delete(request)
    activeBodies.set(request.socket, this)
    request.on('data', this.#onData).on('end', this.#onEnd)
    request.on('error', this.#onAborted).on('close', this.#onAborted)
    if (brokenSockets.has(request.socket) || request.destroyed) this.#onAborted()
  }

  override _read(): void {
    this.#request.resume()
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    activeBodies.delete(this.#request.socket)
    this.#request.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onAborted)
    this.#request.pause()
    callback(error)
  }

  readonly #onData = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.#request.pause()
  }

  readonly #onEnd = (): void => {
    this.push(null)
  }

  readonly #onAborted = (): void => {
    if (!this.#request.readableEnded) this.destroy(new BodyAborted())
  }
}
