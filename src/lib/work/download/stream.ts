/** The bytes of an image, though connections break: the rest is then asked for anew. */
import {setTimeout} from 'node:timers/promises'
import type {ByteRange, Download, ImageApi} from '../../api/image-api.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'

/** What is fetched, and from where. */
export interface DownloadSource {
  readonly api: ImageApi
  readonly image: Image
  readonly signal: AbortSignal
  /** Told that a connection broke, and where it goes on. */
  readonly onReconnect?: ((position: number) => void) | undefined
}

/** Connections in a row that may break without bringing much. */
const MAX_FAILURES = 4

/** Bytes that make a connection worth while. */
const MIN_USEFUL_BYTES = 1024 * 1024

/** Milliseconds before the first new try; each further one waits twice as long. */
const FIRST_DELAY_MS = 500

export function openRange({api, image}: DownloadSource, range: ByteRange): Promise<Download> {
  return api.download(image.id, range.first === 0 && range.last === undefined ? {image} : {image, range})
}

/**
 * The bytes of the range, one after the other, each once. Where the service gives the whole instead of the rest, what has
 * come before is passed over. Ends short, without an error, when the service has no more: the proof will tell.
 * @param opened the first connection; its failures before are the caller's
 */
export async function* streamBytes(
  source: DownloadSource,
  range: ByteRange,
  opened: Download,
): AsyncGenerator<Buffer> {
  const end = range.last === undefined ? source.image.size : range.last + 1
  let position = range.first
  let failures = 0
  for (let download: Download | undefined = opened; ; download = undefined) {
    const startPosition = position
    try {
      download ??= await openRange(source, {...range, first: position})
      for await (const chunk of sliceFrom(download, position, range.last)) {
        position += chunk.length
        yield chunk
      }
      if (end === null || position >= end || position === startPosition) return
    } catch (error) {
      if (!isConnectionLoss(error)) throw error
      if (end !== null && position >= end) return
      if (++failures > MAX_FAILURES) throw error
    }
    if (position - startPosition >= MIN_USEFUL_BYTES) failures = 0
    source.onReconnect?.(position)
    await waitBeforeRetry(failures, source.signal)
  }
}

/** Ends before the data does only where that is more than was asked for: a connection read to its end is used again. */
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

function isConnectionLoss(error: unknown): boolean {
  return error instanceof Failure && error.kind === 'unavailable'
}

async function waitBeforeRetry(failures: number, signal: AbortSignal): Promise<void> {
  if (failures === 0) return
  await setTimeout(FIRST_DELAY_MS * 2 ** (failures - 1), undefined, {signal}).catch(() =>
    signal.throwIfAborted(),
  )
}
