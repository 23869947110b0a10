/** Runs jobs that continue after the requests that scheduled them. */
import {AsyncResource} from 'node:async_hooks'
import {ServiceError} from '../images/errors.js'

/** Maximum number of jobs that run at a time, of all projects and of one. */
const MAX_RUNNING = 16
const MAX_RUNNING_PER_PROJECT = 4
/** Maximum number of jobs of a project that wait. */
const MAX_WAITING_PER_PROJECT = 1000

type Job = () => Promise<void>

/** The jobs of one project. */
class ProjectJobs {
  readonly waiting: Job[] = []
  running = 0
}

/** A queue in memory: first in, first out within a project; projects take turns. */
export class JobQueue {
  /** Projects with jobs, in the order of their turns; null: images without an owner. */
  readonly #projects = new Map<string | null, ProjectJobs>()
  readonly #running = new Set<Promise<void>>()
  #isStopped = false

  /** Checks that a project may schedule one more job. @throws ServiceError `limit-exceeded` */
  requireRoom(project: string | null): void {
    const attempted = (this.#projects.get(project)?.waiting.length ?? 0) + 1
    if (attempted <= MAX_WAITING_PER_PROJECT) return
    throw new ServiceError('limit-exceeded', {of: 'jobs', attempted, maximum: MAX_WAITING_PER_PROJECT})
  }

  /** Schedules a job, which must not reject. @param project that the job counts for */
  add(project: string | null, job: Job): void {
    const jobs = this.#projects.get(project) ?? new ProjectJobs()
    this.#projects.set(project, jobs)
    // The job belongs to the request that schedules it, not to the job that ends before it.
    jobs.waiting.push(AsyncResource.bind(job))
    this.#startWaiting()
  }

  /** Starts no more jobs; waiting ones are recovered at the next start of the service. */
  stop(): void {
    this.#isStopped = true
  }

  /** Resolves when the running jobs have ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#running)
  }

  #startWaiting(): void {
    while (!this.#isStopped && this.#running.size < MAX_RUNNING) {
      const next = this.#takeNext()
      if (next === undefined) return
      this.#run(...next)
    }
  }

  /** The first job of the first project that may run one more; that project has its next turn after all others. */
  #takeNext(): readonly [string | null, ProjectJobs, Job] | undefined {
    for (const [project, jobs] of this.#projects) {
      const job = jobs.running < MAX_RUNNING_PER_PROJECT ? jobs.waiting.shift() : undefined
      if (job === undefined) continue
      this.#projects.delete(project)
      this.#projects.set(project, jobs)
      return [project, jobs, job]
    }
    return undefined
  }

  #run(project: string | null, jobs: ProjectJobs, job: Job): void {
    jobs.running += 1
    const running = job().finally(() => {
      jobs.running -= 1
      if (jobs.running + jobs.waiting.length === 0) this.#projects.delete(project)
      this.#running.delete(running)
      this.#startWaiting()
    })
    this.#running.add(running)
  }
}
