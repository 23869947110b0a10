/** The way to an image: found for a caller who may see or change it. */
import type {ImageRecord, MemberRecord, Registry} from '../registry/registry.js'
import {type Caller, mayChange, maySee, mayShare} from './policy.js'
import {noSuchImage, Refused} from './refusals.js'

export class Access {
  readonly #registry: Registry

  constructor(registry: Registry) {
    this.#registry = registry
  }

  /** The image, unless it is deleted. @throws Refused `no-such-image` also for one that the caller may not see */
  async visible(caller: Caller, id: string): Promise<ImageRecord> {
    const image = await this.#registry.find(id)
    if (!image || image.deleted) throw noSuchImage(id)
    await this.requireVisible(caller, image)
    return image
  }

  /** @throws Refused `no-such-image` when the caller may not see it */
  async requireVisible(caller: Caller, image: ImageRecord): Promise<void> {
    if (!(await this.isVisible(caller, image))) throw noSuchImage(image.id)
  }

  /** Whether the caller may see the image. */
  async isVisible(caller: Caller, image: ImageRecord): Promise<boolean> {
    if (maySee(caller, image, undefined)) return true
    return maySee(caller, image, await this.#membership(caller, image))
  }

  /** Lets pass who may share the image further. @throws Refused `no-such-image`, and `may-not-share` */
  async requireShareable(caller: Caller, id: string): Promise<void> {
    const image = await this.visible(caller, id)
    if (mayShare(caller, image, await this.#membership(caller, image))) return
    throw new Refused('may-not-share', 'No permission to share that image')
  }

  /** The image. @throws Refused `no-such-image`, and `forbidden`, in these words, when the caller only may see it */
  async changeable(caller: Caller, id: string, words?: string): Promise<ImageRecord> {
    const image = await this.visible(caller, id)
    requireChangeable(caller, image, words)
    return image
  }

  async #membership({project}: Caller, {id}: ImageRecord): Promise<MemberRecord | undefined> {
    const members = (await this.#registry.members(id)) ?? []
    return members.find(({memberId}) => memberId === project)
  }
}

/** @throws Refused `forbidden` (cloud record, PATCH, "somebody else's community image") */
export function requireChangeable(
  caller: Caller,
  image: ImageRecord,
  words = 'You do not own this image',
): void {
  if (!mayChange(caller, image)) throw new Refused('forbidden', words)
}
