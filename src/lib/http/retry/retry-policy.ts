/** Policy for repeating requests, uploads and downloads. */
import {sleep} from './sleep.js'

/** Options of `RetryPolicy`. */
export interface RetryPolicyOptions {
  /** Repetitions after the first attempt. Default: 3. 0: none. */
  readonly retries?: number | undefined
  /** Waits for this number of seconds, or throws the reason of the signal. For tests. */
  readonly wait?: ((seconds: number, signal: AbortSignal | undefined) => Promise<void>) | undefined
}

/** Seconds before the first repetition; each further delay is twice as long. */
const FIRST_DELAY = 0.3
const MAX_DELAY = 30
/** Seconds; if a server asks for a longer delay, the request is not repeated, so that the user knows. */
const MAX_RETRY_AFTER = 60

/** Number of repetitions, and the delays before them. Requests, uploads and downloads share one policy. */
export class RetryPolicy {
  readonly retries: number
  /** Waits for this number of seconds, or throws the reason of the signal. */
  readonly wait: (seconds: number, signal: AbortSignal | undefined) => Promise<void>

  constructor({retries = 3, wait = waitWithJitter}: RetryPolicyOptions = {}) {
    this.retries = retries
    this.wait = wait
  }

  /**
   * @param attempt number of the repetition, from 1
   * @param retryAfter seconds that the server asked for
   * @returns seconds to wait before that repetition; undefined if it must not be made
   */
  delayBefore(attempt: number, retryAfter = 0): number | undefined {
    if (attempt > this.retries || retryAfter > MAX_RETRY_AFTER) return undefined
    return Math.max(retryAfter, Math.min(FIRST_DELAY * 2 ** (attempt - 1), MAX_DELAY))
  }
}

/**
 * True for a request that the server did not carry out, but may later.
 * @param retryAfter seconds, if the server sent them
 */
export function isRejectedForNow(status: number, retryAfter: number | undefined): boolean {
  return status === 429 || status === 503 || (status === 413 && retryAfter !== undefined)
}

/** Waits up to a fifth longer, so that clients that failed together do not return together. */
function waitWithJitter(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return sleep(seconds * 1000 * (1 + 0.2 * Math.random()), signal)
}
