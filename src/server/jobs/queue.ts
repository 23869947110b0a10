/** Runs jobs that continue after the requests that scheduled them. */

/** Maximum number of jobs that run at a time. */
const MAX_RUNNING = 4

type Job = () => Promise<void>

/** A first-in, first-out queue in memory. */
export class JobQueue {
  readonly #waiting: Job[] = []
  readonly #running = new Set<Promise<void>>()
  #isStopped = false

  /** Schedules a job, which must not reject. */
  add(job: Job): void {
    this.#waiting.push(job)
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
      const job = this.#waiting.shift()
      if (!job) return
      const running = job().finally(() => {
        this.#running.delete(running)
        this.#startWaiting()
      })
      this.#running.add(running)
    }
  }
}
