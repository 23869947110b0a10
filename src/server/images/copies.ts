/** Copies: images whose data the service fetches by itself, after the caller has gone. */
import type {ImageRecord} from '../registry/registry.js'
import type {Sources} from './sources.js'
import type {Uploads} from './uploads.js'

/** Copies that run at the same time; the others wait, and a restart finds them again. */
const AT_ONCE = 4

export class Copies {
  readonly #uploads: Uploads
  readonly #sources: Sources
  readonly #warn: (line: string) => void
  readonly #waiting: ImageRecord[] = []
  readonly #running = new Set<Promise<void>>()

  constructor(uploads: Uploads, sources: Sources, warn: (line: string) => void) {
    this.#uploads = uploads
    this.#sources = sources
    this.#warn = warn
  }

  /** Copies into that queued image from its location, as soon as there is a free place; failures end in `killed`. */
  start(image: ImageRecord): void {
    this.#waiting.push(image)
    this.#fillPlaces()
  }

  /** Begins no more copies; those that wait stay queued and are found at the next start. */
  hold(): void {
    this.#waiting.length = 0
  }

  /** Resolves when the copies that run now have ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#running)
  }

  #fillPlaces(): void {
    while (this.#running.size < AT_ONCE) {
      const image = this.#waiting.shift()
      if (!image) return
      const copy = this.#copy(image).finally(() => {
        this.#running.delete(copy)
        this.#fillPlaces()
      })
      this.#running.add(copy)
    }
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
