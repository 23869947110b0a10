/** The table of `index`: columns without borders, so that `awk '{print $1}'` gives the ids; narrowed to fit a terminal. */
import {createRequire} from 'node:module'
import type Table from 'cli-table3'
import type {ImageSummary} from '../../model/image.js'
import {escapeControls} from './text.js'

/** A column, with its widths in characters. */
interface Column {
  readonly label: string
  readonly align: 'left' | 'right'
  /** The width in the manual. Terminals that are too narrow for it get at least `narrow`, and `useful` if possible. */
  readonly width: number
  readonly useful: number
  readonly narrow: number
  /** Columns of a lower rank are left out first; one without a rank always stays. */
  readonly rank?: number
  value(image: ImageSummary): unknown
}

const ID: Column = {
  label: 'ID',
  align: 'left',
  width: 36,
  useful: 36,
  narrow: 36,
  value: ({id}) => id,
}
const NAME: Column = {
  label: 'Name',
  align: 'left',
  width: 30,
  useful: 30,
  narrow: 16,
  value: ({name}) => name,
}
const STATUS: Column = {
  label: 'Status',
  align: 'left',
  width: 11,
  useful: 8,
  narrow: 6,
  value: ({status}) => status,
}

/** The columns of the manual, in its order, and the status. */
const COLUMNS: readonly Column[] = [
  ID,
  NAME,
  {
    label: 'Disk Format',
    align: 'left',
    width: 20,
    useful: 11,
    narrow: 6,
    rank: 2,
    value: ({diskFormat}) => diskFormat,
  },
  {
    label: 'Container Format',
    align: 'left',
    width: 20,
    useful: 16,
    narrow: 9,
    rank: 1,
    value: ({containerFormat}) => containerFormat,
  },
  {label: 'Size', align: 'right', width: 14, useful: 14, narrow: 11, rank: 3, value: ({size}) => size},
  STATUS,
]

/** A column with its width in this table. */
interface Cell extends Column {
  width: number
}

/** A table that is printed page by page. The first page decides its columns. */
export class ImageTable {
  readonly #terminalWidth: number | undefined
  #cells: readonly Cell[] | undefined

  /** @param terminalWidth characters in a line; without it, no value is cut */
  constructor(terminalWidth: number | undefined) {
    this.#terminalWidth = terminalWidth
  }

  /** The lines of a page, after a header if it is the first one. */
  lines(images: readonly ImageSummary[]): string[] {
    const header = this.#cells === undefined
    this.#cells ??= this.#chooseCells(images)
    const cells = this.#cells
    const rows = images.map(image => this.#formatRow(cells.map(({value}) => toText(value(image)))))
    if (!header) return rows
    const dashes = cells.map(({width}) => '-'.repeat(width)).join(' ')
    return [this.#formatRow(cells.map(({label}) => label)), dashes, ...rows]
  }

  #chooseCells(images: readonly ImageSummary[]): Cell[] {
    const hasStatus = images.some(({status}) => status !== undefined)
    const columns = COLUMNS.filter(column => hasStatus || column !== STATUS)
    if (this.#terminalWidth === undefined) return columns.map(column => ({...column}))
    const longest = Math.max(NAME.width, ...images.map(({name}) => estimateWidth(toText(name))))
    const wanted = columns.map(column => (column === NAME ? {...NAME, width: longest} : column))
    return fitColumns(wanted, this.#terminalWidth)
  }

  /** Most rows are plain ASCII, whose width is its length: padding them costs a hundredth of a layout. */
  #formatRow(texts: readonly string[]): string {
    const cells = this.#cells ?? []
    const isCut = this.#terminalWidth !== undefined
    const isPlain = texts.every((text, i) => /^[\x20-\x7e]*$/.test(text) && (!isCut || fits(text, cells[i])))
    const row = isPlain
      ? texts.map((text, i) => pad(text, cells[i])).join(' ')
      : layOutRow(texts, cells, isCut)
    return row.trimEnd()
  }
}

/** Leaves out columns and narrows the others until they fit; then widens them as far as there is room. */
function fitColumns(columns: readonly Column[], terminalWidth: number): Cell[] {
  let cells = columns.map(column => ({...column, width: column.narrow}))
  const room = () => terminalWidth - cells.reduce((sum, {width}) => sum + width + 1, -1)
  for (let rank = 1; rank <= 3 && room() < 0; rank++) cells = cells.filter(cell => cell.rank !== rank)
  for (const limit of ['useful', 'width'] as const)
    for (const cell of cells) {
      const full = columns.find(({label}) => label === cell.label)?.[limit] ?? 0
      cell.width += Math.max(0, Math.min(room(), full - cell.width))
    }
  const [id] = cells
  if (id && room() < 0) id.width = Math.max(1, id.width + room())
  return cells
}

function toText(value: unknown): string {
  return escapeControls(String(value ?? 'None'))
}

/** At most the width of the text: a character outside of ASCII takes up to two columns. */
function estimateWidth(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : 2 * text.length
}

function fits(text: string, cell: Cell | undefined): boolean {
  return text.length <= (cell?.width ?? 0)
}

function pad(text: string, cell: Cell | undefined): string {
  const width = cell?.width ?? 0
  return cell?.align === 'right' ? text.padStart(width) : text.padEnd(width)
}

const NO_BORDERS = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
  ]
    .concat(['mid', 'mid-mid', 'right', 'right-mid'])
    .map(edge => [edge, '']),
)

const require = createRequire(import.meta.url)

/**
 * Lays out a row in any script, where one character may take two columns, or none.
 * @param isCut cut a text that is too wide, with a mark; otherwise it widens its column in this row
 */
export function layOutRow(
  texts: readonly string[],
  columns: readonly Pick<Column, 'width' | 'align'>[],
  isCut: boolean,
): string {
  // Few tables have such a row: only those load the library.
  const LoadedTable: typeof Table = require('cli-table3')
  const table = new LoadedTable({
    chars: {...NO_BORDERS, middle: ' '},
    style: {'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true},
    ...(isCut && {colWidths: columns.map(({width}) => width)}),
    colAligns: columns.map(({align}) => align),
  })
  // Without widths, a column is as wide as its widest text: the line of dashes, or the value.
  table.push(
    columns.map(({width}) => '-'.repeat(width)),
    [...texts],
  )
  const row = table.toString().split('\n').at(-1) ?? ''
  // The library may cut a surrogate pair in two.
  return row.replace(/\p{Cs}/gu, ' ')
}
