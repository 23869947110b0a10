/** Tables of records: columns without borders, so that `awk '{print $1}'` gives the ids; narrowed to fit a terminal. */
import type {OutputTraits} from '../../../io/output-traits.js'
import type {JsonObject} from '../../../model/json-object.js'
import {readColumn} from '../columns.js'
import {jsonLine} from '../json.js'
import type {OutputStyle} from '../output-style.js'
import {charactersToEscape, escapeControls} from '../text.js'
import type {PaintStatus} from './paint.js'
import {formatSize} from './size.js'
import {type Column, chooseColumn, fitColumns} from './table-columns.js'
import {layOutRow} from './table-row.js'

/** The appearance of a table. */
export interface TableOptions {
  readonly style: OutputStyle
  readonly traits: OutputTraits
  readonly paint: PaintStatus
}

/** A table that is printed page by page. The first page decides its columns. */
export class RecordTable {
  readonly #style: OutputStyle
  readonly #traits: OutputTraits
  readonly #paint: PaintStatus
  #columns: readonly Column[] | undefined

  constructor({style, traits, paint}: TableOptions) {
    this.#style = style
    this.#traits = traits
    this.#paint = paint
  }

  /** The lines of a page, after a header if it is the first one. */
  lines(records: readonly JsonObject[]): string[] {
    if (records.length === 0) return []
    const isFirst = this.#columns === undefined
    this.#columns ??= this.#chooseColumns(records)
    const columns = this.#columns
    const rows = records.map(record => {
      const texts = columns.map(({name}) => this.#toText(record, name))
      return this.#formatRow(
        texts,
        columns.map((column, i) => makeRoom(column, texts[i] ?? '')),
      )
    })
    if (!isFirst) return rows
    const dashes = columns.map(({width}) => '-'.repeat(width)).join(' ')
    const labels = columns.map(({label}) => label)
    return [this.#formatRow(labels, columns), dashes, ...rows]
  }

  #chooseColumns(records: readonly JsonObject[]): readonly Column[] {
    const {columns: selected, kind} = this.#style
    const names = selected ?? kind?.columns ?? Object.keys(records[0] ?? {})
    const shown =
      selected ?? names.filter(name => records.some(record => readColumn(record, name) !== undefined))
    const columns = shown.map(name => {
      const widths = records.map(record => estimateWidth(this.#toText(record, name)))
      return chooseColumn(name, Math.max(...widths), {
        isKept: selected !== undefined,
        isFitted: this.#traits.columns !== undefined,
      })
    })
    return this.#traits.columns === undefined ? columns : fitColumns(columns, this.#traits.columns)
  }

  #toText(record: JsonObject, name: string): string {
    const value = readColumn(record, name)
    const isSize = (name === 'size' || name === 'virtual_size') && typeof value === 'number'
    const text = isSize && this.#style.isHuman ? formatSize(value) : formatCell(value)
    return escapeControls(text, charactersToEscape(this.#traits.isUnicode))
  }

  /** Most rows are plain ASCII, whose width is its length: padding them costs a hundredth of a layout. */
  #formatRow(texts: readonly string[], columns: readonly Column[]): string {
    const isCut = this.#traits.columns !== undefined
    const isPlain = texts.every(
      (text, i) => /^[\x20-\x7e]*$/.test(text) && (!isCut || text.length <= (columns[i]?.width ?? 0)),
    )
    const row = isPlain
      ? texts.map((text, i) => this.#paintCell(text, pad(text, columns[i]), columns[i])).join(' ')
      : layOutRow(
          texts.map((text, i) => this.#paintCell(text, text, columns[i])),
          columns,
          isCut ? (this.#traits.isUnicode ? '…' : '...') : undefined,
        )
    return row.trimEnd()
  }

  #paintCell(text: string, cell: string, column: Column | undefined): string {
    return column?.name === 'status' ? cell.replace(text, this.#paint) : cell
  }
}

/** A list with commas, an object as `key=value` with commas. */
function formatCell(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return value.map(item => formatInner(item)).join(', ')
  return Object.entries(value)
    .map(([key, inner]) => `${key}=${formatInner(inner)}`)
    .join(', ')
}

function formatInner(value: unknown): string {
  return typeof value === 'object' && value !== null ? jsonLine(value) : String(value ?? '')
}

/** At most the width of the text: a character outside of ASCII takes up to two columns. */
function estimateWidth(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : 2 * text.length
}

/** A whole value of a later page may be longer than those of the first one: it is not cut, but its row is wider. */
function makeRoom(column: Column, text: string): Column {
  const {isWhole, width, narrow} = column
  return isWhole && width >= narrow && text.length > width ? {...column, width: text.length} : column
}

function pad(text: string, column: Column | undefined): string {
  const width = column?.width ?? 0
  return column?.align === 'right' ? text.padStart(width) : text.padEnd(width)
}
