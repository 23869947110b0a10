/** Recognises a response that arrives too slowly: the HTTP library notices only silence, which a byte now and then ends. */

/** Bytes that must arrive within the time allowed. */
const MIN_BYTES = 1024

/** When a response counts as stalled. */
export interface StallLimit {
  /** Milliseconds within which a minimum of bytes must arrive; 0: no limit. */
  readonly timeout: number
  /** The time in milliseconds. */
  readonly now: () => number
}

/** Fewer bytes than the minimum arrived within the time allowed. */
export class StalledResponse extends Error {
  override readonly name = 'StalledResponse'
  readonly code = 'RESPONSE_STALLED'
}

/** Counts the bytes of one response. Time in which its reader wants none does not count. */
export class StallGuard {
  readonly #limit: StallLimit
  #start: number
  #bytes = 0
  #pausedAt: number | undefined

  constructor(limit: StallLimit) {
    this.#limit = limit
    this.#start = limit.now()
  }

  /** The reader wants no more bytes. */
  pause(): void {
    this.#pausedAt ??= this.#limit.now()
  }

  /** The reader wants more bytes. */
  resume(): void {
    if (this.#pausedAt !== undefined) this.#start += this.#limit.now() - this.#pausedAt
    this.#pausedAt = undefined
  }

  /** Counts bytes that arrived. @returns true if too few arrived within the time allowed */
  isStalledAfter(bytes: number): boolean {
    const {timeout, now} = this.#limit
    if (timeout === 0) return false
    this.#bytes += bytes
    const time = now()
    if (time - this.#start < timeout) return false
    if (this.#bytes < MIN_BYTES) return true
    this.#start = time
    this.#bytes = 0
    return false
  }
}
