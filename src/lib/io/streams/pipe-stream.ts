/** A pipe as a stream, which can also be read into memory of the reader. */
import {type OnReadOpts, Socket, type SocketConstructorOpts} from 'node:net'
import {Readable} from 'node:stream'
import {type DirectStream, takeReceived} from './direct-stream.js'

/** Bytes that a pipe of Linux holds. */
const PIPE_BYTES = 64 * 1024

/** Milliseconds in which the bytes of one `readInto` are gathered: a pipe gives them in small parts. */
const GATHER_MS = 1

/** Streams a pipe or socket to its end. @param fd its descriptor */
export function readPipe(fd: number): DirectStream {
  const reader = new PipeReader(fd)
  const stream = new Readable({
    highWaterMark: PIPE_BYTES,
    read: () => reader.resume(),
    destroy(error, done) {
      reader.close()
      done(error)
    },
  })
  reader.attach(stream)
  return Object.assign(stream, {readInto: (target: Uint8Array) => reader.readInto(stream, target)})
}

interface PipeRead {
  readonly target: Uint8Array
  readonly resolve: (length: number) => void
  readonly reject: (error: Error) => void
}

/** Receives each part in the rest of the target, if one waits, otherwise in memory of its own. */
class PipeReader {
  readonly #socket: Socket
  readonly #own = Buffer.allocUnsafeSlow(PIPE_BYTES)
  #push: (bytes: Uint8Array | null) => boolean = () => true
  /** Memory that the next part is received in. */
  #next: Uint8Array = this.#own
  #waiting: PipeRead | undefined
  #filled = 0
  #timer: NodeJS.Timeout | undefined
  #isDirect = false
  #hasEnded = false
  #error: Error | undefined

  constructor(fd: number) {
    const onread = {buffer: () => this.#next, callback: this.#receive}
    const options: SocketConstructorOpts & {onread: OnReadOpts} = {
      fd,
      readable: true,
      writable: false,
      onread,
    }
    this.#socket = new Socket(options)
  }

  attach(stream: Readable): void {
    this.#push = bytes => stream.push(bytes)
    this.#socket.on('error', error => {
      this.#error = error
      if (this.#waiting) this.#finish()
      else stream.destroy(error)
    })
    this.#socket.on('end', () => {
      this.#hasEnded = true
      if (this.#waiting) this.#finish()
      else stream.push(null)
    })
  }

  /** Receives parts for the stream, until the first `readInto`. */
  resume(): void {
    if (!this.#isDirect) this.#socket.resume()
  }

  close(): void {
    this.#error ??= new Error('the pipe was closed')
    this.#finish()
    this.#socket.destroy()
  }

  /** Takes what the stream has received first. */
  readInto(stream: Readable, target: Uint8Array): Promise<number> {
    this.#isDirect = true
    this.#socket.pause()
    const length = takeReceived(stream, target)
    if (length > 0) return Promise.resolve(length)
    if (this.#error) return Promise.reject(this.#error)
    if (this.#hasEnded) return Promise.resolve(0)
    return new Promise((resolve, reject) => {
      this.#filled = 0
      this.#waiting = {target, resolve, reject}
      this.#socket.resume()
    })
  }

  /** @returns false to pause */
  readonly #receive = (length: number, memory: Uint8Array): boolean => {
    const bytes = memory.subarray(0, length)
    if (this.#waiting === undefined) return this.#push(Buffer.from(bytes))
    const {target} = this.#waiting
    // The memory of the first part was chosen before the target was known.
    if (this.#filled === 0) target.set(bytes.subarray(0, target.length))
    if (length > target.length) this.#push(Buffer.from(bytes.subarray(target.length)))
    this.#filled = Math.min(this.#filled + length, target.length)
    this.#next = target.subarray(this.#filled)
    if (this.#next.length === 0) {
      this.#finish()
      return false
    }
    this.#timer ??= setTimeout(() => this.#finish(), GATHER_MS)
    return true
  }

  #finish(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const waiting = this.#waiting
    if (waiting === undefined) return
    this.#waiting = undefined
    this.#next = this.#own
    this.#socket.pause()
    if (this.#filled === 0 && this.#error) waiting.reject(this.#error)
    else waiting.resolve(this.#filled)
  }
}
