/** Reads the bytes of an image; when the connection breaks, requests the rest. */
import type {ByteRange, Download, ImageApi} from '../../api/image-api.js'
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

/** Requests a range of the data. @throws Failure if the service refuses it */
export function openRange({api, image}: DownloadSource, range: ByteRange): Promise<Download> {
  return api.download(image.id, range.first === 0 && range.last === undefined ? {image} : {image, range})
}

/**
 * Yields the bytes of the range, each once. If the service sends the whole image instead of the rest, the bytes before
 * the position are skipped. Connections that deliver little may break as often in a row as the retry policy allows. If
 * the service sends too few bytes, ends without an error: verification detects that.
 * @param opened the first connection; the caller handled its failures
 * @throws the last Failure once the retry policy allows no further connection
 */
export async function* streamBytes(
  source: DownloadSource,
  range: ByteRange,
  opened: Download,
): AsyncGenerator<Buffer> {
  const {size} = source.image
  const end = range.last === undefined ? size : Math.min(range.last + 1, size ?? Number.POSITIVE_INFINITY)
  let position = range.first
  let failures = 0
  for (let download: Download | undefined = opened; ; download = undefined) {
    const startPosition = position
    let failure: Failure | undefined
    try {
      download ??= await openRange(source, {...range, first: position})
      for await (const chunk of sliceFrom(download, position, range.last)) {
        position += chunk.length
        yield chunk
      }
      if (end === null || position === startPosition) return
    } catch (error) {
      if (!isConnectionLoss(error)) throw error
      failure = error
    }
    if (end !== null && position >= end) return
    failures = position - startPosition >= MIN_USEFUL_BYTES ? 0 : failures + 1
    const {retryPolicy} = source.api
    const seconds = retryPolicy.delayBefore(Math.max(failures, 1), failure?.retryAfter)
    if (seconds === undefined) {
      if (failure) throw failure
      return
    }
    source.onReconnect?.(position)
    if (failures > 0) await retryPolicy.wait(seconds, source.signal)
  }
}

/** Stops before the end of the data only if that is more than was requested: a connection read to its end is reused. */
async function* sliceFrom(
  {data, from = 0}: Download,
  position: number,
  last?: number,
): AsyncGenerator<Buffer> {
  const end = last === undefined ? Number.POSITIVE_INFINITY : last + 1
  let offset = from
  for await (const chunk of data as AsyncIterable<Buffer>) {
    const wanted = chunk.subarray(Math.max(0, position - offset), Math.max(0, end - offset))
    offset += chunk.length
    if (wanted.length > 0) yield wanted
    if (offset > end) return
  }
}

function isConnectionLoss(error: unknown): error is Failure {
  return error instanceof Failure && error.kind === 'unavailable'
}
