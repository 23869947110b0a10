/** Access rules: which callers may see, change, share and publish images, in every API version. */

import type {OperationName} from '../policy/default-rules.js'
import {DEFAULT_POLICY, type Policy} from '../policy/policy.js'
import type {Subject, Target} from '../policy/rule.js'
import {COLUMNS} from '../registry/columns.js'
import type {ImageRecord, MemberRecord} from '../registry/registry.js'

/** The sender of a request. Their project is the owner of the images that they create; null: none. */
export interface Caller extends Subject {
  /** The rules of the service; absent: the default ones. */
  readonly policy?: Policy
}

/** Every caller of a service without authentication. */
export const ADMINISTRATOR: Caller = {user: null, project: null, roles: ['admin'], isAdmin: true}

/** Roles that a role includes, as in Keystone since its release Stein. */
const IMPLIED_ROLES: ReadonlyMap<string, readonly string[]> = new Map([
  ['admin', ['member', 'reader']],
  ['member', ['reader']],
])

/**
 * Creates a caller from what authentication states.
 * @param subject with roles in any case, without those that they include
 */
export function createCaller(policy: Policy, subject: Omit<Subject, 'isAdmin'>): Caller {
  const given = subject.roles.map(role => role.toLowerCase())
  const roles = [...new Set(given.flatMap(role => [role, ...(IMPLIED_ROLES.get(role) ?? [])]))]
  const caller = {...subject, roles, isAdmin: false, policy}
  return {...caller, isAdmin: policy.allows('context_is_admin', caller)}
}

/** An image for a rule: a record, a new one, or what is known of it. */
export type PolicyImage = Partial<ImageRecord> & Pick<ImageRecord, 'owner'>

/**
 * True if the caller may carry out an operation.
 * @param image that the caller may see, or that they create; absent: the operation is on no image
 * @param more attributes for the rule, in place of those of the image
 */
export function permits(
  caller: Caller,
  operation: OperationName,
  image: PolicyImage = {owner: caller.project},
  more: Readonly<Record<string, string | boolean | null>> = {},
): boolean {
  const {policy = DEFAULT_POLICY} = caller
  const target = toTarget(caller, image)
  return policy.allows(operation, caller, name => (Object.hasOwn(more, name) ? more[name] : target(name)))
}

/** The attributes of an image by name. Those who see a shared image of others are its members. */
function toTarget(caller: Caller, image: PolicyImage): Target {
  return name => {
    if (name === 'owner' || name === 'project_id' || name === 'tenant') return image.owner || null
    if (name === 'member_id') return image.visibility === 'shared' ? caller.project : undefined
    if (name === 'visibility') return image.visibility ?? (image.isPublic ? 'public' : 'shared')
    const column = name === 'image_id' ? 'id' : name
    if (Object.hasOwn(COLUMNS, column)) return image[COLUMNS[column as keyof typeof COLUMNS].attribute]
    return image.properties?.[name]
  }
}

type Owned = Pick<ImageRecord, 'owner'>
type Visible = PolicyImage & Pick<ImageRecord, 'visibility'>

/** True for an image of the caller's project; an image without an owner belongs to no project. */
export function owns({project}: Caller, {owner}: Owned): boolean {
  return owner !== null && owner === project
}

/** True if images of all projects are seen: by administrators, and by readers of the whole cloud. */
export function seesAll({isAdmin, isSystemScoped = false, roles}: Caller): boolean {
  return isAdmin || (isSystemScoped && roles.includes('reader'))
}

/**
 * True if the caller may see the image: by its visibility, which no rule extends, and by the rule `get_image`. Everybody
 * may see an image without an owner, by its id; lists leave it out unless it is public or shared with them.
 * @param membership that of the caller's project, if the image is shared with it; it counts in any status
 */
export function maySee(caller: Caller, image: Visible, membership: MemberRecord | undefined): boolean {
  return isOpenTo(caller, image, membership) && permits(caller, 'get_image', image)
}

function isOpenTo(caller: Caller, image: Visible, membership: MemberRecord | undefined): boolean {
  if (seesAll(caller) || owns(caller, image) || !image.owner) return true
  if (image.visibility === 'shared') return membership !== undefined
  return image.visibility !== 'private'
}

/**
 * Which images of a list the rule `get_image` lets the caller see; the registry has chosen them by their visibility. With the
 * rules of the service, those who may list images may see each of them.
 */
export function createListFilter(caller: Caller): (image: ImageRecord) => boolean {
  const {policy} = caller
  const isOwn = policy?.overrides('get_image') || policy?.overrides('get_images')
  return isOwn ? image => permits(caller, 'get_image', image) : () => true
}

/** True if all members of an image are listed for the caller; others see only themselves. */
export function seesMembers(caller: Caller, image: Owned): boolean {
  return seesAll(caller) || owns(caller, image)
}

/**
 * True if the caller may change the members of the image by API v1, where members can have that right.
 * @param membership that of the caller's project, if any
 */
export function mayShare(
  caller: Caller,
  operation: 'add_member' | 'delete_member',
  image: PolicyImage,
  membership: MemberRecord | undefined,
): boolean {
  const more = {can_share: membership?.canShare === true}
  return permits(caller, operation, image) || permits(caller, 'reshare_image', image, more)
}

/** True if the caller may read the data of an image that they see. */
export function mayDownload(caller: Caller, image: PolicyImage & Pick<ImageRecord, 'status'>): boolean {
  return image.status !== 'deactivated' || caller.isAdmin
}

/** True if the caller may accept or reject the membership; the owner may not. */
export function mayAnswer(caller: Caller, image: PolicyImage, memberId: string): boolean {
  return permits(caller, 'modify_member', image, {member_id: memberId})
}
