/** Access rules: which callers may see, change, share and publish images, in every API version. */
import type {ImageRecord, MemberRecord} from '../registry/registry.js'

/** The sender of a request. */
export interface Caller {
  readonly user: string | null
  /** Owner of the images that the caller creates; null: none. */
  readonly project: string | null
  readonly roles: readonly string[]
  readonly isAdmin: boolean
}

/** Every caller of a service without authentication. */
export const ADMINISTRATOR: Caller = {user: null, project: null, roles: ['admin'], isAdmin: true}

type Owned = Pick<ImageRecord, 'owner'>
type Visible = Pick<ImageRecord, 'owner' | 'visibility'>

/** True for an image of the caller's project; an image without an owner belongs to no project. */
export function owns({project}: Caller, {owner}: Owned): boolean {
  return owner !== null && owner === project
}

/**
 * True if the caller may see the image and read its data. Everybody may see an image without an owner, by its id; lists
 * leave it out unless it is public or shared with them.
 * @param membership that of the caller's project, if the image is shared with it; it counts in any status
 */
export function maySee(caller: Caller, image: Visible, membership: MemberRecord | undefined): boolean {
  if (caller.isAdmin || owns(caller, image) || !image.owner) return true
  if (image.visibility === 'shared') return membership !== undefined
  return image.visibility !== 'private'
}

/** True if the caller may change, fill and delete the image, and share it. */
export function mayChange(caller: Caller, image: Owned): boolean {
  return caller.isAdmin || owns(caller, image)
}

/**
 * True if the caller may share the image by API v1, where members can have that right.
 * @param membership that of the caller's project, if any
 */
export function mayShare(caller: Caller, image: Owned, membership: MemberRecord | undefined): boolean {
  return mayChange(caller, image) || membership?.canShare === true
}

/** True if the caller may make an image public. */
export function mayPublish(caller: Caller): boolean {
  return caller.isAdmin
}

/** True if the caller may make the project the owner of an image. */
export function mayAssignOwner(caller: Caller, owner: string | null): boolean {
  return caller.isAdmin || owner === caller.project
}

/** True if the caller may read the data of an image that they see. */
export function mayDownload(caller: Caller, {status}: Pick<ImageRecord, 'status'>): boolean {
  return caller.isAdmin || status !== 'deactivated'
}

/** True if the caller may accept or reject the membership; the owner may not. */
export function mayAnswer(caller: Caller, memberId: string): boolean {
  return caller.isAdmin || caller.project === memberId
}

/** True if the caller may see tasks by id and the list of all tasks. */
export function maySeeTasks(caller: Caller): boolean {
  return caller.isAdmin
}
