/** The table of `index`: columns of fixed width without borders, so that `awk '{print $1}'` gives the ids. */
import Table from 'cli-table3'
import type {ImageSummary} from '../../model/image.js'
import {escapeControls} from './text.js'

const COLUMNS = [
  {label: 'ID', width: 36, align: 'left'},
  {label: 'Name', width: 30, align: 'left'},
  {label: 'Disk Format', width: 20, align: 'left'},
  {label: 'Container Format', width: 20, align: 'left'},
  {label: 'Size', width: 14, align: 'right'},
] as const

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

/** The header and the line of dashes below it. */
export function tableHeader(): string[] {
  const dashes = COLUMNS.map(({width}) => '-'.repeat(width))
  return [formatRow(COLUMNS.map(({label}) => label)), dashes.join(' ')]
}

/** The line of an image; text that is too wide for its column is cut, with a mark. */
export function tableRow(image: ImageSummary): string {
  const {id, name, diskFormat, containerFormat, size} = image
  return formatRow(
    [id, name, diskFormat, containerFormat, size].map(value => escapeControls(String(value ?? 'None'))),
  )
}

/** Most rows are plain ASCII, whose width is its length: padding them costs a hundredth of a layout. */
function formatRow(cells: readonly string[]): string {
  const isPlain = cells.every((cell, i) => /^[\x20-\x7e]*$/.test(cell) && cell.length <= columnWidth(i))
  return isPlain ? cells.map(padCell).join(' ') : layOutRow(cells)
}

function padCell(cell: string, column: number): string {
  const width = columnWidth(column)
  return COLUMNS[column]?.align === 'right' ? cell.padStart(width) : cell.padEnd(width)
}

function columnWidth(column: number): number {
  return COLUMNS[column]?.width ?? 0
}

/** Lays out a row in any script, where one character may take two columns, or none. */
export function layOutRow(cells: readonly string[]): string {
  const table = new Table({
    chars: {...NO_BORDERS, middle: ' '},
    style: {'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true},
    colWidths: COLUMNS.map(({width}) => width),
    colAligns: COLUMNS.map(({align}) => align),
  })
  table.push([...cells])
  return table.toString()
}
