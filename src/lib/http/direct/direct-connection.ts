/**
 * A connection for one large response, whose body is received in memory of the reader: the HTTP library takes fresh
 * memory for every 64 KiB and copies them once more, which costs more than the transfer.
 */
import type {OnReadOpts, Socket} from 'node:net'
import {type BuildConnector, type Connector, commonOptions} from '../connector.js'
import {keepReadingAfterWriteError} from '../early-response.js'

/** Bytes of the memory for parts that arrive before a reader waits, as Node has it for other connections. */
const OWN_BYTES = 64 * 1024

/** Milliseconds in which the parts of one read are gathered, so that a slow connection does not cause many small reads. */
const GATHER_MS = 10

interface Waiting {
  readonly target: Uint8Array
  readonly resolve: (length: number) => void
  readonly reject: (error: Error) => void
  /** Called with the number of bytes of each part that arrives. */
  readonly onPart: (length: number) => void
  /** Milliseconds. */
  readonly start: number
}

/** Receives the head of a response as any connection does, and its body with `readInto`. */
export class DirectConnection {
  readonly #own = Buffer.allocUnsafeSlow(OWN_BYTES)
  #socket: Socket | undefined
  /** Memory that the next part is received in. */
  #next: Uint8Array = this.#own
  /** Bytes that have arrived, and are not read yet. */
  #rest: Uint8Array = this.#own.subarray(0, 0)
  #waiting: Waiting | undefined
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

  /**
   * Reads the next bytes after the head, of which there must be some. One call at a time.
   * @param onPart called with the number of bytes of each part that arrives meanwhile
   * @throws the error given to `fail`
   */
  readInto(target: Uint8Array, onPart: (length: number) => void): Promise<number> {
    if (this.#failure) return Promise.reject(this.#failure)
    const arrived = this.#takeArrived(target)
    if (arrived > 0) return Promise.resolve(arrived)
    return new Promise((resolve, reject) => {
      this.#filled = 0
      this.#waiting = {target, resolve, reject, onPart, start: performance.now()}
      this.#socket?.resume()
    })
  }

  /** Ends the read that waits, and all later ones, with the error. */
  fail(error: Error): void {
    this.#failure ??= error
    if (this.#waiting) this.#finish(this.#waiting)
  }

  /** What arrived with the head is in the stream of the socket. */
  #takeArrived(target: Uint8Array): number {
    const socket = this.#socket
    if (this.#rest.length === 0 && socket !== undefined && socket.readableLength > 0) {
      this.#rest = (socket.read() as Buffer | null) ?? this.#rest
      socket.pause()
    }
    const part = this.#rest.subarray(0, target.length)
    target.set(part)
    this.#rest = this.#rest.subarray(part.length)
    return part.length
  }

  /**
   * A read ends only here, where the memory for the next part is chosen. It goes on into the rest of the target as long as
   * parts follow each other quickly.
   * @param memory that the part is in, chosen before
   * @returns false to pause
   */
  #receive(length: number, memory: Uint8Array): boolean {
    const waiting = this.#waiting
    const bytes = memory.subarray(0, length)
    if (waiting === undefined) return this.#socket?.push(Buffer.from(bytes)) ?? false
    const part = bytes.subarray(0, waiting.target.length - this.#filled)
    if (memory === this.#own) waiting.target.set(part, this.#filled)
    this.#rest = bytes.subarray(part.length)
    this.#filled += part.length
    this.#next = waiting.target.subarray(this.#filled)
    waiting.onPart(part.length)
    const isSlow = performance.now() - waiting.start > GATHER_MS
    if (this.#next.length > 0 && !isSlow) return true
    this.#finish(waiting)
    return false
  }

  #finish(waiting: Waiting): void {
    this.#waiting = undefined
    this.#next = this.#own
    this.#socket?.pause()
    if (this.#failure && this.#filled === 0) waiting.reject(this.#failure)
    else waiting.resolve(this.#filled)
  }
}
