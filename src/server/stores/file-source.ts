/** A stream of the bytes of an open file, which it closes; a response is sent from two buffers that are used again. */
import {readSync} from 'node:fs'
import type {FileHandle} from 'node:fs/promises'
import {ServerResponse} from 'node:http'
import {Readable} from 'node:stream'
import {setImmediate} from 'node:timers/promises'
import type {ByteRange} from './store.js'

/** Milliseconds in which a file in memory is read; a change of threads costs more than such a read. */
const QUICK_READ_MS = 2

/** How a file is read. */
export interface Reading {
  /** Bytes of one read. */
  readonly readBytes: number
  /** The file system never waits for the network, so that a slow read delays other requests by milliseconds at most. */
  readonly isLocal: boolean
}

/** Reads a range of a file while the bytes before are sent. */
export class FileSource extends Readable {
  readonly #file: FileHandle
  readonly #readBytes: number
  readonly #isLocal: boolean
  #isQuick = false
  #position: number
  #left: number

  constructor(file: FileHandle, {readBytes, isLocal}: Reading, range: ByteRange) {
    super({highWaterMark: readBytes})
    this.#file = file
    this.#readBytes = readBytes
    this.#isLocal = isLocal
    this.#position = range.first
    this.#left = range.last - range.first + 1
  }

  /** Fresh memory for each read would cost as much as the read; only a response tells when it has sent its bytes. */
  override pipe<T extends NodeJS.WritableStream>(destination: T, options?: {end?: boolean}): T {
    if (!(destination instanceof ServerResponse)) return super.pipe(destination, options)
    this.#send(destination).catch(error => this.destroy(error))
    return destination
  }

  override _read(): void {
    this.#readInto(Buffer.allocUnsafeSlow(this.#readBytes)).then(
      bytes => this.push(bytes.length > 0 ? bytes : null),
      error => this.destroy(error),
    )
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    // Waits for a read that has begun.
    this.#file.close().then(
      () => callback(error),
      closeError => callback(error ?? closeError),
    )
  }

  async #send(response: ServerResponse): Promise<void> {
    let [next, sending] = [Buffer.allocUnsafeSlow(this.#readBytes), Buffer.allocUnsafeSlow(this.#readBytes)]
    let sent: Promise<void> | undefined
    while (!this.destroyed) {
      const bytes = await this.#readInto(next)
      await sent
      if (bytes.length === 0) break
      sent = send(response, bytes)
      // Reported above, unless reading fails first.
      sent.catch(() => {})
      ;[next, sending] = [sending, next]
    }
    if (this.destroyed) return
    response.end()
    this.push(null)
    this.resume()
  }

  /** The next bytes; none at the end. */
  async #readInto(buffer: Buffer): Promise<Buffer> {
    const length = Math.min(buffer.length, this.#left)
    if (length === 0) return buffer.subarray(0, 0)
    const bytesRead = await this.#readNext(buffer, length)
    this.#position += bytesRead
    this.#left -= bytesRead
    return buffer.subarray(0, bytesRead)
  }

  /** Reads in this thread while that is quick. Other requests have their turn before each read. */
  async #readNext(buffer: Buffer, length: number): Promise<number> {
    if (this.#isQuick) await setImmediate()
    if (this.destroyed) return 0
    const start = performance.now()
    const bytesRead = this.#isQuick
      ? readSync(this.#file.fd, buffer, 0, length, this.#position)
      : (await this.#file.read(buffer, 0, length, this.#position)).bytesRead
    this.#isQuick = this.#isLocal && performance.now() - start < QUICK_READ_MS
    return bytesRead
  }
}

/** Resolves when the bytes are no longer needed. */
function send(response: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    response.write(bytes, error => (error ? reject(error) : resolve()))
  })
}
