/** Work on the same image one after the other, where a change is thought out from what was read before. */

export class OneAtATime {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Does the work when all work of that key that came before has ended, in whatever way. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key)
    const turn = before === undefined ? work() : before.then(work, work)
    this.#last.set(key, turn)
    try {
      return await turn
    } finally {
      if (this.#last.get(key) === turn) this.#last.delete(key)
    }
  }
}
