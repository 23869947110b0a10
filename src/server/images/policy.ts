/** Who may do what: the rules of seeing, changing, sharing and publishing images, for every API version. */
import type {ImageRecord, MemberRecord} from '../registry/registry.js'

/** Whoever asks for something. */
export interface Caller {
  readonly user: string | null
  /** Owner of what he makes; null: nobody is. */
  readonly project: string | null
  readonly roles: readonly string[]
  readonly isAdmin: boolean
}

/** Every caller of a service that does not ask who is calling. */
export const ADMINISTRATOR: Caller = {user: null, project: null, roles: ['admin'], isAdmin: true}

type Owned = Pick<ImageRecord, 'owner'>
type Visible = Pick<ImageRecord, 'owner' | 'visibility'>

/** Whether the image belongs to the project of the caller. What belongs to nobody is not his. */
export function owns({project}: Caller, {owner}: Owned): boolean {
  return owner !== null && owner === project
}

/**
 * Whether he may see the image and read its data.
 * @param membership his project's, when the image is shared with it; an unanswered or rejected offer counts as well
 */
export function maySee(caller: Caller, image: Visible, membership: MemberRecord | undefined): boolean {
  if (caller.isAdmin || owns(caller, image)) return true
  if (image.visibility === 'shared') return membership !== undefined
  return image.visibility !== 'private'
}

/** Whether he may change the image, fill it, delete it and say whom it is shared with. */
export function mayChange(caller: Caller, image: Owned): boolean {
  return caller.isAdmin || owns(caller, image)
}

/**
 * Whether he may share the image with others, by API v1, where a member can be given that right.
 * @param membership his project's
 */
export function mayShare(caller: Caller, image: Owned, membership: MemberRecord | undefined): boolean {
  return mayChange(caller, image) || membership?.canShare === true
}

/** Whether he may make an image public. */
export function mayPublish(caller: Caller): boolean {
  return caller.isAdmin
}

/** Whether he may say that an image is that project's. */
export function mayGiveTo(caller: Caller, owner: string | null): boolean {
  return caller.isAdmin || owner === caller.project
}

/** Whether he may read the data of an image that he sees. */
export function mayDownload(caller: Caller, {status}: Pick<ImageRecord, 'status'>): boolean {
  return caller.isAdmin || status !== 'deactivated'
}

/** Whether he may answer the offer that was made to that member; the owner may not. */
export function mayAnswer(caller: Caller, memberId: string): boolean {
  return caller.isAdmin || caller.project === memberId
}

/** Whether he may see the work that others asked for. */
export function maySeeTasks(caller: Caller): boolean {
  return caller.isAdmin
}
