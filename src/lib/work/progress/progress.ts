/** Progress of a task, reported while it runs. */
import {type Readable, Transform} from 'node:stream'
import type {ImageData} from '../../data/image-data.js'
import {type DirectStream, isDirect} from '../../io/streams/direct-stream.js'
import {ProgressCounter, type ProgressTask} from './counter.js'

export type {ProgressTask} from './counter.js'

/**
 * Receives the progress of one task at a time; starting a task ends the previous one. Methods never throw or wait:
 * progress that is not displayed must not slow the work.
 */
export interface Progress {
  start(task: ProgressTask): void
  /** Adds this number of units; negative if some have to be done again. */
  advance(count: number): void
  /** Ends the task as complete. Like `fail` and `hide`, does nothing if no task is running. */
  complete(): void
  /** Ends the task as failed. */
  fail(): void
  /** Clears the line for other text; the progress is shown again by itself. */
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

/** The same progress, with `clean` applied to the names of tasks. */
export function withCleanNames(progress: Progress, clean: (name: string) => string): Progress {
  if (progress === NO_PROGRESS) return progress
  return {
    start: task => progress.start({...task, name: clean(task.name)}),
    advance: count => progress.advance(count),
    complete: () => progress.complete(),
    fail: () => progress.fail(),
    hide: () => progress.hide(),
  }
}

/** Keeps the count; subclasses display it. */
export abstract class CountingProgress implements Progress {
  #counter: ProgressCounter | undefined

  /** @param now milliseconds of a monotonic clock */
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
 * Sends data as one task, which starts over when the data is opened again, and is complete once the data was sent.
 * Copies nothing. After an error the task is still running: the end of the command fails it.
 * @param name of the task
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
  if (isDirect(source)) return countReads(source, count)
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

/** Counts what is read from now on. */
function countReads(source: DirectStream, count: (length: number) => void): DirectStream {
  const readInto = source.readInto.bind(source)
  return Object.assign(source, {
    async readInto(target: Uint8Array): Promise<number> {
      const length = await readInto(target)
      count(length)
      return length
    },
  })
}
