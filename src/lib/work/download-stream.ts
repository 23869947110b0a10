/** The bytes of an image, though connections break: the rest is then asked for anew. */
import {setTimeout} from 'node:timers/promises'
import type {ByteRange, Download, ImageApi} from '../api/image-api.js'
import {Failure} from '../model/errors.js'
import type {Image} from '../model/image.js'

/** What is fetched, and from where. */
export interface Source {
  readonly api: ImageApi
  readonly image: Image
  readonly signal: AbortSignal
  /** Told that a connection broke, and where it goes on. */
  readonly onBreak?: ((position: number) => void) | undefined
}

/** Connections in a row that may break without bringing much. */
const MOST_BREAKS = 4

/** Bytes that make a connection worth while. */
const MUCH = 1024 * 1024

/** Milliseconds before the first new try; each further one waits twice as long. */
const FIRST_PAUSE = 500

export function openPart({api, image}: Source, range: ByteRange): Promise<Download> {
  return api.download(image.id, range.first === 0 && range.last === undefined ? {image} : {image, range})
}

/**
 * The bytes of the range, one after the other, each once. Where the service gives the whole instead of the rest, what has
 * come before is passed over. Ends short, without an error, when the service has no more: the proof will tell.
 * @param opened the first connection; its failures before are the caller's
 */
export async function* bytesOf(source: Source, range: ByteRange, opened: Download): AsyncGenerator<Buffer> {
  const end = range.last === undefined ? source.image.size : range.last + 1
  let position = range.first
  let breaks = 0
  for (let download: Download | undefined = opened; ; download = undefined) {
    const before = position
    try {
      download ??= await openPart(source, {...range, first: position})
      for await (const chunk of fromPosition(download, position, range.last)) {
        position += chunk.length
        yield chunk
      }
      if (end === null || position >= end || position === before) return
    } catch (error) {
      if (!isBreak(error)) throw error
      if (end !== null && position >= end) return
      if (++breaks > MOST_BREAKS) throw error
    }
    if (position - before >= MUCH) breaks = 0
    source.onBreak?.(position)
    await pause(breaks, source.signal)
  }
}

/** Ends before the data does only where that is more than was asked for: a connection read to its end is used again. */
async function* fromPosition(
  {data, from = 0}: Download,
  position: number,
  last?: number,
): AsyncGenerator<Buffer> {
  const end = last === undefined ? Number.POSITIVE_INFINITY : last + 1
  let at = from
  for await (const chunk of data as AsyncIterable<Buffer>) {
    const wanted = chunk.subarray(Math.max(0, position - at), Math.max(0, end - at))
    at += chunk.length
    if (wanted.length > 0) yield wanted
    if (at > end) return
  }
}

function isBreak(error: unknown): boolean {
  return error instanceof Failure && error.kind === 'unavailable'
}

async function pause(breaks: number, signal: AbortSignal): Promise<void> {
  if (breaks === 0) return
  await setTimeout(FIRST_PAUSE * 2 ** (breaks - 1), undefined, {signal}).catch(() => signal.throwIfAborted())
}
