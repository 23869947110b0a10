/** How far a piece of work has come, told while it goes on. */
import {type Readable, Transform} from 'node:stream'
import type {ImageData} from '../../data/image-data.js'
import {ProgressCounter, type ProgressTask} from './counter.js'

export type {ProgressTask} from './counter.js'

/**
 * Told of one piece of work at a time. Beginning another, or the same once more, ends the one before.
 * Nothing here ever fails or waits: progress that nobody sees must not slow the work.
 */
export interface Progress {
  start(task: ProgressTask): void
  /** So many units more are done; fewer, when some have to be done again. */
  advance(count: number): void
  /** The work is complete. Does nothing when none is under way, as do `fail` and `hide`. */
  complete(): void
  fail(): void
  /** Makes room for a line of other text; what was shown comes back by itself. */
  hide(): void
}

/** Shows nothing. */
export const NO_PROGRESS: Progress = {
  start: () => {},
  advance: () => {},
  complete: () => {},
  fail: () => {},
  hide: () => {},
}

/** The same progress, under names that were passed through `clean` first. */
export function withCleanNames(progress: Progress, clean: (name: string) => string): Progress {
  if (progress === NO_PROGRESS) return progress
  return {
    start: work => progress.start({...work, name: clean(work.name)}),
    advance: count => progress.advance(count),
    complete: () => progress.complete(),
    fail: () => progress.fail(),
    hide: () => progress.hide(),
  }
}

/** Keeps count; what is shown of it, and when, is the business of those who extend it. */
export abstract class CountingProgress implements Progress {
  #counter: ProgressCounter | undefined

  /** @param now milliseconds of a clock that never goes back */
  constructor(private readonly now: () => number = () => performance.now()) {}

  start(task: ProgressTask): void {
    this.fail()
    this.#counter = new ProgressCounter(task, this.now)
    this.begin(this.#counter)
  }

  advance(count: number): void {
    this.#counter?.add(count)
  }

  complete(): void {
    this.#end(true)
  }

  fail(): void {
    this.#end(false)
  }

  hide(): void {}

  protected abstract begin(counter: ProgressCounter): void
  protected abstract end(counter: ProgressCounter, isComplete: boolean): void

  #end(isComplete: boolean): void {
    const counter = this.#counter
    this.#counter = undefined
    if (counter) this.end(counter, isComplete)
  }
}

/**
 * Sends data, told of as it leaves: one piece of work, which starts over when the data is opened again, and is done when
 * it was sent. Nothing is copied. What throws is left under way, for whoever ends the whole to call it failed.
 */
export async function sendWithProgress<T>(
  data: ImageData,
  progress: Progress,
  name: string,
  send: (data: ImageData) => Promise<T>,
): Promise<T> {
  if (progress === NO_PROGRESS) return send(data)
  let count: number | undefined
  const open = () => {
    if (count === undefined) progress.start({name, total: data.size, unit: 'bytes'})
    else progress.advance(-count)
    count = 0
    return countBytes(data.open(), length => {
      count = (count ?? 0) + length
      progress.advance(length)
    })
  }
  const result = await send({...data, open})
  progress.complete()
  return result
}

const MIB = 1024 * 1024

function countBytes(source: Readable, count: (length: number) => void): Readable {
  const counter = new Transform({
    highWaterMark: MIB,
    transform(chunk: Buffer, _encoding, done) {
      count(chunk.length)
      done(null, chunk)
    },
  })
  source.once('error', error => counter.destroy(error))
  counter.once('close', () => source.destroy())
  return source.pipe(counter)
}
