/** Counts the progress of a task, and estimates its rate and remaining time. */

/** A task whose progress is shown. */
export interface ProgressTask {
  /** Name of the task, as shown to the user. */
  readonly name: string
  /** Number of units, if known. */
  readonly total?: number | undefined
  readonly unit: 'bytes' | 'images'
  /** The task reads what is there already, before or after the work itself. */
  readonly isCheck?: boolean | undefined
  /** Units that were done earlier, for example before a download was resumed. */
  readonly initial?: number | undefined
}

/** Milliseconds over which the rate is measured: long enough to be steady, short enough to be current. */
const WINDOW_MS = 5000

/** Milliseconds between two samples. */
const SAMPLE_INTERVAL_MS = 250

interface Sample {
  readonly at: number
  readonly count: number
}

/** The count of one task. */
export class ProgressCounter {
  count: number
  readonly #startedAt: number
  readonly #initial: number
  #samples: Sample[]

  /** @param now milliseconds of a monotonic clock */
  constructor(
    readonly task: ProgressTask,
    private readonly now: () => number,
  ) {
    this.#initial = task.initial ?? 0
    this.count = this.#initial
    this.#startedAt = now()
    this.#samples = [{at: this.#startedAt, count: this.count}]
  }

  /** Adds this number of units. */
  add(count: number): void {
    this.count += count
  }

  /** Seconds since the start. */
  get elapsed(): number {
    return (this.now() - this.#startedAt) / 1000
  }

  /** Whole percent, 100 only when all is done; undefined without a total. */
  get percent(): number | undefined {
    const {total} = this.task
    if (total === undefined) return undefined
    return total === 0 ? 100 : Math.min(100, Math.floor((this.count / total) * 100))
  }

  /** Units per second in the last seconds. */
  rate(): number {
    const at = this.now()
    const last = this.#samples.at(-1)
    if (last && at - last.at >= SAMPLE_INTERVAL_MS) this.#samples.push({at, count: this.count})
    while (this.#samples.length > 2 && at - (this.#samples[1]?.at ?? at) >= WINDOW_MS) this.#samples.shift()
    const first = this.#samples[0]
    const milliseconds = first ? at - first.at : 0
    return first && milliseconds > 0 ? Math.max(0, ((this.count - first.count) / milliseconds) * 1000) : 0
  }

  /** Units per second since the start. */
  meanRate(): number {
    return this.elapsed > 0 ? (this.count - this.#initial) / this.elapsed : 0
  }

  /** Seconds that the rest will take; undefined if unknown. */
  remaining(): number | undefined {
    const {total} = this.task
    const rate = this.rate()
    return total === undefined || rate === 0 ? undefined : Math.max(0, total - this.count) / rate
  }
}
