/** Progress for logs and for programs: one line per interval. */
import type {Output} from '../../io/io.js'
import {jsonLine} from '../output/json.js'
import {escapeControls} from '../output/text.js'
import type {ProgressCounter} from './counter.js'
import {formatAmount, formatDuration, formatLine, formatRate} from './format.js'
import {CountingProgress} from './progress.js'

abstract class PeriodicProgress extends CountingProgress {
  readonly #output: Output
  readonly #seconds: number
  #timer: NodeJS.Timeout | undefined

  /** @param seconds between two lines */
  constructor(output: Output, seconds: number, now?: () => number) {
    super(now)
    this.#output = output
    this.#seconds = seconds
  }

  protected override begin(counter: ProgressCounter): void {
    this.writeLine(this.firstLine(counter))
    this.#timer = setInterval(() => this.writeLine(this.nextLine(counter)), this.#seconds * 1000)
    this.#timer.unref()
  }

  protected override end(counter: ProgressCounter, isComplete: boolean): void {
    clearInterval(this.#timer)
    this.writeLine(this.lastLine(counter, isComplete))
  }

  protected writeLine(line: string | undefined): void {
    if (line !== undefined) void this.#output.write(`${line}\n`)
  }

  protected abstract firstLine(counter: ProgressCounter): string | undefined
  protected abstract nextLine(counter: ProgressCounter): string
  protected abstract lastLine(counter: ProgressCounter, isComplete: boolean): string
}

/** Lines for people. */
export class ProgressLines extends PeriodicProgress {
  protected override firstLine(): undefined {}

  protected override nextLine(counter: ProgressCounter): string {
    return formatLine(counter)
  }

  protected override lastLine(counter: ProgressCounter, isComplete: boolean): string {
    const {task, elapsed} = counter
    const outcome = isComplete ? 'done' : 'stopped'
    const rate = formatRate(counter, counter.meanRate())
    return `${escapeControls(task.name)}: ${outcome}, ${formatAmount(counter)}, ${rate}, ${formatDuration(elapsed)} elapsed`
  }
}

/** Events for programs, one JSON object per line. `event` is start, progress, done or failed. */
export class ProgressEvents extends PeriodicProgress {
  protected override firstLine(counter: ProgressCounter): string {
    return toEvent('start', counter)
  }

  protected override nextLine(counter: ProgressCounter): string {
    return toEvent('progress', counter)
  }

  protected override lastLine(counter: ProgressCounter, isComplete: boolean): string {
    return toEvent(isComplete ? 'done' : 'failed', counter)
  }
}

/** The key of the count is its unit: `bytes` or `images`. Unknown values are null. */
function toEvent(event: string, counter: ProgressCounter): string {
  const {name, unit, total = null} = counter.task
  const isOver = event === 'done' || event === 'failed'
  return jsonLine({
    event,
    name,
    [unit]: counter.count,
    total,
    rate: Math.round(isOver ? counter.meanRate() : counter.rate()),
    elapsed: roundToTenths(counter.elapsed),
    remaining: isOver ? null : roundToTenths(counter.remaining()),
  })
}

function roundToTenths(seconds: number | undefined): number | null {
  return seconds === undefined ? null : Math.round(seconds * 10) / 10
}
