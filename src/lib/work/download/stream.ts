/** Reads the bytes of an image; when the connection breaks, requests the rest. */
import type {Readable} from 'node:stream'
import type {ByteRange, Download, ImageApi} from '../../api/image-api.js'
import {isDirect} from '../../io/streams/direct-stream.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'

/** An image, and the service that has its data. */
export interface DownloadSource {
  readonly api: ImageApi
  readonly image: Image
  readonly signal: AbortSignal
  /** Called with the position, in bytes, at which the download continues on a new connection. */
  readonly onReconnect?: ((position: number) => void) | undefined
}

/** Bytes; a connection that delivers this many does not count as failed when it breaks. */
const MIN_USEFUL_BYTES = 1024 * 1024

/** Bytes of the chunks of a stream. */
const CHUNK_BYTES = 256 * 1024

/** Requests a range of the data. @throws Failure if the service refuses it */
export function openRange({api, image}: DownloadSource, range: ByteRange): Promise<Download> {
  return api.download(image.id, range.first === 0 && range.last === undefined ? {image} : {image, range})
}

/**
 * Yields the bytes of the range, each once; see `RangeReader`.
 * @param opened the first connection; the caller handled its failures
 */
export async function* streamBytes(
  source: DownloadSource,
  range: ByteRange,
  opened: Download,
): AsyncGenerator<Buffer> {
  const reader = new RangeReader(source, range, opened)
  const memory = Buffer.allocUnsafeSlow(CHUNK_BYTES)
  try {
    for (;;) {
      const length = await reader.readInto(memory)
      if (length === 0) return
      yield Buffer.from(memory.subarray(0, length))
    }
  } finally {
    reader.close()
  }
}

/** A connection that the bytes are read from. */
interface Connection {
  readonly data: ByteReader
  /** Offset in the image of the byte that comes next. */
  offset: number
  /** Offset of the first byte that was not read before. */
  readonly start: number
}

/**
 * Reads the bytes of a range, each once; `close` it in the end. If the service sends the whole image instead of the rest,
 * the bytes before the position are skipped. Connections that deliver little may break as often in a row as the retry
 * policy allows. If the service sends too few bytes, ends without an error: verification detects that.
 */
export class RangeReader {
  readonly #source: DownloadSource
  readonly #range: ByteRange
  /** Offset after the last byte; null if it is unknown. */
  readonly #end: number | null
  #position: number
  #connection: Connection | undefined
  #failures = 0
  #isClosed = false

  /** @param opened the first connection; the caller handled its failures */
  constructor(source: DownloadSource, range: ByteRange, opened: Download) {
    const {size} = source.image
    this.#source = source
    this.#range = range
    this.#end = range.last === undefined ? size : Math.min(range.last + 1, size ?? Number.POSITIVE_INFINITY)
    this.#position = range.first
    this.#connection = this.#use(opened)
  }

  /**
   * Reads the next bytes, at least one unless the range ends. One call at a time.
   * @returns the number of bytes; 0 at the end
   * @throws the last Failure once the retry policy allows no further connection
   */
  async readInto(target: Uint8Array): Promise<number> {
    for (;;) {
      const start = this.#position
      let failure: Failure | undefined
      try {
        this.#connection ??= this.#use(await openRange(this.#source, {...this.#range, first: start}))
        const length = await this.#readFrom(this.#connection, target)
        this.#position += length
        if (length > 0) return length
      } catch (error) {
        if (this.#isClosed || !isConnectionLoss(error)) throw error
        failure = error
      }
      const connectionStart = this.#connection?.start ?? start
      this.#connection = undefined
      if (!(await this.#mayContinue(connectionStart, failure))) return 0
    }
  }

  /** Closes the connection, unless it was read to its end. @param reason for a read that waits */
  close(reason?: Error): void {
    this.#isClosed = true
    this.#connection?.data.close(reason)
  }

  #use({data, from = 0}: Download): Connection {
    return {data: new ByteReader(data), offset: from, start: this.#position}
  }

  /** Reads on after the last byte only to see the end: a connection read to its end is reused. */
  async #readFrom(connection: Connection, target: Uint8Array): Promise<number> {
    const {data} = connection
    const {last} = this.#range
    for (;;) {
      const skipped = this.#position - connection.offset
      const wanted = last === undefined ? target.length : last + 1 - this.#position
      const length = await data.readInto(
        skipped > 0 ? target.subarray(0, skipped) : target.subarray(0, Math.max(1, wanted)),
      )
      connection.offset += length
      if (length > 0 && skipped > 0) continue
      if (length === 0 || wanted > 0) return length
      data.close()
      return 0
    }
  }

  /** Waits before the next connection. @returns false at the end of the data */
  async #mayContinue(connectionStart: number, failure: Failure | undefined): Promise<boolean> {
    const {api, signal, onReconnect} = this.#source
    const received = this.#position - connectionStart
    if (failure === undefined && (this.#end === null || received === 0)) return false
    if (this.#end !== null && this.#position >= this.#end) return false
    this.#failures = received >= MIN_USEFUL_BYTES ? 0 : this.#failures + 1
    const seconds = api.retryPolicy.delayBefore(Math.max(this.#failures, 1), failure?.retryAfter)
    if (seconds === undefined) {
      if (failure) throw failure
      return false
    }
    onReconnect?.(this.#position)
    if (this.#failures > 0) await api.retryPolicy.wait(seconds, signal)
    return true
  }
}

/** Reads any stream into memory of the reader. */
class ByteReader {
  readonly #stream: Readable
  readonly #chunks: AsyncIterator<Buffer> | undefined
  #rest: Uint8Array = new Uint8Array(0)

  constructor(stream: Readable) {
    this.#stream = stream
    if (!isDirect(stream)) this.#chunks = stream[Symbol.asyncIterator]()
  }

  /** @returns the number of bytes; 0 at the end */
  async readInto(target: Uint8Array): Promise<number> {
    if (isDirect(this.#stream)) return this.#stream.readInto(target)
    while (this.#rest.length === 0) {
      const next = await this.#chunks?.next()
      if (next === undefined || next.done) return 0
      this.#rest = next.value
    }
    const part = this.#rest.subarray(0, target.length)
    target.set(part)
    this.#rest = this.#rest.subarray(part.length)
    return part.length
  }

  close(reason?: Error): void {
    this.#stream.destroy(reason)
  }
}

function isConnectionLoss(error: unknown): error is Failure {
  return error instanceof Failure && error.kind === 'unavailable'
}
