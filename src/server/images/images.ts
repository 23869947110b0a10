/** Creates, finds, lists, changes and deletes images on behalf of callers. */

import type {OperationName} from '../policy/default-rules.js'
import {isFilled} from '../registry/image-data.js'
import type {
  DeletionDecision,
  ImageChanges,
  ImagePage,
  ImageQuery,
  ImageRecord,
  NewImage,
  Registry,
} from '../registry/registry.js'
import {type Access, requireOwner, requirePermission} from './access.js'
import {ServiceError} from './errors.js'
import type {Sizes} from './locations.js'
import {type Caller, type PolicyImage, permits} from './policy.js'
import {asksForHidden, hideProperties, protectProperties} from './protected-properties.js'
import type {Quotas} from './quotas.js'
import type {RemoteData} from './remote-data.js'
import {requireLimits} from './rules.js'
import type {UnusedData} from './unused-data.js'
import type {Uploads} from './uploads.js'

/** Dependencies of `Images`. */
export interface ImagesParts {
  readonly registry: Registry
  readonly access: Access
  readonly remote: RemoteData
  readonly uploads: Uploads
  readonly unused: UnusedData
  readonly quotas: Quotas
  /** Images keep their data after their deletion, until they are scrubbed. */
  readonly delaysDeletion: boolean
}

/**
 * Computes the changes that a request makes to an image; throws if they are not possible. It is called several times, so it
 * must not have side effects.
 * @param image the current record
 * @param sizes bytes at the URLs in the request; empty in the first call
 */
export type Edit = (image: ImageRecord, sizes: Sizes) => ImageChanges

/** URLs of data on other servers, with the size in bytes if the caller states it; else their server is asked. */
export type Sources = ReadonlyMap<string, number | undefined>

/** Reads and changes images. Methods reject with `ServiceError` when a request cannot be granted. */
export class Images {
  readonly #parts: ImagesParts

  constructor(parts: ImagesParts) {
    this.#parts = parts
  }

  /** Finds an image; see `Access.find`. @param withDeleted find deleted images too, for administrators */
  find(caller: Caller, id: string, withDeleted = false): Promise<ImageRecord> {
    return this.#parts.access.find(caller, id, withDeleted)
  }

