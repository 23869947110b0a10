/** Polls the service until it has finished with the data of an image. */
import {Failure} from '../../model/errors.js'

/** Waits for this number of seconds, or throws the reason of the signal. */
type Wait = (seconds: number, signal: AbortSignal | undefined) => Promise<void>

/** Limits of polling. */
export interface PollOptions {
  readonly wait: Wait
  /** Ends the polling; its reason is thrown. */
  readonly signal: AbortSignal | undefined
  /** Seconds after which it ends without a result. Default: no limit. */
  readonly limit?: number | undefined
  /** Seconds without a readable reply after which the failure is thrown. Default: 600. */
  readonly maxOutage?: number | undefined
}

/** Seconds before the second request, and at most between two. */
const FIRST_DELAY = 0.2
const MAX_DELAY = 5
const MAX_OUTAGE = 600

/**
 * Calls `look` until it returns a result. While the service is unavailable, it is asked again.
 * @returns undefined if there was no result in time
 * @throws Failure of `look`, unless it is temporary and the outage is short
 */
export async function poll<T>(
  look: () => Promise<T | undefined>,
  options: PollOptions,
): Promise<T | undefined> {
  for await (const result of lookRepeatedly(look, options)) if (result !== undefined) return result
  return undefined
}

/**
 * Calls `look` again and again, and yields each result, until the limit or the consumer ends it. The last call comes at the
 * limit, not after it.
 * @throws Failure of `look`, unless it is temporary and the outage is short
 */
export async function* lookRepeatedly<T>(
  look: () => Promise<T>,
  {wait, signal, limit = Number.POSITIVE_INFINITY, maxOutage = MAX_OUTAGE}: PollOptions,
): AsyncGenerator<T> {
  const start = performance.now()
  let waited = 0
  let lastReply = 0
  const elapsed = () => Math.max(waited, (performance.now() - start) / 1000)
  for (let delay = FIRST_DELAY; ; delay = Math.min(delay * 1.5, MAX_DELAY)) {
    try {
      const result = await look()
      lastReply = elapsed()
      yield result
    } catch (error) {
      signal?.throwIfAborted()
      const isTemporary = error instanceof Failure && error.kind === 'unavailable'
      if (!isTemporary || elapsed() - lastReply >= maxOutage) throw error
    }
    const left = limit - elapsed()
    if (left <= 0) return
    await wait(Math.min(delay, left), signal)
    waited += Math.min(delay, left)
  }
}
