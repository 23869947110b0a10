/** The form in which a command prints its results, as its flags choose it. */
import {usageError} from '../../model/errors.js'
import {parseColumns} from './columns.js'
import {isDocument, type OutputFormat, type OutputOptions} from './output-formats.js'
import type {RecordKind} from './record-kinds.js'

/** The form of results. */
export interface OutputStyle {
  /** `text` is the text for people, `ids` the ids alone. */
  readonly format: OutputFormat | 'text' | 'ids'
  /** The selected columns; undefined for those of the format. */
  readonly columns?: readonly string[] | undefined
  readonly isHuman?: boolean
  /** The records; undefined where they are not documented. */
  readonly kind?: RecordKind | undefined
}

/**
 * The style that the flags choose for records of this kind.
 * @throws Failure of kind usage for an unknown column, and for flags that do not go together
 */
export function chooseStyle(options: OutputOptions, kind: RecordKind): OutputStyle {
  const {format, columns: texts, isQuiet, isHuman} = options
  const columns = texts.length === 0 ? undefined : parseColumns(texts, kind)
  if (!isQuiet) return {format: format ?? (columns === undefined ? 'text' : 'table'), columns, isHuman, kind}
  if (kind.id === undefined)
    throw usageError('cannot print ids', {why: 'these results have no ids', advice: 'Leave out --quiet.'})
  if (format !== undefined || (columns !== undefined && String(columns) !== kind.id)) {
    throw usageError('--quiet prints ids alone', {
      advice: `Leave out ${format === undefined ? '--columns' : '--format'}, or --quiet.`,
    })
  }
  return {format: 'ids', columns: [kind.id], kind}
}

/** The columns that the style prints; undefined for all. */
export function printedColumns({format, columns, kind}: OutputStyle): readonly string[] | undefined {
  if (columns !== undefined || isDocument(format)) return columns
  return kind?.columns
}
