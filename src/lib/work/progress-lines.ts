/** Progress for logs and for programs: a line every so many seconds. */
import type {Output} from '../io/io.js'
import {jsonLine} from './output/json.js'
import {Counted} from './progress.js'
import type {Tally} from './progress-tally.js'
import {amountText, rateText, sentence, timeText} from './progress-text.js'
import {printable} from './text.js'

abstract class Periodic extends Counted {
  readonly #output: Output
  readonly #seconds: number
  #timer: NodeJS.Timeout | undefined

  constructor(output: Output, seconds: number, now?: () => number) {
    super(now)
    this.#output = output
    this.#seconds = seconds
  }

  protected override begin(tally: Tally): void {
    this.tell(this.first(tally))
    this.#timer = setInterval(() => this.tell(this.next(tally)), this.#seconds * 1000)
    this.#timer.unref()
  }

  protected override end(tally: Tally, isComplete: boolean): void {
    clearInterval(this.#timer)
    this.tell(this.last(tally, isComplete))
  }

  protected tell(line: string | undefined): void {
    if (line !== undefined) void this.#output.write(`${line}\n`)
  }

  protected abstract first(tally: Tally): string | undefined
  protected abstract next(tally: Tally): string
  protected abstract last(tally: Tally, isComplete: boolean): string
}

/** Lines that a person reads. */
export class ProgressLines extends Periodic {
  protected override first(): undefined {}

  protected override next(tally: Tally): string {
    return sentence(tally)
  }

  protected override last(tally: Tally, isComplete: boolean): string {
    const {work, elapsed} = tally
    const outcome = isComplete ? 'done' : 'stopped'
    const rate = rateText(tally, tally.meanRate())
    return `${printable(work.name)}: ${outcome}, ${amountText(tally)}, ${rate}, ${timeText(elapsed)} elapsed`
  }
}

/** Events that a program reads: one JSON object in a line. `event` is start, progress, done or failed. */
export class ProgressEvents extends Periodic {
  protected override first(tally: Tally): string {
    return eventOf('start', tally)
  }

  protected override next(tally: Tally): string {
    return eventOf('progress', tally)
  }

  protected override last(tally: Tally, isComplete: boolean): string {
    return eventOf(isComplete ? 'done' : 'failed', tally)
  }
}

/** The count is called as what is counted: `bytes` or `images`. What nobody knows is null. */
function eventOf(event: string, tally: Tally): string {
  const {name, unit, total = null} = tally.work
  const isOver = event === 'done' || event === 'failed'
  return jsonLine({
    event,
    name,
    [unit]: tally.count,
    total,
    rate: Math.round(isOver ? tally.meanRate() : tally.rate()),
    elapsed: tenths(tally.elapsed),
    remaining: isOver ? null : tenths(tally.remaining()),
  })
}

function tenths(seconds: number | undefined): number | null {
  return seconds === undefined ? null : Math.round(seconds * 10) / 10
}
