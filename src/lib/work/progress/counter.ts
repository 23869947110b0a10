/** The count of a piece of work: how much is done, how fast it goes, how long it will take. */

export interface ProgressTask {
  /** What is worked on, in the user's words. */
  readonly name: string
  /** How many units there are, when that is known. */
  readonly total?: number | undefined
  readonly unit: 'bytes' | 'images'
  /** How many were done before, at another time. */
  readonly initial?: number | undefined
}

/** Milliseconds over which the rate is measured: long enough to be calm, short enough to be of now. */
const WINDOW_MS = 5000

/** Milliseconds between two samples. */
const SAMPLE_INTERVAL_MS = 250

interface Sample {
  readonly at: number
  readonly count: number
}

export class ProgressCounter {
  count: number
  readonly #startedAt: number
  readonly #initial: number
  #samples: Sample[]

  constructor(
    readonly task: ProgressTask,
    private readonly now: () => number,
  ) {
    this.#initial = task.initial ?? 0
    this.count = this.#initial
    this.#startedAt = now()
    this.#samples = [{at: this.#startedAt, count: this.count}]
  }

  add(count: number): void {
    this.count += count
  }

  /** Seconds since it began. */
  get elapsed(): number {
    return (this.now() - this.#startedAt) / 1000
  }

  /** Whole percents, 100 only when all is done. */
  get percent(): number | undefined {
    const {total} = this.task
    if (total === undefined) return undefined
    return total === 0 ? 100 : Math.min(100, Math.floor((this.count / total) * 100))
  }

  /** Units per second, of late. */
  rate(): number {
    const at = this.now()
    const last = this.#samples.at(-1)
    if (last && at - last.at >= SAMPLE_INTERVAL_MS) this.#samples.push({at, count: this.count})
    while (this.#samples.length > 2 && at - (this.#samples[1]?.at ?? at) >= WINDOW_MS) this.#samples.shift()
    const first = this.#samples[0]
    const milliseconds = first ? at - first.at : 0
    return first && milliseconds > 0 ? Math.max(0, ((this.count - first.count) / milliseconds) * 1000) : 0
  }

  /** Units per second, from the beginning. */
  meanRate(): number {
    return this.elapsed > 0 ? (this.count - this.#initial) / this.elapsed : 0
  }

  /** Seconds that the rest will take; undefined when nobody knows. */
  remaining(): number | undefined {
    const {total} = this.task
    const rate = this.rate()
    return total === undefined || rate === 0 ? undefined : Math.max(0, total - this.count) / rate
  }
}
