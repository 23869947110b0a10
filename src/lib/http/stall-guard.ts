/** Recognises a response that has stopped, or arrives too slowly. */

/** Bytes that must arrive within the time allowed. */
const MIN_BYTES = 1024

/** When a response counts as stalled. */
export interface StallLimit {
  /** Milliseconds within which a minimum of bytes must arrive; 0: no limit. */
  readonly timeout: number
  /** The time in milliseconds. */
  readonly now: () => number
}

/** Nothing arrived within the time allowed. */
class SilentResponse extends Error {
  override readonly name = 'SilentResponse'
  readonly code = 'RESPONSE_SILENT'
}

/** Fewer bytes than the minimum arrived within the time allowed. */
export class StalledResponse extends Error {
  override readonly name = 'StalledResponse'
  readonly code = 'RESPONSE_STALLED'
}

/** Counts the bytes of one response. Time in which its reader wants none does not count; in the beginning, it wants some. */
export class StallGuard {
  readonly #limit: StallLimit
  readonly #onSilence: (error: Error) => void
  #timer: NodeJS.Timeout | undefined
  #start: number
  #bytes = 0
  #pausedAt: number | undefined

  /** @param onSilence called when nothing has arrived within the time allowed; `stop` in the end */
  constructor(limit: StallLimit, onSilence: (error: Error) => void) {
    this.#limit = limit
    this.#onSilence = onSilence
    this.#start = limit.now()
    this.#startTimer()
  }

  /** The reader wants no more bytes. */
  pause(): void {
    this.#pausedAt ??= this.#limit.now()
    this.stop()
  }

  /** The reader wants more bytes. */
  resume(): void {
    if (this.#timer === undefined) this.#startTimer()
    if (this.#pausedAt !== undefined) this.#start += this.#limit.now() - this.#pausedAt
    this.#pausedAt = undefined
  }

  /** Counts bytes that arrived. @returns true if too few arrived within the time allowed */
  isStalledAfter(bytes: number): boolean {
    const {timeout, now} = this.#limit
    if (timeout === 0) return false
    this.#timer?.refresh()
    this.#bytes += bytes
    const time = now()
    if (time - this.#start < timeout) return false
    if (this.#bytes < MIN_BYTES) return true
    this.#start = time
    this.#bytes = 0
    return false
  }

  /** The response has ended. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #startTimer(): void {
    const {timeout} = this.#limit
    if (timeout > 0) this.#timer = setTimeout(() => this.#onSilence(new SilentResponse()), timeout).unref()
  }
}
