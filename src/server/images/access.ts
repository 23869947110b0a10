/** Finds images for a caller who may see or change them. */
import type {ImageChanges, ImageRecord, MemberRecord, Registry} from '../registry/registry.js'
import {type OwnerAction, ServiceError} from './errors.js'
import {type Caller, mayChange, mayDownload, maySee} from './policy.js'

export class Access {
  readonly #registry: Registry

  constructor(registry: Registry) {
    this.#registry = registry
  }

  /**
   * @param withDeleted administrators find deleted images too (wire/v1.md#h3)
   * @throws ServiceError `image-not-found`, also when the caller may not see it
   */
  async find(caller: Caller, id: string, withDeleted = false): Promise<ImageRecord> {
    const image = await this.#registry.find(id)
    const isThere = image && (!image.deleted || (withDeleted && caller.isAdmin))
    if (isThere && (await this.isVisible(caller, image))) return image
    throw new ServiceError('image-not-found', {id})
  }

  async isVisible(caller: Caller, image: ImageRecord): Promise<boolean> {
    return maySee(caller, image, undefined) || maySee(caller, image, await this.#membership(caller, image))
  }

  /** @throws ServiceError `image-not-found`, or `not-owner` when the caller may only see it */
  async findChangeable(caller: Caller, id: string, action: OwnerAction = 'change'): Promise<ImageRecord> {
    const image = await this.find(caller, id)
    requireOwner(caller, image, action)
    return image
  }

  /**
   * Changes an image that the caller may change, by what `decide` makes of it as it is then; see `Registry.change`.
   * @throws ServiceError as `findChangeable`, and what `decide` throws
   */
  async change(
    caller: Caller,
    id: string,
    decide: (image: ImageRecord) => ImageChanges,
    action: OwnerAction = 'change',
  ): Promise<ImageRecord> {
    await this.findChangeable(caller, id, action)
    const changed = await this.#registry.change(id, image => {
      requireOwner(caller, image, action)
      return decide(image)
    })
    if (changed) return changed
    throw new ServiceError('image-not-found', {id})
  }

  async #membership({project}: Caller, {id}: ImageRecord): Promise<MemberRecord | undefined> {
    const members = (await this.#registry.listMembers(id)) ?? []
    return members.find(({memberId}) => memberId === project)
  }
}

/** @throws ServiceError `not-owner` (wire/glance-25.md#other-owners) */
export function requireOwner(caller: Caller, image: ImageRecord, action: OwnerAction = 'change'): void {
  if (!mayChange(caller, image)) throw new ServiceError('not-owner', {id: image.id, action})
}

/** @throws ServiceError `deactivated` when the data of the image is closed to the caller */
export function requireDownloadable(caller: Caller, image: ImageRecord): void {
  if (!mayDownload(caller, image)) throw new ServiceError('deactivated', {id: image.id})
}
