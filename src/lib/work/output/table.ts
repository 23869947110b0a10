/** The table of `index`: columns of fixed width without borders, so that `awk '{print $1}'` gives the ids. */
import Table from 'cli-table3'
import type {ImageSummary} from '../../model/image.js'
import {printable} from '../text.js'

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
    .map(place => [place, '']),
)

/** The header and the line of dashes below it. */
export function tableHeader(): string[] {
  const dashes = COLUMNS.map(({width}) => '-'.repeat(width))
  return [row(COLUMNS.map(({label}) => label)), dashes.join(' ')]
}

/** A line for an image; text that is too wide for its column is cut, with a mark. */
export function tableRow(image: ImageSummary): string {
  const {id, name, diskFormat, containerFormat, size} = image
  return row([id, name, diskFormat, containerFormat, size].map(value => printable(String(value ?? 'None'))))
}

/** Plain text, whose width is its length, needs no layout: that is most rows, at a hundredth of the cost. */
function row(cells: readonly string[]): string {
  const isPlain = cells.every((cell, i) => /^[\x20-\x7e]*$/.test(cell) && cell.length <= widthOf(i))
  return isPlain ? cells.map(padded).join(' ') : laidOut(cells)
}

function padded(cell: string, column: number): string {
  const width = widthOf(column)
  return COLUMNS[column]?.align === 'right' ? cell.padStart(width) : cell.padEnd(width)
}

function widthOf(column: number): number {
  return COLUMNS[column]?.width ?? 0
}

/** Text of any script, where one character may be two columns wide, or none. */
export function laidOut(cells: readonly string[]): string {
  const table = new Table({
    chars: {...NO_BORDERS, middle: ' '},
    style: {'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true},
    colWidths: COLUMNS.map(({width}) => width),
    colAligns: COLUMNS.map(({align}) => align),
  })
  table.push([...cells])
  return table.toString()
}
