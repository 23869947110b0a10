/** How members and shared images look: an id a line, a star behind those that can share. */
/** A name, and whether it may share further. */
export interface Membership {
  readonly id: string
  readonly canShare: boolean
  /** What the member said to it, where the service tells. */
  readonly status?: string | undefined
}

/** Nothing at all when there is nobody; the footnote explains the star only where there is one. */
export function membershipLines(memberships: readonly Membership[]): string[] {
  const lines = memberships.map(
    ({id, canShare, status}) => `${id}${status ? ` ${status}` : ''}${canShare ? ' *' : ''}`,
  )
  return memberships.some(({canShare}) => canShare) ? [...lines, '', '(*: Can share image)'] : lines
}
