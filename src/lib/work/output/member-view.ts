/** Formats members and shared images: one id per line, with a star after those that can share. */

/** A member of an image, or an image that is shared with a member. */
export interface Membership {
  readonly id: string
  readonly canShare: boolean
  /** Status of the membership, if the service reports it. */
  readonly status?: string | undefined
}

/**
 * One line per membership, and a footnote if there is a star; no lines for an empty list without a title.
 * @param hasStatus print the status too; without it, a line is an id that a script can use as it is
 * @param title the first line, where there are several lists
 */
export function membershipBlock(
  memberships: readonly Membership[],
  {hasStatus, title}: {readonly hasStatus: boolean; readonly title: string | undefined},
): string[] {
  const lines = memberships.map(
    ({id, canShare, status}) => `${id}${hasStatus && status ? ` ${status}` : ''}${canShare ? ' *' : ''}`,
  )
  const note = memberships.some(({canShare}) => canShare) ? ['', '(*: Can share image)'] : []
  return [...(title === undefined ? [] : [title]), ...lines, ...note, ...(title === undefined ? [] : [''])]
}
