/** How far a piece of work has come, told while it goes on. */
import {type Readable, Transform} from 'node:stream'
import type {ImageData} from '../io/image-data.js'
import {Tally, type Work} from './progress-tally.js'

export type {Work} from './progress-tally.js'

/**
 * Told of one piece of work at a time. Beginning another, or the same once more, ends the one before.
 * Nothing here ever fails or waits: progress that nobody sees must not slow the work.
 */
export interface Progress {
  start(work: Work): void
  /** So many units more are done; fewer, when some have to be done again. */
  advance(count: number): void
  /** The work is complete. Does nothing when none is under way, as do `fail` and `hide`. */
  done(): void
  fail(): void
  /** Makes room for a line of other text; what was shown comes back by itself. */
  hide(): void
}

/** Shows nothing. */
export const NO_PROGRESS: Progress = {
  start: () => {},
  advance: () => {},
  done: () => {},
  fail: () => {},
  hide: () => {},
}

/** The same progress, under names that were passed through `clean` first. */
export function withCleanNames(progress: Progress, clean: (name: string) => string): Progress {
  if (progress === NO_PROGRESS) return progress
  return {
    start: work => progress.start({...work, name: clean(work.name)}),
    advance: count => progress.advance(count),
    done: () => progress.done(),
    fail: () => progress.fail(),
    hide: () => progress.hide(),
  }
}

/** Keeps count; what is shown of it, and when, is the business of those who extend it. */
export abstract class Counted implements Progress {
  #tally: Tally | undefined

  /** @param now milliseconds of a clock that never goes back */
  constructor(private readonly now: () => number = () => performance.now()) {}

  start(work: Work): void {
    this.fail()
    this.#tally = new Tally(work, this.now)
    this.begin(this.#tally)
  }

  advance(count: number): void {
    this.#tally?.add(count)
  }

  done(): void {
    this.#end(true)
  }

  fail(): void {
    this.#end(false)
  }

  hide(): void {}

  protected abstract begin(tally: Tally): void
  protected abstract end(tally: Tally, isComplete: boolean): void

  #end(isComplete: boolean): void {
    const tally = this.#tally
    this.#tally = undefined
    if (tally) this.end(tally, isComplete)
  }
}

/**
 * Sends data, told of as it leaves: one piece of work, which starts over when the data is opened again, and is done when
 * it was sent. Nothing is copied. What throws is left under way, for whoever ends the whole to call it failed.
 */
export async function watched<T>(
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
    return counted(data.open(), length => {
      count = (count ?? 0) + length
      progress.advance(length)
    })
  }
  const result = await send({...data, open})
  progress.done()
  return result
}

const MIB = 1024 * 1024

function counted(source: Readable, count: (length: number) => void): Readable {
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
