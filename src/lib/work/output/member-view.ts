/** Formats members and shared images: one id per line, with a star after those that can share. */
import type {Member} from '../../model/image.js'
import type {JsonObject} from '../../model/json-object.js'

/** A member of an image, or an image that is shared with a member. */
export interface Membership {
  readonly id: string
  readonly canShare: boolean
  /** Status of the membership, if the service reports it. */
  readonly status?: string | undefined
}

/** A member of an image as a record. */
export function membershipRecord({
  imageId,
  memberId,
  canShare,
  status,
}: Member & {imageId: string}): JsonObject {
  return {image_id: imageId, member_id: memberId, can_share: canShare, status}
}

/** The layout of a list of memberships. */
interface MembershipLayout {
  /** Print the status too; without it, a line is an id that a script can use as it is. */
  readonly hasStatus: boolean
  /** Characters in a line; what does not fit is on a second line. */
  readonly columns: number | undefined
  /** The first line, where there are several lists. */
  readonly title: string | undefined
}

/** One line per membership, and a footnote if there is a star; no lines for an empty list without a title. */
export function membershipBlock(
  memberships: readonly Membership[],
  {hasStatus, columns = Number.POSITIVE_INFINITY, title}: MembershipLayout,
): string[] {
  const lines = memberships.flatMap(({id, canShare, status}) => {
    const facts = [...(hasStatus && status ? [status] : []), ...(canShare ? ['*'] : [])].join(' ')
    if (facts === '') return [id]
    return id.length + 1 + facts.length <= columns ? [`${id} ${facts}`] : [id, `  ${facts}`]
  })
  const note = memberships.some(({canShare}) => canShare) ? ['', '(*: Can share image)'] : []
  return title === undefined ? [...lines, ...note] : [title, ...lines, ...note, '']
}
