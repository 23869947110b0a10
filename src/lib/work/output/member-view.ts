/** Formats members and shared images: one id per line, with a star after those that can share. */
import type {Member, SharedImage} from '../../model/image.js'
import type {JsonObject} from '../../model/json-object.js'

/** How lists of members are printed. */
export interface MemberLayout {
  /** Print the status too; without it, a line is an id that a script can use as it is. */
  readonly hasStatus: boolean
  /** Characters in a line; what does not fit is on a second line. */
  readonly columns: number | undefined
  /** Several lists are printed, so that each needs a title. */
  readonly isTitled: boolean
}

/** The members of an image: records for programs, and lines for people. */
export function viewMembers(imageId: string, members: readonly Member[], layout: MemberLayout) {
  return {
    records: members.map(member => memberRecord(imageId, member)),
    lines: () => {
      const memberships = members.map(({memberId, ...rest}) => ({id: memberId, ...rest}))
      return membershipLines(`Image ${imageId}:`, memberships, layout)
    },
  }
}

/** The images that are shared with a member: records for programs, and lines for people. */
export function viewSharedImages(memberId: string, images: readonly SharedImage[], layout: MemberLayout) {
  return {
    records: images.map(({imageId, ...rest}) => memberRecord(imageId, {memberId, ...rest})),
    lines: () => {
      const memberships = images.map(({imageId, ...rest}) => ({id: imageId, ...rest}))
      return membershipLines(`Member ${memberId}:`, memberships, layout)
    },
  }
}

/** The record of a membership. */
export function memberRecord(imageId: string, {memberId, canShare, status}: Member): JsonObject {
  return {image_id: imageId, member_id: memberId, can_share: canShare, status}
}

interface Membership {
  readonly id: string
  readonly canShare: boolean
  readonly status?: string | undefined
}

/** One line per membership, and a footnote if there is a star. An empty list without a title has no lines. */
function membershipLines(
  title: string,
  memberships: readonly Membership[],
  {hasStatus, columns = Number.POSITIVE_INFINITY, isTitled}: MemberLayout,
): string[] {
  const lines = memberships.flatMap(({id, canShare, status}) => {
    const facts = [...(hasStatus && status ? [status] : []), ...(canShare ? ['*'] : [])].join(' ')
    if (facts === '') return [id]
    return id.length + 1 + facts.length <= columns ? [`${id} ${facts}`] : [id, `  ${facts}`]
  })
  const footnote = memberships.some(({canShare}) => canShare) ? ['', '(*: Can share image)'] : []
  return isTitled ? [title, ...lines, ...footnote, ''] : [...lines, ...footnote]
}
