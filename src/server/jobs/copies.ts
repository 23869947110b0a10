/** Copy jobs: fetch the data of images from other servers, after the request. */
import {type Inspector, withoutChanges} from '../images/content.js'
import {findTarget} from '../images/data.js'
import type {RemoteData} from '../images/remote-data.js'
import {SAVING, type Uploads} from '../images/uploads.js'
import type {ImageRecord} from '../registry/registry.js'
import type {StoreSet} from '../stores/set/store-set.js'

/** Dependencies of `CopyJobs`. */
export interface CopyJobsParts {
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
   * (wire/v1.md#f71, #f72). A failed copy makes the image `killed`. Never rejects.
   */
  async run(image: ImageRecord): Promise<void> {
    const {stores, uploads, remote, describe, warn} = this.#parts
    const {store} = findTarget(stores, image)
    const expected = image.checksum ? {checksum: image.checksum} : {}
    const open = async () => (await remote.open(image.location ?? '')).data
    try {
      const inspect = withoutChanges(this.#parts.inspect)
      await uploads.execute({...SAVING, onFailure: 'killed', store, expected, inspect}, image, open)
    } catch (error) {
      warn(`copy of image ${image.id} from its source failed: ${describe(error)}`)
    }
  }
}
