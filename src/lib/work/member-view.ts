/** How members and shared images look: an id a line, a star behind those that can share. */
/** A name, and whether it may share further. */
export interface Sharing {
  readonly id: string
  readonly canShare: boolean
  /** What the member said to it, where the service tells. */
  readonly status?: string | undefined
}

/** Nothing at all when there is nobody; the footnote explains the star only where there is one. */
export function sharingLines(all: readonly Sharing[]): string[] {
  const lines = all.map(
    ({id, canShare, status}) => `${id}${status ? ` ${status}` : ''}${canShare ? ' *' : ''}`,
  )
  return all.some(({canShare}) => canShare) ? [...lines, '', '(*: Can share image)'] : lines
}
