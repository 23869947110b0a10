/** Changes that must eventually succeed: if one fails, for example on a full disk, it is tried again. */
import type {Cleanups} from '../images/uploads.js'

type Work = () => Promise<unknown>

/** Keeps failed changes in memory. What it holds when the process ends is done by the recovery at the next start. */
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
