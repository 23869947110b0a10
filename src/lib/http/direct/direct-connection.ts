/**
 * A connection for one large response, whose body is received in memory of the reader: the HTTP library takes fresh
 * memory for every 64 KiB and copies them once more, which costs more than the transfer.
 */
import type {OnReadOpts, Socket} from 'node:net'
import {type BuildConnector, type Connector, commonOptions} from '../connector.js'
import {keepReadingAfterWriteError} from '../early-response.js'

/** Bytes of the memory for parts that arrive before a reader waits, as Node has it for other connections. */
const OWN_BYTES = 64 * 1024

interface PendingRead {
  readonly target: Uint8Array
  readonly resolve: (length: number) => void
  readonly reject: (error: Error) => void
  /** Called with the number of bytes of each part that arrives. Returns false to end the read with it. */
  readonly onPart: (length: number) => boolean
}

/** Receives the head of a response as any connection does, and its body with `readInto`. */
export class DirectConnection {
  readonly #own = Buffer.allocUnsafeSlow(OWN_BYTES)
  #socket: Socket | undefined
  /** Memory that the next part is received in. */
  #next: Uint8Array = this.#own
  /** Bytes that have arrived, and are not read yet. */
  #rest: Uint8Array = this.#own.subarray(0, 0)
  #hasBody = false
  #waiting: PendingRead | undefined
  #filled = 0
  #failure: Error | undefined

  /** The connector for the HTTP library. @param timeout milliseconds to connect; 0: no limit */
  connector(build: BuildConnector, timeout: number): Connector {
    const onread: OnReadOpts = {
      buffer: () => this.#next,
      callback: (length, memory) => this.#receive(length, memory),
    }
    const connect = build({...commonOptions(timeout), onread} as Parameters<BuildConnector>[0])
    return (target, callback) => {
      this.#socket = connect(target, callback)
      keepReadingAfterWriteError(this.#socket)
    }
  }

  /** What arrives from now on belongs to the body. The HTTP library gets nothing more, except for the end of the connection. */
  startBody(): void {
    this.#hasBody = true
  }

  /** Keeps bytes of the body for the next read: some arrive with the head. */
  keep(bytes: Uint8Array): void {
    this.#rest = Buffer.concat([this.#rest, bytes])
  }

  /**
   * Reads the next bytes of the body, of which there must be some. One call at a time.
   * @param onPart called with the number of bytes of each part that arrives meanwhile; returns false to end the read
   * @throws the error given to `fail`
   */
  readInto(target: Uint8Array, onPart: PendingRead['onPart']): Promise<number> {
    const arrived = this.#takeArrived(target)
    if (arrived > 0) return Promise.resolve(arrived)
    if (this.#failure) return Promise.reject(this.#failure)
    return new Promise((resolve, reject) => {
      this.#filled = 0
      this.#waiting = {target, resolve, reject, onPart}
      this.#socket?.resume()
    })
  }

  /** Ends the read that waits, and later ones once they have taken what has arrived, with the error. */
  fail(error: Error): void {
    this.#failure ??= error
    if (this.#waiting) this.#finish(this.#waiting)
  }

  #takeArrived(target: Uint8Array): number {
    const part = this.#rest.subarray(0, target.length)
    target.set(part)
    this.#rest = this.#rest.subarray(part.length)
    return part.length
  }

  /**
   * A read ends only here, where the memory for the next part is chosen, and not at some time between two parts: the
   * part that comes next would arrive in memory that the reader has back.
   * @param memory that the part is in, chosen before
   * @returns false to pause
   */
  #receive(length: number, memory: Uint8Array): boolean {
    const waiting = this.#waiting
    const bytes = memory.subarray(0, length)
    if (waiting === undefined) return this.#receiveUnasked(bytes)
    const part = bytes.subarray(0, waiting.target.length - this.#filled)
    if (memory === this.#own) waiting.target.set(part, this.#filled)
    this.#rest = bytes.subarray(part.length)
    this.#filled += part.length
    this.#next = waiting.target.subarray(this.#filled)
    const goesOn = waiting.onPart(part.length)
    if (this.#next.length > 0 && goesOn) return true
    this.#finish(waiting)
    return false
  }

  #receiveUnasked(bytes: Uint8Array): boolean {
    if (!this.#hasBody) return this.#socket?.push(Buffer.from(bytes)) ?? false
    this.keep(bytes)
    return false
  }

  #finish(waiting: PendingRead): void {
    this.#waiting = undefined
    this.#next = this.#own
    this.#socket?.pause()
    if (this.#failure && this.#filled === 0) waiting.reject(this.#failure)
    else waiting.resolve(this.#filled)
  }
}
