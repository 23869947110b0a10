/** Work that waits for other work of the same name. */
import {RegistryUnavailable} from '../unavailable.js'

/** Runs work of the same name one at a time, in the order in which it came. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Runs the work in its turn. While the registry is away, all that waits ends with the error of the one before it. */
  async take<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(name) ?? Promise.resolve()
    const mine = before.then(work, error => {
      if (error instanceof RegistryUnavailable) throw error
      return work()
    })
    this.#last.set(name, mine)
    try {
      return await mine
    } finally {
      if (this.#last.get(name) === mine) this.#last.delete(name)
    }
  }
}
