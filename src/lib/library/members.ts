/** The members that programs give. */
import {usageError} from '../model/errors.js'
import {MEMBER_STATUSES, type MemberChange} from '../model/image.js'
import {rejectUnknownKeys} from './check-values.js'
import type {NewMember} from './options.js'

/**
 * A member with the names of the library.
 * @throws Failure of kind `usage` for a member without an id, and for an unknown key
 */
export function toMemberChange(member: NewMember): MemberChange {
  const object: object = typeof member === 'object' && member !== null ? member : {memberId: member}
  rejectUnknownKeys(object, ['memberId', 'canShare', 'member_id', 'can_share'], 'a member')
  const values = object as {memberId?: unknown; canShare?: unknown; member_id?: unknown; can_share?: unknown}
  const memberId = values.memberId ?? values.member_id
  const canShare = values.canShare ?? values.can_share
  if (typeof memberId !== 'string' || memberId === '')
    throw usageError('invalid member: expected the id of a project, or an object with memberId')
  if (canShare !== undefined && typeof canShare !== 'boolean')
    throw usageError(`invalid canShare '${canShare}': expected true or false`)
  return {memberId, canShare}
}

/** @throws Failure of kind `usage` for anything but the status of a member */
export function requireMemberStatus(status: unknown): void {
  if (!(MEMBER_STATUSES as readonly unknown[]).includes(status))
    throw usageError(`invalid status '${status}': expected one of ${MEMBER_STATUSES.join(', ')}`)
}
