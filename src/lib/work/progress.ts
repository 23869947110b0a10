/** How far a piece of work has come, told while it goes on. */
import {Transform, type TransformCallback} from 'node:stream'
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

/** The same data, told of as it leaves. Nothing is copied; opening it again begins again. */
export function watched(data: ImageData, progress: Progress, name: string): ImageData {
  if (progress === NO_PROGRESS) return data
  return {
    ...data,
    open() {
      const source = data.open()
      progress.start({name, total: data.size, unit: 'bytes'})
      const counter = new Counter(progress)
      source.once('error', error => counter.destroy(error))
      counter.once('close', () => source.destroy())
      return source.pipe(counter)
    },
  }
}

const MIB = 1024 * 1024

class Counter extends Transform {
  readonly #progress: Progress

  constructor(progress: Progress) {
    super({highWaterMark: MIB})
    this.#progress = progress
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#progress.advance(chunk.length)
    done(null, chunk)
  }

  override _flush(done: TransformCallback): void {
    this.#progress.done()
    done()
  }

  /** Does nothing after the end: then the work is done already. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#progress.fail()
    done(error)
  }
}
