/** Cleanup that must eventually succeed; if it fails, for example on a full disk, it is retried with the next upload. */
import type {Cleanups} from '../images/uploads.js'

type Work = () => Promise<unknown>

/** Keeps failed cleanups in memory. */
export class PendingCleanups implements Cleanups {
  readonly #pending = new Map<string, Work>()

  async run(key: string, work: Work): Promise<void> {
    try {
      await work()
      this.#pending.delete(key)
    } catch {
      this.#pending.set(key, work)
    }
  }

  async retry(): Promise<void> {
    for (const [key, work] of [...this.#pending]) await this.run(key, work)
  }
}
