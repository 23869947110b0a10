/** Copies: images whose data the service fetches by itself, after the caller has gone. */
import type {ImageRecord} from '../registry/registry.js'
import type {Crew} from './crew.js'
import type {Sources} from './sources.js'
import type {Uploads} from './uploads.js'

export class Copies {
  readonly #uploads: Uploads
  readonly #sources: Sources
  readonly #crew: Crew
  readonly #warn: (line: string) => void

  constructor(uploads: Uploads, sources: Sources, crew: Crew, warn: (line: string) => void) {
    this.#uploads = uploads
    this.#sources = sources
    this.#crew = crew
    this.#warn = warn
  }

  /** Copies into that queued image from its location, as soon as there is a free place; failures end in `killed`. */
  start(image: ImageRecord): void {
    this.#crew.start(() => this.#copy(image))
  }

  /** A size that was announced does not count here, a checksum does (v1-wire F71, F72). */
  async #copy(image: ImageRecord): Promise<void> {
    const source = image.location ?? ''
    const open = async () => (await this.#sources.get(source)).data
    try {
      await this.#uploads.run(image, open, {checksum: image.checksum})
    } catch (error) {
      this.#warn(`copy of image ${image.id} from its source failed: ${String(error)}`)
    }
  }
}
