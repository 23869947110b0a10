/** Images as entries of the registry: made, found, listed, changed and removed for a caller. */
import type {ImageChanges, ImageQuery, ImageRecord, NewImage, Registry} from '../registry/registry.js'
import {type Access, requireChangeable} from './access.js'
import type {OneAtATime} from './one-at-a-time.js'
import {type Caller, mayGiveTo, mayPublish} from './policy.js'
import {noSuchImage, Refused} from './refusals.js'
import type {Removal} from './removal.js'
import {requireCounts, requireFewProperties, requireFewTags} from './rules.js'

export interface EntriesParts {
  readonly registry: Registry
  readonly access: Access
  readonly removal: Removal
  readonly turns: OneAtATime
}

/** Says what is to change of the image as it is; may throw `Refused`. */
export type Decide = (image: ImageRecord) => ImageChanges | Promise<ImageChanges>

/** Every method throws `Refused` when it does not do what it was asked. */
export class Entries {
  readonly #parts: EntriesParts

  constructor(parts: EntriesParts) {
    this.#parts = parts
  }

  /** The image. */
  find(caller: Caller, id: string): Promise<ImageRecord> {
    return this.#parts.access.visible(caller, id)
  }

  /** One page. @throws Refused `no-such-image` for a marker that the caller does not see */
  async list(caller: Caller, query: ImageQuery): Promise<readonly ImageRecord[]> {
    if (query.marker !== undefined) await this.#requireMarker(caller, query.marker)
    const page = await this.#parts.registry.list(query)
    return page === 'no such marker' ? [] : page
  }

  /** A deleted image still marks a place: callers delete while they go through a list. */
  async #requireMarker(caller: Caller, id: string): Promise<void> {
    const image = await this.#parts.registry.find(id)
    if (!image) throw noSuchImage(id)
    await this.#parts.access.requireVisible(caller, image)
  }

  /** Makes a queued image. */
  async create(caller: Caller, image: NewImage): Promise<ImageRecord> {
    const owner = image.owner === undefined ? caller.project : image.owner
    if (!mayGiveTo(caller, owner)) {
      throw new Refused('forbidden', `You are not permitted to create images owned by '${owner ?? 'None'}'.`)
    }
    if (image.visibility === 'public') requirePublisher(caller)
    requireLimits(image)
    const made = await this.#parts.registry.create({...image, owner, ifBroken: 'queued'})
    if (made) return made
    throw new Refused('duplicate-id', `Image ID ${image.id} already exists!`)
  }

  /**
   * Changes an image, all or nothing; nobody else changes it meanwhile.
   */
  change(caller: Caller, id: string, decide: Decide): Promise<ImageRecord> {
    const {access, registry, removal, turns} = this.#parts
    return turns.run(id, async () => {
      const image = await access.visible(caller, id)
      requireChangeable(caller, image)
      const changes = await decide(image)
      if (changes.visibility === 'public' && image.visibility !== 'public') requirePublisher(caller)
      requireLimits(changes)
      if (Object.keys(changes).length === 0) return image
      const changed = await registry.change(id, () => changes)
      if (!changed) throw noSuchImage(id)
      await removal.dropData(image, changed)
      return changed
    })
  }

  /** Removes an image with its data. */
  async remove(caller: Caller, id: string): Promise<void> {
    const image = await this.#parts.access.changeable(caller, id)
    if (image.protected) {
      throw new Refused('protected', `Image ${id} is protected and cannot be deleted.`)
    }
    if (!(await this.#parts.removal.remove(id))) throw noSuchImage(id)
  }

  /** Adds a tag; one that is there already is no mistake. */
  async addTag(caller: Caller, id: string, tag: string): Promise<void> {
    const image = await this.#parts.access.changeable(
      caller,
      id,
      `Not allowed to update tags for image ${id}.`,
    )
    requireFewTags([...new Set([...image.tags, tag])])
    await this.#parts.registry.change(id, ({tags}) => (tags.includes(tag) ? {} : {tags: [...tags, tag]}))
  }

  /** Removes a tag. @throws Refused `no-such-tag` */
  async removeTag(caller: Caller, id: string, tag: string): Promise<void> {
    await this.#parts.access.changeable(caller, id, `Not allowed to delete tags for image ${id}.`)
    await this.#parts.registry.change(id, ({tags}) => {
      if (!tags.includes(tag)) throw new Refused('no-such-tag', '')
      return {tags: tags.filter(one => one !== tag)}
    })
  }
}

function requireLimits(image: ImageChanges): void {
  requireCounts(image)
  if (image.properties) requireFewProperties(image.properties)
  if (image.tags) requireFewTags(image.tags)
}

function requirePublisher(caller: Caller): void {
  if (mayPublish(caller)) return
  throw new Refused('forbidden', 'You are not authorized to complete publicize_image action.')
}
