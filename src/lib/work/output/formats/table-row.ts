/** Lays out a row of a table in any script, where one character may take two columns, or none. */
import {createRequire} from 'node:module'
import type Table from 'cli-table3'
import type {Column} from './table-columns.js'

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
 * Lays out a row.
 * @param mark cut a text that is too wide, with this mark; without it, the text widens its column in this row
 */
export function layOutRow(
  texts: readonly string[],
  columns: readonly Pick<Column, 'width' | 'align'>[],
  mark: string | undefined,
): string {
  // Few tables have such a row: only those load the library.
  const LoadedTable: typeof Table = require('cli-table3')
  const table = new LoadedTable({
    chars: {...NO_BORDERS, middle: ' '},
    style: {'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true},
    ...(mark !== undefined && {colWidths: columns.map(({width}) => width), truncate: mark}),
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
