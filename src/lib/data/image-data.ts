/** Standard input as the data of an image. */
import type {Readable} from 'node:stream'
import type {Input} from '../io/io.js'

/** Bytes to send to the service. */
export interface ImageData {
  /** Size in bytes; absent if unknown, as for a pipe. */
  readonly size?: number | undefined
  /** Opens the bytes. May be called again only if `repeatable`. */
  open(): Readable
  /** The source can be read again from its start, as a regular file can. */
  readonly repeatable: boolean
}

/** Limits and callbacks for waiting on a pipe. */
export interface ImageDataOptions {
  /** Milliseconds without a byte after which a pipe counts as having no data; without it, no limit. */
  readonly giveUpAfter?: number
  /** Called once when no byte has arrived for ten seconds. */
  readonly onSilence?: () => void
  readonly signal?: AbortSignal
}

const SILENCE_NOTICE_MS = 10_000

/**
 * The data on standard input; `empty` for a file or a pipe that ended without a byte; undefined without a source (a
 * terminal, a closed input, `/dev/null`).
 * @throws the error of the pipe, or the reason of the signal
 */
export async function imageDataFrom(
  input: Input,
  options: ImageDataOptions = {},
): Promise<ImageData | 'empty' | undefined> {
  const {kind} = input
  if (kind === 'terminal' || kind === 'nothing') return undefined
  const {size} = input
  if (size === 0) return 'empty'
  if (size !== undefined) return {size, repeatable: true, open: () => input.open()}
  const stream = input.open()
  const first = await waitForFirstByte(stream, options)
  if (first === 'silence') return undefined
  return first === 'end' ? 'empty' : {repeatable: false, open: () => stream}
}

/** Waits until the stream can be read, ends, or fails (the reader gets the error again), without consuming a byte. */
function waitForFirstByte(stream: Readable, options: ImageDataOptions): Promise<'bytes' | 'end' | 'silence'> {
  return new Promise((resolve, reject) => {
    const timers = [setTimeout(() => options.onSilence?.(), SILENCE_NOTICE_MS)]
    const settle = (act: () => void) => {
      for (const timer of timers) clearTimeout(timer)
      stream.off('readable', onReadable).off('end', onEnd).off('error', onError)
      options.signal?.removeEventListener('abort', onAbort)
      act()
    }
    const onReadable = () => settle(() => resolve(stream.readableLength > 0 ? 'bytes' : 'end'))
    const onEnd = () => settle(() => resolve('end'))
    const onError = (error: Error) => settle(() => reject(error))
    const onAbort = () => settle(() => reject(options.signal?.reason))
    if (options.giveUpAfter !== undefined) {
      timers.push(setTimeout(() => settle(() => resolve('silence')), options.giveUpAfter))
    }
    options.signal?.addEventListener('abort', onAbort)
    stream.on('readable', onReadable).on('end', onEnd).on('error', onError)
  })
}
