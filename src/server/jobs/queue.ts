/** Takes jobs that wait in the registry, and runs them: as many at a time as a process may. */
import {AsyncResource} from 'node:async_hooks'
import {ServiceError} from '../images/errors.js'
import type {JobQuery} from '../registry/registry.js'

/** Maximum number of jobs that run at a time in a process, of all projects and of one. */
const MAX_RUNNING = 16
const MAX_RUNNING_PER_PROJECT = 4
/** Maximum number of jobs of a project that wait. */
const MAX_WAITING_PER_PROJECT = 1000
/** Requests whose jobs this process may still run: the rest of the log loses their ids. */
const MAX_CONTEXTS = 1000

/** A job that this process holds. */
export interface Job {
  /** Id of its task, or of its image. */
  readonly id: string
  /** Project that the job counts for. */
  readonly project: string | null
  /** Never rejects. */
  readonly run: () => Promise<void>
}

/** Where jobs wait. */
export interface JobQueueParts {
  /** Makes this process the holder of the oldest job that it may take. */
  readonly take: (query: JobQuery) => Promise<Job | undefined>
  /** Number of jobs of a project that wait. */
  readonly count: (project: string | null) => Promise<number>
  /** Told the error of `take`, which is tried again with the next `wake`. */
  readonly report: (error: unknown) => void
}

/** Runs jobs, the oldest first; projects with fewer running jobs go before others. */
export class JobQueue {
  readonly #parts: JobQueueParts
  readonly #running = new Map<Job, Promise<void>>()
  /** Of the requests that scheduled jobs, by the ids of the jobs. */
  readonly #contexts = new Map<string, AsyncResource>()
  /** Jobs belong to the requests that schedule them, not to those or to the jobs that wake the queue. */
  readonly #ownContext = new AsyncResource('JobQueue')
  #taking: Promise<void> | undefined
  #isWanted = false
  #isStopped = false

  constructor(parts: JobQueueParts) {
    this.#parts = parts
  }

  /** Checks that a project may schedule one more job. @throws ServiceError `limit-exceeded` */
  async requireRoom(project: string | null): Promise<void> {
    const attempted = (await this.#parts.count(project)) + 1
    if (attempted <= MAX_WAITING_PER_PROJECT) return
    throw new ServiceError('limit-exceeded', {of: 'jobs', attempted, maximum: MAX_WAITING_PER_PROJECT})
  }

  /**
   * Takes jobs while there is room.
   * @param id of a job that the current request has scheduled
   */
  wake(id?: string): void {
    if (this.#isStopped) return
    if (id !== undefined && this.#contexts.size < MAX_CONTEXTS)
      this.#contexts.set(id, new AsyncResource('Job'))
    this.#isWanted = true
    this.#taking ??= this.#ownContext.runInAsyncScope(() => this.#takeAll())
  }

  /** Number of jobs that run. */
  get runningCount(): number {
    return this.#running.size
  }

  /** Starts no more jobs; those that wait are for other processes, or for the next start. */
  stop(): void {
    this.#isStopped = true
    this.#contexts.clear()
  }

  /** Resolves when no job runs. */
  async idle(): Promise<void> {
    await this.#taking
    while (this.#running.size > 0) await Promise.all(this.#running.values())
  }

  async #takeAll(): Promise<void> {
    try {
      while (this.#isWanted) {
        this.#isWanted = false
        while (await this.#takeOne());
      }
    } catch (error) {
      this.#parts.report(error)
    } finally {
      this.#taking = undefined
    }
  }

  /** Takes a job of a project with as few running jobs as possible. */
  async #takeOne(): Promise<boolean> {
    const counts = this.#countByProject()
    const running = [...this.#running.keys()].map(({id}) => id)
    for (const limit of listLimits(counts)) {
      if (this.#isStopped || running.length >= MAX_RUNNING) return false
      const busy = [...counts].filter(([, count]) => count >= limit).map(([project]) => project)
      const job = await this.#parts.take({running, busy})
      if (job === undefined) continue
      // A job that is taken while the service stops is abandoned with its process.
      if (!this.#isStopped) this.#run(job)
      return true
    }
    return false
  }

  #countByProject(): ReadonlyMap<string | null, number> {
    const counts = new Map<string | null, number>()
    for (const {project} of this.#running.keys()) counts.set(project, (counts.get(project) ?? 0) + 1)
    return counts
  }

  #run(job: Job): void {
    const context = this.#contexts.get(job.id) ?? this.#ownContext
    this.#contexts.delete(job.id)
    const running = context.runInAsyncScope(job.run).finally(() => {
      this.#running.delete(job)
      this.wake()
    })
    this.#running.set(job, running)
  }
}

/** The numbers of running jobs from which a project waits, in the order in which they are tried. */
function listLimits(counts: ReadonlyMap<string | null, number>): readonly number[] {
  const most = Math.min(MAX_RUNNING_PER_PROJECT - 1, Math.max(0, ...counts.values()))
  return Array.from({length: most + 1}, (_, n) => n + 1)
}
