/** Records as rows: comma-separated, tab-separated, and values separated by blanks. */
import type {OutputTraits} from '../../../io/output-traits.js'
import type {JsonObject} from '../../../model/json-object.js'
import {jsonLine} from '../json.js'
import type {OutputStyle} from '../output-style.js'
import {charactersToEscape, escapeControls} from '../text.js'
import type {RecordFormatter} from './record-formatter.js'

/** Formats rows of texts, each with a line break at its end. */
type RowsToText = (rows: readonly (readonly string[])[]) => string

/**
 * The formatter of `csv`, `tsv`, `value` or `ids`.
 * @param columns of the header; undefined for the names in the first record
 */
export async function createRowFormatter(
  format: OutputStyle['format'],
  columns: readonly string[] | undefined,
  traits: OutputTraits,
): Promise<RecordFormatter> {
  const toText = await chooseNotation(format, traits)
  const hasHeader = format === 'csv' || format === 'tsv'
  let header = hasHeader ? columns : []
  const beginning = (first: JsonObject | undefined): readonly (readonly string[])[] => {
    const names = header ?? Object.keys(first ?? {})
    header = []
    return names.length === 0 ? [] : [names]
  }
  return {
    format: records =>
      records.length === 0
        ? ''
        : toText([...beginning(records[0]), ...records.map(record => Object.values(record).map(toCell))]),
    end: () => toText(beginning(undefined)),
  }
}

/** A value as text: nothing for null, JSON for a list or an object. */
function toCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? jsonLine(value) : String(value)
}

async function chooseNotation(format: OutputStyle['format'], traits: OutputTraits): Promise<RowsToText> {
  const characters = charactersToEscape(traits.isUnicode)
  if (format === 'csv') return createCsvNotation(traits, characters)
  const [separator, clean] =
    format === 'tsv'
      ? ['\t', (text: string) => escapeControls(escapeSeparators(text), characters)]
      : [' ', (text: string) => escapeControls(text, characters)]
  return rows => rows.map(row => `${row.map(clean).join(separator)}\n`).join('')
}

/** Texts stay as they are, except on a terminal, which would obey their control characters. */
async function createCsvNotation({isTerminal}: OutputTraits, characters: RegExp): Promise<RowsToText> {
  const {stringify} = await import('csv-stringify/sync')
  const clean = (text: string) => (isTerminal ? escapeControls(text, characters) : text)
  return rows =>
    stringify(
      rows.map(row => row.map(clean)),
      // A row of one empty value would be an empty line, which readers skip.
      {quoted_match: /\r/, quoted_empty: rows[0]?.length === 1},
    )
}

const SEPARATORS: Readonly<Record<string, string>> = {'\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r'}

function escapeSeparators(text: string): string {
  return text.replace(/[\\\t\n\r]/g, char => SEPARATORS[char] ?? char)
}
