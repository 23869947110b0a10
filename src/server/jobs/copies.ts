/** Copy jobs: fetch the data of images from other servers, after the request. */
import {type Inspector, withoutChanges} from '../images/content.js'
import {findTarget} from '../images/data.js'
import {isInterruption, isShuttingDown, ServiceError} from '../images/errors.js'
import type {RemoteData} from '../images/remote-data.js'
import type {UnusedData} from '../images/unused-data.js'
import {SAVING} from '../images/upload/plan.js'
import type {Cleanups, Uploads} from '../images/uploads.js'
import type {Decide, ImageRecord, Registry} from '../registry/registry.js'
import {isWebLocation} from '../stores/data-key.js'
import type {StoreSet} from '../stores/set/store-set.js'

/** Dependencies of `CopyJobs`. */
export interface CopyJobsParts {
  readonly registry: Pick<Registry, 'change'>
  readonly unused: Pick<UnusedData, 'change'>
  readonly cleanups: Cleanups
  readonly stores: StoreSet
  readonly uploads: Uploads
  readonly remote: RemoteData
  readonly inspect: Inspector
  /** Returns the text of an error for the operator. */
  readonly describe: (error: unknown) => string
  readonly warn: (line: string) => void
}

/** Carries out copies. */
export class CopyJobs {
  readonly #parts: CopyJobsParts

  constructor(parts: CopyJobsParts) {
    this.#parts = parts
  }

  /**
   * Copies from the location of a queued image into the store; verifies an announced checksum, but not an announced size
   * (wire/v1.md#f71, #f72). A failed copy makes the image `killed`; one that was interrupted waits again, for any process. Never
   * rejects.
   */
  async run(image: ImageRecord): Promise<void> {
    const {stores, uploads, remote, cleanups, describe, warn} = this.#parts
    const {store} = findTarget(stores, image)
    const expected = image.checksum ? {checksum: image.checksum} : {}
    const open = async () => (await remote.open(image.location ?? '')).data
    const inspect = withoutChanges(this.#parts.inspect)
    const plan = {...SAVING, onFailure: 'killed', store, expected, inspect, isRepeatable: true} as const
    // What remains of an earlier attempt must not change this one.
    await cleanups.run(image.id, async () => {})
    try {
      await uploads.execute({...plan, begin: this.#beginHeld(image)}, image, open)
    } catch (error) {
      if (isInterruption(error)) await cleanups.run(image.id, () => this.#giveBack(image, error))
      else warn(`copy of image ${image.id} from its source failed: ${describe(error)}`)
    }
  }

  /** Counts the attempt. @throws ServiceError `upload-taken-over` if another process has taken the copy */
  #beginHeld({holder}: ImageRecord): Registry['change'] {
    const begin = (decide: Decide): Decide => {
      return image => {
        if (image.holder !== holder) throw new ServiceError('upload-taken-over', {id: image.id})
        const changes = decide(image)
        return changes && {...changes, attempts: image.attempts + 1}
      }
    }
    return (id, decide) => this.#parts.registry.change(id, begin(decide))
  }

  /** An attempt that the end of the service interrupts does not count. */
  async #giveBack({id, holder, attempts}: ImageRecord, error: unknown): Promise<void> {
    const uncounted = isShuttingDown(error) ? {attempts} : {}
    await this.#parts.unused.change(id, image => {
      const isHeld = image.holder === holder && (image.status === 'queued' || isBegunCopy(image))
      return isHeld ? {...requeue(), ...uncounted} : undefined
    })
  }
}

/** True for an image that receives the data of its source. */
export function isBegunCopy({status, location}: ImageRecord): boolean {
  return status === 'saving' && location !== null && isWebLocation(location)
}

/** Lets a copy wait for a process; its source is still the location of the image. */
export function requeue() {
  return {status: 'queued', arriving: null, holder: null} as const
}
