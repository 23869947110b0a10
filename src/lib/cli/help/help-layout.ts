/** Lays out the pages of the help in the columns of a terminal. */

/** A left and a right cell of a table. */
export type Row = readonly [string, string]

/** A part of a page: lines as they are, a paragraph, rows of a table, or a command line. */
export type Block =
  | {readonly lines: readonly string[]}
  | {readonly paragraph: string}
  | {readonly rows: readonly Row[]}
  | {readonly example: string}

/** A text of the help, before it is wrapped. */
export type HelpPage = readonly Block[]

/** An empty line. */
export const GAP: Block = {lines: ['']}

/** Columns without a terminal. */
const DEFAULT_COLUMNS = 80

/** Longer lines are harder to read. */
const MAX_COLUMNS = 100

/**
 * The columns for help: `COLUMNS`, else those of the terminal, else 80; at most 100.
 * @param variable the value of the environment variable `COLUMNS`
 * @param terminal columns of the terminal, if there is one
 */
export function chooseColumns(variable: string | undefined, terminal: number | undefined): number {
  const given = /^[1-9]\d*$/.test(variable ?? '') ? Number(variable) : undefined
  return Math.min(given ?? (terminal || DEFAULT_COLUMNS), MAX_COLUMNS)
}

/** The text of a page. @param columns characters in a line */
export function layOut(page: HelpPage, columns = DEFAULT_COLUMNS): string {
  const lines = page.flatMap(block => {
    if ('paragraph' in block) return wrap(block.paragraph, columns)
    if ('rows' in block) return table(block.rows, columns)
    return 'example' in block ? wrapExample(block.example, columns) : block.lines
  })
  return `${lines.join('\n')}\n`
}

/** Wraps text at its blanks; a word that is longer than a line has a line of its own. */
function wrap(text: string, columns: number): string[] {
  return breakLines(text.replaceAll(/\s*\n\s*/g, ' '), columns)
}

/** The paragraphs of a text, which empty lines separate. */
export function toParagraphs(text: string): Block[] {
  return text.split(/\n{2,}/).flatMap((paragraph, n) => [...(n > 0 ? [GAP] : []), {paragraph}])
}

const INDENT = 2
const CELL_GAP = 2
/** Columns of the left cells, unless they are shorter. */
const LEFT_COLUMNS = 28
/** Columns of left cells next to a right cell where there is little room. */
const NARROW_LEFT_COLUMNS = 4
/** Least columns of the right cells next to left cells of full width. */
const MIN_RIGHT_COLUMNS = 26

/** Two columns, indented. The right cell is on the lines after a left cell that is too long. */
function table(rows: readonly Row[], columns: number): string[] {
  const longest = Math.min(LEFT_COLUMNS, Math.max(...rows.map(([left]) => left.length)))
  const room = columns - INDENT - longest - CELL_GAP
  const wrapped = rows.map(([, right]) => wrap(right, room))
  if (room >= MIN_RIGHT_COLUMNS && wrapped.flat().every(line => line.length <= room))
    return rows.flatMap(([left], n) => joinCells(left, wrapped[n] ?? [], longest))
  const narrow = columns - INDENT - NARROW_LEFT_COLUMNS - CELL_GAP
  return rows.flatMap(([left, right]) =>
    joinCells(left.trimStart(), wrap(right, narrow), NARROW_LEFT_COLUMNS),
  )
}

/** The lines of a row. @param width columns of the left cell */
function joinCells(left: string, right: readonly string[], width: number): string[] {
  const lines = left.length > width ? ['', ...right] : right
  const margin = ' '.repeat(INDENT + width + CELL_GAP)
  return lines.map((line, n) =>
    (n === 0 ? ' '.repeat(INDENT) + left.padEnd(width + CELL_GAP) + line : margin + line).trimEnd(),
  )
}

/** A command line, indented, and continued with a backslash where it is too long. Quoted words are not broken. */
function wrapExample(example: string, columns: number): string[] {
  const quoted = example.replaceAll(/"[^"]*"|'[^']*'/g, word => word.replaceAll(' ', NO_BREAK))
  const lines = breakLines(quoted, columns - 2 * INDENT, ' \\').map(line => line.replaceAll(NO_BREAK, ' '))
  return lines.map((line, n) => ' '.repeat(n === 0 ? INDENT : 2 * INDENT) + line)
}

/** Stands for a blank in a quoted word: no page has it. */
const NO_BREAK = '\0'

/** Breaks a text at its blanks. @param ending the end of each line but the last */
function breakLines(text: string, columns: number, ending = ''): string[] {
  const lines: string[] = []
  let start = 0
  while (text.length - start > columns) {
    const last = text.lastIndexOf(' ', start + columns - ending.length)
    const end = last > start ? last : text.indexOf(' ', start)
    if (end < 0) break
    lines.push(text.slice(start, end) + ending)
    start = end + 1
  }
  return [...lines, text.slice(start)]
}
