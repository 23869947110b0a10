/** Changes that must eventually succeed: if one fails, for example on a full disk, it is tried again. */
import type {Cleanups} from '../images/uploads.js'

type Work = () => Promise<unknown>

/** Keeps failed changes in memory. What it holds when the process ends is done by the recovery at the next start. */
export class PendingCleanups implements Cleanups {
  readonly #pending = new Map<string, Work>()

  async run(key: string, work: Work): Promise<void> {
    const replaced = this.#pending.get(key)
    try {
      await work()
      // Other work of the same key may have failed meanwhile.
      if (this.#pending.get(key) === replaced) this.#pending.delete(key)
    } catch {
      this.#pending.set(key, work)
    }
  }

  async retry(): Promise<void> {
    for (const [key, work] of [...this.#pending]) await this.run(key, work)
  }
}
