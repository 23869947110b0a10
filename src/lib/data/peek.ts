/** Reads the first bytes of data without consuming them. */
import {Readable} from 'node:stream'
import {Failure} from '../model/errors.js'
import type {ImageData} from './image-data.js'

/** The first bytes, and the data that still contains them. */
export interface PeekResult {
  readonly head: Buffer
  readonly data: ImageData
}

/** Milliseconds to wait for the next part of a pipe that has begun to deliver. */
const NEXT_PART_MS = 25

/**
 * Reads until the bytes are enough, the data ends, or a pipe pauses.
 * @param needsMore true while the bytes are not enough
 * @throws the error of the source
 */
export async function peek(data: ImageData, needsMore: (head: Uint8Array) => boolean): Promise<PeekResult> {
  if (data.size === 0) return {head: Buffer.alloc(0), data}
  const stream = toByteStream(data.open())
  // It may fail between two reads; the next read gets the error.
  stream.on('error', () => {})
  try {
    const head = await readHead(stream, needsMore)
    if (!data.repeatable) return {head, data: {...data, open: () => stream}}
    stream.destroy()
    return {head, data}
  } catch (error) {
    stream.destroy()
    throw error
  }
}

function toByteStream(stream: Readable): Readable {
  return stream.readableObjectMode ? Readable.from(stream, {objectMode: false}) : stream
}

async function readHead(stream: Readable, needsMore: (head: Uint8Array) => boolean): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0)
  let timeoutMs: number | undefined
  while (await waitForMoreThan(stream, head.length, timeoutMs)) {
    head = peekBuffered(stream)
    if (!needsMore(head)) break
    timeoutMs = NEXT_PART_MS
  }
  return head
}

/** The bytes buffered so far, which stay buffered. */
function peekBuffered(stream: Readable): Buffer {
  // Without a number, Node 26 gives the first of several chunks alone.
  const bytes: Buffer | null = stream.read(stream.readableLength)
  if (bytes === null) return Buffer.alloc(0)
  stream.unshift(bytes)
  return bytes
}

/**
 * Waits until more than `length` bytes are buffered.
 * @param timeoutMs milliseconds; without it, no limit
 * @returns false when the stream ends or the time is up before
 */
function waitForMoreThan(stream: Readable, length: number, timeoutMs: number | undefined): Promise<boolean> {
  if (stream.readableLength > length) return Promise.resolve(true)
  if (stream.errored) return Promise.reject(stream.errored)
  if (stream.readableEnded || stream.destroyed) return Promise.resolve(false)
  return new Promise((resolve, reject) => {
    const timer =
      timeoutMs === undefined ? undefined : setTimeout(() => settle(() => resolve(false)), timeoutMs)
    const settle = (act: () => void) => {
      clearTimeout(timer)
      stream.off('readable', onReadable).off('end', onEnd).off('error', onError)
      act()
    }
    // Without a byte this announces the end; with the bytes known already it may be a repetition.
    const onReadable = () => {
      const isMore = stream.readableLength > length
      if (isMore || length === 0) settle(() => resolve(isMore))
    }
    const onEnd = () => settle(() => resolve(false))
    const onError = (error: Error) => settle(() => reject(error))
    stream.on('readable', onReadable).on('end', onEnd).on('error', onError)
  })
}

/** The failure for an error of the source; one that is a failure already is returned unchanged. */
export function toReadFailure(error: Error): Failure {
  if (error instanceof Failure) return error
  return new Failure('failed', 'cannot read the image data', {why: error.message, cause: error})
}
