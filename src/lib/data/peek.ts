/** Looks at the first bytes of data without taking them away from whoever reads it. */
import {Readable} from 'node:stream'
import type {ImageData} from './image-data.js'

/** The first bytes, and the data that still has them. */
export interface PeekResult {
  readonly head: Buffer
  readonly data: ImageData
}

/** Milliseconds for the next part of a pipe that is in the middle of delivering. */
const NEXT_PART_MS = 25

/**
 * @param needsMore whether these bytes are not enough yet; a pipe that delivers no more for the moment is not waited for
 * @throws whatever the source fails with
 */
export async function peek(data: ImageData, needsMore: (head: Uint8Array) => boolean): Promise<PeekResult> {
  if (data.size === 0) return {head: Buffer.alloc(0), data}
  const stream = toByteStream(data.open())
  // It may break between two looks; whoever looks next is told.
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

/** What is there already; it stays there. */
function peekBuffered(stream: Readable): Buffer {
  // Without a number, Node 26 gives the first of several chunks alone.
  const bytes: Buffer | null = stream.read(stream.readableLength)
  if (bytes === null) return Buffer.alloc(0)
  stream.unshift(bytes)
  return bytes
}

/**
 * Waits until more bytes are there than so many.
 * @param timeoutMs milliseconds; without it, as long as it takes
 * @returns whether there are
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
    // Without a byte it announces the end; with those that are known already it may only repeat itself.
    const onReadable = () => {
      const isMore = stream.readableLength > length
      if (isMore || length === 0) settle(() => resolve(isMore))
    }
    const onEnd = () => settle(() => resolve(false))
    const onError = (error: Error) => settle(() => reject(error))
    stream.on('readable', onReadable).on('end', onEnd).on('error', onError)
  })
}
