/** Work that goes on when its request has been answered, some of it at a time. */

/** Jobs that run at the same time; the others wait. */
const AT_ONCE = 4

export class Crew {
  readonly #waiting: (() => Promise<void>)[] = []
  readonly #running = new Set<Promise<void>>()
  #held = false

  /** Does the job as soon as there is a free place. It must not reject. */
  start(job: () => Promise<void>): void {
    this.#waiting.push(job)
    this.#fillPlaces()
  }

  /** Begins no more jobs; those that wait are found at the next start of the service. */
  hold(): void {
    this.#held = true
  }

  /** Resolves when the jobs that run now have ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#running)
  }

  #fillPlaces(): void {
    while (!this.#held && this.#running.size < AT_ONCE) {
      const job = this.#waiting.shift()
      if (!job) return
      const work = job().finally(() => {
        this.#running.delete(work)
        this.#fillPlaces()
      })
      this.#running.add(work)
    }
  }
}
