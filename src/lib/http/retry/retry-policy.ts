/** How often, and after how long, requests, uploads and downloads are repeated. */
import {sleep} from './sleep.js'

export interface RetryPolicyOptions {
  /** Repetitions after the first attempt. Default: 3. 0: none. */
  readonly retries?: number | undefined
  /** Waits for this number of seconds, or throws the reason of the signal. For tests. */
  readonly wait?: ((seconds: number, signal: AbortSignal | undefined) => Promise<void>) | undefined
}

/** Seconds before the first repetition; each further delay is twice as long. */
const FIRST_DELAY = 0.3
const MAX_DELAY = 30
/** Seconds; a server that asks for a longer delay is not asked again: the user would rather know. */
const MAX_RETRY_AFTER = 60

/** Made once, from `--retries`; the requests themselves, uploads and downloads follow it. */
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
   * @returns seconds to wait before that repetition; undefined when it must not be made
   */
  delayBefore(attempt: number, retryAfter = 0): number | undefined {
    if (attempt > this.retries || retryAfter > MAX_RETRY_AFTER) return undefined
    return Math.max(retryAfter, Math.min(FIRST_DELAY * 2 ** (attempt - 1), MAX_DELAY))
  }
}

/** Statuses of a server that could not carry out the request now, and did not: a later one may succeed. */
export function isRejectedForNow(status: number, retryAfter: number | undefined): boolean {
  return status === 429 || status === 503 || (status === 413 && retryAfter !== undefined)
}

/** A little longer, so that clients which failed together do not return together; never shorter than a server asked for. */
function waitWithJitter(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return sleep(seconds * 1000 * (1 + 0.2 * Math.random()), signal)
}
