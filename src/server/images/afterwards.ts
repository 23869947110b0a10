/** Work that has to be done in the end: what fails now, such as on a full disk, is tried again when others had success. */

type Work = () => Promise<unknown>

export class Afterwards {
  readonly #left = new Map<string, Work>()

  /** Does it, now or later. Never rejects. @param id under which another work would take its place */
  async see(id: string, work: Work): Promise<void> {
    try {
      await work()
      this.#left.delete(id)
    } catch {
      this.#left.set(id, work)
    }
  }

  /** Tries again what is left. Never rejects. */
  async again(): Promise<void> {
    for (const [id, work] of [...this.#left]) await this.see(id, work)
  }
}
