/** The columns of a table: their labels and widths, and how they are narrowed to fit a terminal. */

/** A column, with its widths in characters. */
export interface Column {
  readonly name: string
  readonly label: string
  /** The label if the other one does not fit. */
  readonly shortLabel?: string | undefined
  readonly align: 'left' | 'right'
  /** The width in this table. */
  width: number
  /** The least width, and the one from which on the values can be told apart. */
  readonly narrow: number
  readonly useful: number
  /** Its values mean something only if they are complete: ids, times, numbers. */
  readonly isWhole: boolean
  /** Columns of a lower rank are left out first; one without a rank always stays. */
  readonly rank?: number | undefined
}

type Layout = Partial<Omit<Column, 'name'>>

/** The columns of the manual, and the status. Terminals that are too narrow get at least `narrow`. */
const LAYOUTS: Readonly<Record<string, Layout>> = {
  id: {label: 'ID', width: 36, useful: 36, narrow: 36},
  name: {label: 'Name', width: 30, useful: 30, narrow: 16},
  disk_format: {shortLabel: 'Format', width: 20, useful: 11, narrow: 6, rank: 2},
  container_format: {shortLabel: 'Container', width: 20, useful: 16, narrow: 9, rank: 1},
  size: {align: 'right', width: 14, useful: 14, narrow: 11, rank: 3},
  status: {width: 11, useful: 8, narrow: 6},
  virtual_size: {align: 'right', width: 14, useful: 14, narrow: 11},
  min_ram: {align: 'right'},
  min_disk: {align: 'right'},
}

/** Least width of a column that is as wide as its values. */
const MIN_WIDTH = 8

/**
 * A column of this name.
 * @param longest characters of its longest value
 * @param isKept the user has chosen it: it is not left out
 * @param isFitted the table fits a terminal: names are as wide as they are long, if there is room
 */
export function chooseColumn(
  name: string,
  longest: number,
  {isKept, isFitted}: {readonly isKept: boolean; readonly isFitted: boolean},
): Column {
  const {rank, ...layout} = LAYOUTS[name] ?? {}
  const label = layout.label ?? toLabel(name)
  const full = Math.max(label.length, longest)
  const width = name === 'name' && isFitted ? Math.max(30, longest) : (layout.width ?? full)
  const least = Math.min(full, MIN_WIDTH)
  const isWhole = layout.align === 'right' || /(^id|_id|_at)$/.test(name)
  return {
    align: 'left',
    narrow: least,
    useful: full,
    ...layout,
    name,
    label,
    width,
    isWhole,
    rank: isKept ? undefined : rank,
    ...(isKept && isFitted && isWhole && {narrow: Math.max(longest, least), useful: full, width: full}),
  }
}

/** `disk_format` is `Disk Format`; the name of a property stays. */
function toLabel(name: string): string {
  if (name.startsWith('properties.')) return name
  return name
    .split('_')
    .map(word => (word === 'id' ? 'ID' : word.charAt(0).toUpperCase() + word.slice(1)))
    .join(' ')
}

function chooseLabel({label, shortLabel = label, width}: Column): string {
  return label.length > width ? shortLabel : label
}

/** Least width of the columns where there is no room. */
const SMALLEST = 3

/** Least width of a text that gives room to whole values. */
const SCANT = 6

function leastWidth({isWhole, narrow}: Column): number {
  return isWhole ? narrow : Math.min(narrow, SCANT)
}

/**
 * Leaves out columns and narrows the others until they fit; then widens them as far as there is room. Whole values are cut
 * only if texts cannot give them enough room.
 */
export function fitColumns(columns: readonly Column[], terminalWidth: number): Column[] {
  let fitted = columns.map(column => ({...column, width: column.narrow}))
  const room = () => terminalWidth - fitted.reduce((sum, {width}) => sum + width + 1, -1)
  for (let rank = 1; rank <= 3 && room() < 0; rank++) fitted = fitted.filter(column => column.rank !== rank)
  for (const limit of ['useful', 'width'] as const)
    for (const column of fitted) {
      const full = columns.find(({name}) => name === column.name)?.[limit] ?? 0
      column.width += Math.max(0, Math.min(room(), full - column.width))
    }
  const keepsWhole = terminalWidth >= fitted.reduce((sum, column) => sum + leastWidth(column) + 1, -1)
  while (room() < 0) {
    const [widest] = fitted
      .filter(column => column.width > (keepsWhole ? leastWidth(column) : SMALLEST))
      .sort((a, b) => b.width - a.width)
    if (widest === undefined) break
    widest.width--
  }
  return fitted.map(column => ({...column, label: chooseLabel(column)}))
}
