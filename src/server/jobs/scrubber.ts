/** Deletes the data of images that were deleted some time ago, where deletions are delayed. */
import type {UnusedData} from '../images/unused-data.js'
import type {Registry} from '../registry/registry.js'

/** Images in one transaction. */
const BATCH = 100

/** Dependencies of `Scrubber`. */
export interface ScrubberParts {
  readonly registry: Pick<Registry, 'scrub'>
  readonly unused: Pick<UnusedData, 'remove'>
  /** Seconds for which the data is kept. */
  readonly scrubTime: number
}

/** Whether deletions are delayed, and how long. */
interface Delay {
  readonly delaysDeletion: boolean
  readonly scrubTime: number
}

/** The delay that the settings state. */
export function toDelay(settings: {readonly delayed_delete: boolean; readonly scrub_time: number}): Delay {
  return {delaysDeletion: settings.delayed_delete, scrubTime: settings.scrub_time}
}

/** Any process may scrub at any time. Data that cannot be deleted is recorded as unused, like that of other images. */
export class Scrubber {
  readonly #parts: ScrubberParts

  constructor(parts: ScrubberParts) {
    this.#parts = parts
  }

  /**
   * Scrubs the images whose time has come, also when deletions are not delayed any more.
   * @returns the number of images
   * @throws the error of the registry
   */
  async scrub(): Promise<number> {
    const {registry, unused, scrubTime} = this.#parts
    for (let scrubbed = 0; ; ) {
      const {ids, unused: locations} = await registry.scrub(scrubTime, BATCH)
      await unused.remove(locations)
      scrubbed += ids.length
      if (ids.length < BATCH) return scrubbed
    }
  }
}
