/** Formats members and shared images: one id per line, with a star after those that can share. */
import type {Member, SharedImage} from '../../model/image.js'

/** How lists of members are printed. */
export interface MemberLayout {
  /** Print the status too; without it, a line is an id that a script can use as it is. */
  readonly hasStatus: boolean
  /** Several lists are printed, so that each needs a title. */
  readonly isTitled: boolean
}

/** The members of an image: records for programs, and lines for people. */
export function viewMembers(imageId: string, members: readonly Member[], layout: MemberLayout) {
  return {
    records: members.map(({memberId, canShare, status}) => {
      return {image_id: imageId, member_id: memberId, can_share: canShare, status}
    }),
    lines: () => {
      const memberships = members.map(({memberId, ...rest}) => ({id: memberId, ...rest}))
      return membershipLines(`Image ${imageId}:`, memberships, layout)
    },
  }
}

/** The images that are shared with a member: records for programs, and lines for people. */
export function viewSharedImages(memberId: string, images: readonly SharedImage[], layout: MemberLayout) {
  return {
    records: images.map(({imageId, canShare, status}) => {
      return {image_id: imageId, member_id: memberId, can_share: canShare, status}
    }),
    lines: () => {
      const memberships = images.map(({imageId, ...rest}) => ({id: imageId, ...rest}))
      return membershipLines(`Member ${memberId}:`, memberships, layout)
    },
  }
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
  {hasStatus, isTitled}: MemberLayout,
): string[] {
  const lines = memberships.map(
    ({id, canShare, status}) => `${id}${hasStatus && status ? ` ${status}` : ''}${canShare ? ' *' : ''}`,
  )
  const footnote = memberships.some(({canShare}) => canShare) ? ['', '(*: Can share image)'] : []
  return isTitled ? [title, ...lines, ...footnote, ''] : [...lines, ...footnote]
}
