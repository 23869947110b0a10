/** Images: created, found, listed, changed and removed for a caller. */
import type {ImageChanges, ImageQuery, ImageRecord, NewImage, Registry} from '../registry/registry.js'
import {type Access, requireOwner} from './access.js'
import type {ImageData} from './data.js'
import {ServiceError} from './errors.js'
import type {Sizes} from './locations.js'
import {type Caller, mayGiveTo, mayPublish} from './policy.js'
import type {RemoteData} from './remote-data.js'
import {requireLimits} from './rules.js'

export interface ImagesParts {
  readonly registry: Registry
  readonly access: Access
  readonly remote: RemoteData
  readonly data: ImageData
}

/**
 * The changes that a request asks for, given the image as it is and the bytes at the URLs that it names. Throws when they
 * are not possible. May be called several times, so it has no effects; the first time no sizes are known.
 */
export type Edit = (image: ImageRecord, sizes: Sizes) => ImageChanges

/** URLs of data elsewhere, with the bytes that the caller announces; undefined: their server is asked. */
export type Sources = ReadonlyMap<string, number | undefined>

/** Every method throws `ServiceError` when it does not do what it was asked. */
export class Images {
  readonly #parts: ImagesParts

  constructor(parts: ImagesParts) {
    this.#parts = parts
  }

  /** @param withDeleted administrators find deleted images too */
  find(caller: Caller, id: string, withDeleted = false): Promise<ImageRecord> {
    return this.#parts.access.find(caller, id, withDeleted)
  }

  /** One page. The marker may be a deleted image: callers delete while they page (wire/v1.md#d78). */
  async list(caller: Caller, query: ImageQuery): Promise<readonly ImageRecord[]> {
    const {marker} = query
    if (marker === undefined || (await this.#isMarker(caller, marker))) {
      const page = await this.#parts.registry.list(query)
      if (page !== 'unknown marker') return page
    }
    throw new ServiceError('marker-not-found', {marker: marker ?? '', of: 'image'})
  }

  /**
   * Creates an image; of the caller's project, unless it has an owner.
   * @param source URL of its data, which is asked for the size unless the image has one
   */
  async create(caller: Caller, image: NewImage, source?: string): Promise<ImageRecord> {
    const {owner = caller.project} = image
    if (!mayGiveTo(caller, owner)) throw new ServiceError('foreign-owner', {owner})
    requirePublisher(caller, image)
    requireLimits(image)
    const size = source === undefined ? image.size : await this.#measure(source, image.size)
    const created = await this.#parts.registry.create({...image, owner, size: size ?? 0})
    if (created) return created
    throw new ServiceError('duplicate-id', {id: image.id})
  }

  /**
   * Changes an image, all or nothing, on the basis of what it is at that time. Servers elsewhere are asked before, so
   * that nothing waits for them.
   */
  async change(caller: Caller, id: string, edit: Edit, sources: Sources = new Map()): Promise<ImageRecord> {
    const {access, registry, data} = this.#parts
    const found = await access.find(caller, id, true)
    const decide = (image: ImageRecord, sizes: Sizes): ImageChanges => {
      requireOwner(caller, image)
      if (image.deleted) throw new ServiceError('update-of-deleted', {id})
      const changes = edit(image, sizes)
      if (!publishes(image)) requirePublisher(caller, changes)
      requireLimits(changes)
      return changes
    }
    decide(found, new Map())
    const sizes = new Map<string, number>()
    for (const [url, size] of sources) sizes.set(url, await this.#measure(url, size))
    let old = found
    const changed = await registry.change(id, image => {
      old = image
      return decide(image, sizes)
    })
    if (!changed) throw new ServiceError('image-not-found', {id})
    await data.removeUnused(old, changed)
    return changed
  }

  /** Deletes an image with its data. */
  async remove(caller: Caller, id: string): Promise<void> {
    const {access, registry, data} = this.#parts
    const requireRemovable = (image: ImageRecord): void => {
      requireOwner(caller, image)
      if (image.protected) throw new ServiceError('protected', {id})
    }
    requireRemovable(await access.find(caller, id, true))
    const removed = await registry.delete(id, requireRemovable)
    if (!removed) throw new ServiceError('image-gone', {id})
    await data.removeUnused(removed)
  }

  /** Adds a tag, if it is not there yet. */
  async addTag(caller: Caller, id: string, tag: string): Promise<void> {
    const add = ({tags}: ImageRecord): ImageChanges => {
      if (tags.includes(tag)) return {}
      requireLimits({tags: [...tags, tag]})
      return {tags: [...tags, tag]}
    }
    await this.#parts.access.change(caller, id, add, 'update tags')
  }

  async removeTag(caller: Caller, id: string, tag: string): Promise<void> {
    const remove = ({tags}: ImageRecord): ImageChanges => {
      if (!tags.includes(tag)) throw new ServiceError('tag-not-found', {})
      return {tags: tags.filter(one => one !== tag)}
    }
    await this.#parts.access.change(caller, id, remove, 'delete tags')
  }

  async #isMarker(caller: Caller, id: string): Promise<boolean> {
    const image = await this.#parts.registry.find(id)
    return image !== undefined && (await this.#parts.access.isVisible(caller, image))
  }

  async #measure(url: string, announced: number | undefined): Promise<number> {
    const {remote} = this.#parts
    await remote.check(url)
    return announced || remote.getSize(url)
  }
}

type Publishing = Pick<ImageChanges, 'visibility' | 'isPublic'>

function publishes({visibility, isPublic = false}: Publishing): boolean {
  return visibility === undefined ? isPublic : visibility === 'public'
}

function requirePublisher(caller: Caller, image: Publishing): void {
  if (publishes(image) && !mayPublish(caller)) throw new ServiceError('may-not-publish', {})
}
