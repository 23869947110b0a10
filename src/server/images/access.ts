/** Finds images for a caller who may see or change them. */

import type {OperationName} from '../policy/default-rules.js'
import type {ImageChanges, ImageRecord, MemberRecord, Registry} from '../registry/registry.js'
import {type OwnerAction, ServiceError} from './errors.js'
import {type Caller, mayDownload, maySee, owns, type PolicyImage, permits} from './policy.js'

/** Looks images up on behalf of callers. */
export class Access {
  readonly #registry: Registry

  constructor(registry: Registry) {
    this.#registry = registry
  }

  /**
   * Finds an image that the caller may see.
   * @param withDeleted find deleted images too, for administrators (wire/v1.md#h3)
   * @throws ServiceError `image-not-found`, also when the caller may not see it
   */
  async find(caller: Caller, id: string, withDeleted = false): Promise<ImageRecord> {
    const image = await this.#registry.find(id)
    const exists = image && (!image.deleted || (withDeleted && caller.isAdmin))
    if (exists && (await this.isVisible(caller, image))) return image
    throw new ServiceError('image-not-found', {id})
  }

  /** True if the caller may see the image, as its owner, as a member or because of its visibility. */
  async isVisible(caller: Caller, image: ImageRecord): Promise<boolean> {
    return maySee(caller, image, undefined) || maySee(caller, image, await this.#membership(caller, image))
  }

  /**
   * Finds an image that the caller may change.
   * @param action the action to report in `not-owner`
   * @throws ServiceError `image-not-found`; `not-owner` and `not-permitted` when the caller may only see it
   */
  async findChangeable(caller: Caller, id: string, action: OwnerAction = 'change'): Promise<ImageRecord> {
    const image = await this.find(caller, id)
    requireOwner(caller, image, action)
    return image
  }

  /**
   * Changes an image that the caller may change, in one transaction.
   * @param decide computes the changes from the current record; see `Registry.change`
   * @returns the changed record
   * @throws ServiceError as `findChangeable`, and whatever `decide` throws
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

/** The operation of the policy for each action. */
const OPERATIONS: Readonly<Record<OwnerAction, OperationName>> = {
  change: 'modify_image',
  upload: 'upload_image',
  'update tags': 'modify_image',
  'delete tags': 'modify_image',
  delete: 'delete_image',
  deactivate: 'deactivate',
  reactivate: 'reactivate',
  'add location': 'add_image_location',
  'remove location': 'delete_image_location',
}

/**
 * @throws ServiceError `not-owner` when the caller may not change an image of others (wire/glance-25.md#other-owners),
 *   `not-permitted` when their role does not allow it
 */
export function requireOwner(caller: Caller, image: ImageRecord, action: OwnerAction = 'change'): void {
  const operation = OPERATIONS[action]
  if (permits(caller, operation, image)) return
  if (owns(caller, image)) throw new ServiceError('not-permitted', {operation})
  throw new ServiceError('not-owner', {id: image.id, action})
}

/** @param image as for `permits` @throws ServiceError `not-permitted` */
export function requirePermission(caller: Caller, operation: OperationName, image?: PolicyImage): void {
  if (!permits(caller, operation, image)) throw new ServiceError('not-permitted', {operation})
}

/** @throws ServiceError `not-permitted`, and `deactivated` when the image is blocked for the caller */
export function requireDownloadable(caller: Caller, image: ImageRecord): void {
  requirePermission(caller, 'download_image', image)
  if (!mayDownload(caller, image)) throw new ServiceError('deactivated', {id: image.id})
}
