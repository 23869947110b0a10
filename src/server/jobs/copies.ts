/** Copy jobs: images whose data the service fetches by itself, after the request. */
import type {RemoteData} from '../images/remote-data.js'
import {SAVING, type Uploads} from '../images/uploads.js'
import type {ImageRecord} from '../registry/registry.js'
import type {Store} from '../stores/store.js'
import type {JobQueue} from './queue.js'

export interface CopyJobsParts {
  readonly store: Store
  readonly uploads: Uploads
  readonly remote: RemoteData
  readonly queue: JobQueue
  /** The text of an error, for the operator. */
  readonly describe: (error: unknown) => string
  readonly warn: (line: string) => void
}

export class CopyJobs {
  readonly #parts: CopyJobsParts

  constructor(parts: CopyJobsParts) {
    this.#parts = parts
  }

  /** Copies into that queued image from its location, as soon as there is a free place; a failure makes it `killed`. */
  start(image: ImageRecord): void {
    this.#parts.queue.add(() => this.#copy(image))
  }

  /** An announced size does not count here, a checksum does (wire/v1.md#f71, #f72). */
  async #copy(image: ImageRecord): Promise<void> {
    const {store, uploads, remote, describe, warn} = this.#parts
    const expected = image.checksum ? {checksum: image.checksum} : {}
    const open = async () => (await remote.open(image.location ?? '')).data
    try {
      await uploads.execute({...SAVING, onFailure: 'killed', store, expected}, image, open)
    } catch (error) {
      warn(`copy of image ${image.id} from its source failed: ${describe(error)}`)
    }
  }
}
