/** A queue of jobs that outlive the requests which started them. */

/** Jobs that run at the same time; the others wait. */
const MAX_RUNNING = 4

type Job = () => Promise<void>

export class JobQueue {
  readonly #waiting: Job[] = []
  readonly #running = new Set<Promise<void>>()
  #isStopped = false

  /** Runs the job as soon as there is a free place. It must not reject. */
  add(job: Job): void {
    this.#waiting.push(job)
    this.#fillPlaces()
  }

  /** Starts no more jobs; the next start of the service finds those that wait. */
  stop(): void {
    this.#isStopped = true
  }

  /** Resolves when the jobs that run now have ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#running)
  }

  #fillPlaces(): void {
    while (!this.#isStopped && this.#running.size < MAX_RUNNING) {
      const job = this.#waiting.shift()
      if (!job) return
      const running = job().finally(() => {
        this.#running.delete(running)
        this.#fillPlaces()
      })
      this.#running.add(running)
    }
  }
}
