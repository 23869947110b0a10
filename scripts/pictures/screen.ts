/** The screen of a terminal after a text with control sequences was written to it. */

export type Colour = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'dim'

export interface Style {
  readonly isBold?: boolean
  readonly colour?: Colour | undefined
}

/** Characters of one style that follow each other in a line. */
export interface Run extends Style {
  readonly text: string
  /** Column of the first character; the first column is 0. */
  readonly column: number
  /** Width in columns. */
  readonly width: number
}

export type ScreenLine = readonly Run[]

interface Cell {
  /** Empty for the second column of a wide character. */
  readonly text: string
  readonly width: number
  readonly style: Style
}

/** What a code of `ESC[...m` changes. */
const STYLES: Readonly<Record<number, (style: Style) => Style>> = {
  0: () => ({}),
  1: style => ({...style, isBold: true}),
  2: style => ({...style, colour: 'dim'}),
  22: ({colour}) => ({colour: colour === 'dim' ? undefined : colour}),
  31: style => ({...style, colour: 'red'}),
  32: style => ({...style, colour: 'green'}),
  33: style => ({...style, colour: 'yellow'}),
  34: style => ({...style, colour: 'blue'}),
  35: style => ({...style, colour: 'magenta'}),
  36: style => ({...style, colour: 'cyan'}),
  39: ({isBold = false}) => ({isBold}),
  90: style => ({...style, colour: 'dim'}),
}

const PART = /\x1b\[([\d;]*)m|\x1b\[(K)|(\r)|(\n)|([^\x00-\x1f])/gu

const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u

/**
 * Writes a text to an empty screen.
 * @param columns width in characters; longer lines are wrapped
 * @throws Error for a control sequence that is not known here, so that no picture shows less than a terminal
 */
export function toScreen(text: string, columns: number): readonly ScreenLine[] {
  const screen = new Screen(columns)
  let end = 0
  for (const part of text.matchAll(PART)) {
    if (part.index !== end) break
    screen.take(part)
    end += part[0].length
  }
  if (end !== text.length) throw new Error(`not understood: ${JSON.stringify(text.slice(end, end + 20))}`)
  return screen.lines()
}

class Screen {
  readonly #columns: number
  readonly #lines: Cell[][] = [[]]
  #style: Style = {}
  #column = 0

  constructor(columns: number) {
    this.#columns = columns
  }

  take([, codes, erase, carriageReturn, newline, character = '']: RegExpMatchArray): void {
    if (codes !== undefined) for (const code of codes.split(';')) this.#changeStyle(Number(code))
    else if (erase) this.#last.splice(this.#column)
    else if (carriageReturn) this.#column = 0
    else if (newline) this.#breakLine()
    else this.#put(character)
  }

  lines(): readonly ScreenLine[] {
    const isBlank = this.#last.length === 0
    return this.#lines.slice(0, isBlank ? -1 : undefined).map(toRuns)
  }

  get #last(): Cell[] {
    return this.#lines.at(-1) ?? []
  }

  #changeStyle(code: number): void {
    const change = STYLES[code]
    if (change === undefined) throw new Error(`unknown style: ${code}`)
    this.#style = change(this.#style)
  }

  #breakLine(): void {
    this.#lines.push([])
    this.#column = 0
  }

  #put(text: string): void {
    const width = WIDE.test(text) ? 2 : 1
    if (this.#column + width > this.#columns) this.#breakLine()
    const style = this.#style
    this.#last[this.#column] = {text, width, style}
    if (width === 2) this.#last[this.#column + 1] = {text: '', width, style}
    this.#column += width
  }
}

/** Narrow and wide characters are runs of their own, so that each character stays in its column. */
function toRuns(cells: readonly Cell[]): ScreenLine {
  const runs: Run[] = []
  for (const [column, {text, width, style}] of cells.entries()) {
    const last = runs.at(-1)
    const previous = cells[column - 1]
    const goesOn = previous?.width === width && previous.style === style
    if (last !== undefined && goesOn)
      runs.splice(-1, 1, {...last, text: last.text + text, width: last.width + 1})
    else runs.push({...style, text, column, width: 1})
  }
  return runs.filter(({text}) => text.trim() !== '')
}
