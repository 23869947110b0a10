/** The body of a request as a stream that can be destroyed without closing the connection. */
import type {IncomingMessage, ServerResponse} from 'node:http'
import type {Socket} from 'node:net'
import {Readable} from 'node:stream'
import {type BodyMemory, type DirectReading, readDirectly} from './sockets/direct-reads.js'

/** Bytes that may wait for the reader: fewer stop and start the connection with each chunk. */
const BUFFER_BYTES = 128 * 1024

/** Bytes of the rest of a body that are worth reading past the parser. */
const MIN_DIRECT_BYTES = 1024 * 1024

/** Sockets on which the rest of a body will not arrive: half-closed, reset, or malformed. */
const brokenSockets = new WeakSet<Socket>()
/** The body that is being read from each socket. */
const activeBodies = new WeakMap<Socket, RequestBody>()
/** Requests whose client waits for `100 Continue`, with the response that can send it. */
const awaitingContinue = new WeakMap<IncomingMessage, ServerResponse>()

/** True if a request has a body: a length above 0, or chunks (wire/v1.md#f3, #f4). */
export function hasBody(request: IncomingMessage): boolean {
  return Number(request.headers['content-length'] ?? 0) > 0 || isChunked(request)
}

function isChunked(request: IncomingMessage): boolean {
  return /\bchunked\b/i.test(request.headers['transfer-encoding'] ?? '')
}

/** Registers a request whose client waits for `100 Continue`, which is sent once its body is read (wire/v1.md#f73). */
export function expectContinue(request: IncomingMessage, response: ServerResponse): void {
  awaitingContinue.set(request, response)
}

/** Marks a socket as broken, and ends the body that is being read from it with `BodyAborted`. */
export function abortBody(socket: Socket): void {
  brokenSockets.add(socket)
  activeBodies.get(socket)?.destroy(new BodyAborted())
}

/** True if the rest of the body may still arrive. */
export function mayContinue(request: IncomingMessage): boolean {
  return !request.complete && !request.destroyed && !brokenSockets.has(request.socket)
}

/** The client disconnected or sent malformed HTTP before the body was complete. */
export class BodyAborted extends Error {
  override readonly name = 'BodyAborted'

  constructor() {
    super('the request body broke off')
  }
}

/**
 * Reads a request with backpressure. Unlike the request, it can be destroyed at any time without closing the connection,
 * so that a response can still be sent. Fails with `BodyAborted` when the client does not send the whole body.
 */
export class RequestBody extends Readable {
  /** Bytes that the client announces; undefined for chunks. */
  readonly announcedSize: number | undefined
  readonly #request: IncomingMessage
  /** Bytes that the stream has received. */
  #received = 0
  #reading: DirectReading | undefined

  constructor(request: IncomingMessage) {
    super({highWaterMark: BUFFER_BYTES})
    this.#request = request
    const length = request.headers['content-length']
    this.announcedSize = length === undefined || isChunked(request) ? undefined : Number(length)
    // An error before the first read must not end the process; a later read still reports it.
    this.on('error', () => {})
    awaitingContinue.get(request)?.writeContinue()
    awaitingContinue.delete(request)
    activeBodies.set(request.socket, this)
    request.on('data', this.#onData).on('end', this.#onEnd)
    request.on('error', this.#onAborted).on('close', this.#onAborted)
    if (brokenSockets.has(request.socket) || request.destroyed) this.#onAborted()
  }

  /**
   * Puts all data into the memory of the reader, after which the stream only ends or fails. Call it before reading.
   * @returns a function that ends the use of the memory; undefined if the stream must be read, because the rest is small, of
   *   unknown length, or `readDirectly` cannot
   */
  readInto(memory: BodyMemory): (() => void) | undefined {
    const left = (this.announcedSize ?? 0) - this.#received
    if (left < MIN_DIRECT_BYTES || this.destroyed) return undefined
    const reading = readDirectly(this.#request.socket, left, memory)
    if (reading === undefined) return undefined
    this.#reading = reading
    for (let first: Buffer | null = this.read(); first !== null; first = this.read()) memory.append(first)
    // What the parser has passed on emits `data`.
    while (this.#request.read() !== null);
    this.resume()
    return () => {
      reading.stop()
      this.#reading = undefined
    }
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
    if (this.#reading) {
      this.#reading.append(chunk)
      return
    }
    this.#received += chunk.length
    if (!this.push(chunk)) this.#request.pause()
  }

  readonly #onEnd = (): void => {
    this.push(null)
  }

  readonly #onAborted = (): void => {
    if (!this.#request.readableEnded) this.destroy(new BodyAborted())
  }
}
