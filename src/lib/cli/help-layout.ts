/** Wraps help texts by words into the columns of a terminal. */

/** A left and a right cell of a table. */
export type Row = readonly [string, string]

/** Columns without a terminal. */
export const DEFAULT_COLUMNS = 80

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

/** Wraps text at its blanks; a word that is longer than a line has a line of its own. */
export function wrap(text: string, columns: number): string[] {
  return join(text.split(/\s+/), columns, '')
}

/** Wraps each paragraph; paragraphs are separated by empty lines. */
export function wrapParagraphs(text: string, columns: number): string[] {
  return text.split(/\n{2,}/).flatMap((paragraph, n) => [...(n > 0 ? [''] : []), ...wrap(paragraph, columns)])
}

const INDENT = 2
const GAP = 2
/** Columns of the left cells, unless they are shorter. */
const LEFT_COLUMNS = 28
/** Columns of left cells next to a right cell where there is little room. */
const NARROW_LEFT_COLUMNS = 4
/** Least columns of the right cells next to left cells of full width. */
const MIN_RIGHT_COLUMNS = 26

/** Two columns, indented. The right cell is on the lines after a left cell that is too long. */
export function table(rows: readonly Row[], columns: number): string[] {
  const longest = Math.min(LEFT_COLUMNS, Math.max(...rows.map(([left]) => left.length)))
  const words = rows.flatMap(([, right]) => right.split(/\s+/).map(({length}) => length))
  const fits = columns - INDENT - longest - GAP >= Math.max(MIN_RIGHT_COLUMNS, ...words)
  const width = fits ? longest : NARROW_LEFT_COLUMNS
  return rows.flatMap(([cell, right]) => {
    const left = fits ? cell : cell.trimStart()
    const lines = wrap(right, columns - INDENT - width - GAP)
    const cells = left.length > width ? ['', ...lines] : lines
    return cells.map((line, n) =>
      `${' '.repeat(INDENT)}${(n === 0 ? left : '').padEnd(width)}${' '.repeat(GAP)}${line}`.trimEnd(),
    )
  })
}

/** A command line, indented, and continued with a backslash where it is too long. Quoted words are not broken. */
export function wrapExample(example: string, columns: number): string[] {
  const words = example.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []
  const [first = '', ...others] = join(words, columns - 2 * INDENT, ' \\')
  return [`${' '.repeat(INDENT)}${first}`, ...others.map(line => `${' '.repeat(2 * INDENT)}${line}`)]
}

/** Joins words to lines. @param ending the end of each line but the last */
function join(words: readonly string[], columns: number, ending: string): string[] {
  const lines: string[] = []
  let line: string | undefined
  for (const [n, word] of words.entries()) {
    const longer = line === undefined ? word : `${line} ${word}`
    const room = columns - (n === words.length - 1 ? 0 : ending.length)
    if (line === undefined || longer.length <= room) line = longer
    else {
      lines.push(line + ending)
      line = word
    }
  }
  return [...lines, line ?? '']
}