  /**
   * Returns one page, from which the caller sees the images that pass `createListFilter`. The marker may be a deleted image, because callers delete images while paging (wire/v1.md#d78).
   * @param isContinued the marker is the last image of the page before, and was visible there
   * @throws ServiceError `not-permitted`; `marker-not-found`, also when the caller may not see that image
   */
  async list(caller: Caller, query: ImageQuery, isContinued = false): Promise<ImagePage> {
    requirePermission(caller, 'get_images')
    if (asksForHidden(caller, query)) return {images: [], hasMore: false}
    const {marker} = query
    if (marker === undefined || isContinued || (await this.#isMarker(caller, marker))) {
      const page = await this.#parts.registry.list(query)
      if (page !== 'unknown marker') return page
    }
    throw new ServiceError('marker-not-found', {marker: marker ?? '', of: 'image'})
  }

  /**
   * Creates an image. Without an owner, it belongs to the caller's project.
   * @param source URL of its data, whose server is asked for the size unless the image has one
   * @throws ServiceError `foreign-owner`, `not-permitted`, `quota-exceeded`, `limit-exceeded`, `count-out-of-range`, `duplicate-id`, and as
   *   `RemoteData.check` and `RemoteData.getSize`
   */
  async create(caller: Caller, image: NewImage, source?: string): Promise<ImageRecord> {
    const {owner = caller.project} = image
    requireCreator(caller, {...image, owner})
    requirePublisher(caller, {...image, owner})
    requireLimits(image)
    protectProperties(caller, {}, image.properties ?? {})
    await this.#parts.quotas.requireImageRoom(owner)
    const size = source === undefined ? image.size : await this.#measure(source, image.size)
    const created = await this.#parts.registry.create({...image, owner, size: size ?? 0})
    if (created) return created
    throw new ServiceError('duplicate-id', {id: image.id})
  }

  /**
   * Changes an image in one transaction, based on the record at that time. Other servers are asked for sizes before it, so
   * that it does not wait for them; `edit` is first called without sizes, so that a request that is refused asks none.
   * @throws ServiceError `image-not-found`, `not-owner`, `not-permitted`, `update-of-deleted`, `limit-exceeded`,
   *   `count-out-of-range`, as `RemoteData.check` and `RemoteData.getSize`, and whatever `edit` throws
   */
  async change(caller: Caller, id: string, edit: Edit, sources?: Sources): Promise<ImageRecord> {
    const changed = await this.#parts.unused.change(id, await this.prepare(caller, id, edit, sources))
    if (!changed) throw new ServiceError('image-not-found', {id})
    return changed
  }

  /** The transaction of `change`, for callers that do more in it. It may throw all errors of `change`. */
  async prepare(
    caller: Caller,
    id: string,
    edit: Edit,
    sources: Sources = new Map(),
  ): Promise<(image: ImageRecord) => ImageChanges> {
    const found = await this.#parts.access.find(caller, id, true)
    const decide = (image: ImageRecord, sizes: Sizes): ImageChanges => {
      requireOwner(caller, image)
      if (image.deleted) throw new ServiceError('update-of-deleted', {id})
      const changes = withKeptProperties(caller, image, edit(hideProperties(caller, image), sizes))
      requirePublisher(caller, {...changes, owner: image.owner}, findAudience(image))
      requireLimits(changes)
      return changes
    }
    decide(found, new Map())
    const sizes = new Map<string, number>()
    for (const [url, size] of sources) {
      if (!hasUrl(found, url)) sizes.set(url, await this.#measure(url, size))
    }
    return image => {
      const changes = decide(image, sizes)
      requireMeasured(image, changes, sizes)
      return changes
    }
  }

  /**
   * Deletes an image with its data, which may be kept for some time.
   * @throws ServiceError `image-not-found`, `not-owner`, `not-permitted`, `protected`, `image-gone`, `pending-delete`
   */
  async remove(caller: Caller, id: string): Promise<void> {
    const {access, registry, uploads, unused, delaysDeletion} = this.#parts
    const decide = (image: ImageRecord): DeletionDecision => {
      requireOwner(caller, image, 'delete')
      if (image.protected) throw new ServiceError('protected', {id})
      return delaysDeletion && hasData(image) ? {status: 'pending_delete'} : {}
    }
    const found = await access.find(caller, id, true)
    decide(found)
    const deletion = await registry.delete(id, decide)
    if (!deletion)
      throw new ServiceError(found.status === 'pending_delete' ? 'pending-delete' : 'image-gone', {id})
    uploads.abort(id)
    await unused.remove(deletion.unused)
  }

  /** Adds a tag, if the image does not have it. @throws ServiceError `image-not-found`, `not-owner`, `limit-exceeded` */
  async addTag(caller: Caller, id: string, tag: string): Promise<void> {
    const add = ({tags}: ImageRecord): ImageChanges => {
      if (tags.includes(tag)) return {}
      requireLimits({tags: [...tags, tag]})
      return {tags: [...tags, tag]}
    }
    await this.#parts.access.change(caller, id, add, 'update tags')
  }

  /** Removes a tag. @throws ServiceError `image-not-found`, `not-owner`, `tag-not-found` */
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

/** The changes, without effect on the properties that the caller may not read. @throws ServiceError `protected-property` */
function withKeptProperties(caller: Caller, {properties}: ImageRecord, changes: ImageChanges): ImageChanges {
  if (changes.properties === undefined) return changes
  return {...changes, properties: protectProperties(caller, properties, changes.properties)}
}

/** True for an image with data that could be used again. */
function hasData(image: ImageRecord): boolean {
  return isFilled(image) && image.locations.length > 0
}

function hasUrl({locations}: Pick<ImageRecord, 'locations'>, url: string): boolean {
  return locations.some(location => location.url === url)
}

/** @throws ServiceError `locations-fixed` for a URL that the image had when its server was not asked for the size */
function requireMeasured(image: ImageRecord, {locations = []}: ImageChanges, sizes: Sizes): void {
  if (locations.every(({url}) => sizes.has(url) || hasUrl(image, url))) return
  throw new ServiceError('locations-fixed', {status: image.status, action: 'replace'})
}

/** @throws ServiceError `foreign-owner` for an image of others, `not-permitted` for a role that creates none */
function requireCreator(caller: Caller, image: PolicyImage): void {
  if (permits(caller, 'add_image', image)) return
  if (image.owner !== caller.project) throw new ServiceError('foreign-owner', {owner: image.owner})
  throw new ServiceError('not-permitted', {operation: 'add_image'})
}

type Publishing = Pick<PolicyImage, 'visibility' | 'isPublic'>

/** The operations that show an image to all projects, by the visibility that does. */
const PUBLISHING: Readonly<Record<string, OperationName>> = {
  public: 'publicize_image',
  community: 'communitize_image',
}

function findAudience({visibility, isPublic = false}: Publishing): ImageRecord['visibility'] | undefined {
  return visibility ?? (isPublic ? 'public' : undefined)
}

/** @param before the visibility that the image had: to keep it takes no permission */
function requirePublisher(caller: Caller, image: PolicyImage, before?: string): void {
  const audience = findAudience(image)
  const operation = PUBLISHING[audience ?? '']
  if (operation !== undefined && audience !== before) requirePermission(caller, operation, image)
}
