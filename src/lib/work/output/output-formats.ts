/** The formats of results, and the flags that choose one, read. */
import {usageError} from '../../model/errors.js'

export const OUTPUT_FORMATS = ['table', 'json', 'ndjson', 'csv', 'tsv', 'yaml', 'value'] as const

/** A format of results. */
export type OutputFormat = (typeof OUTPUT_FORMATS)[number]

/** True for the formats of whole records. */
export function isDocument(format: string): boolean {
  return format === 'json' || format === 'ndjson' || format === 'yaml'
}

/** The flags for output, read. */
export interface OutputOptions {
  /** Undefined for the text for people. */
  readonly format: OutputFormat | undefined
  /** Columns as they were typed. */
  readonly columns: readonly string[]
  /** Print ids alone. */
  readonly isQuiet: boolean
  /** Sizes in KiB, MiB and GiB in tables. */
  readonly isHuman: boolean
}

/** The format that the flags choose. @throws Failure of kind usage if they choose two */
export function chooseFormat(flags: {
  readonly format: OutputFormat | undefined
  readonly json: boolean
}): OutputFormat | undefined {
  const {format, json} = flags
  if (json && format !== undefined && format !== 'ndjson')
    throw usageError(`--json is --format ndjson, and excludes --format ${format}`)
  return format ?? (json ? 'ndjson' : undefined)
}

/** A command line that is not parsed yet. */
interface RawFlags {
  isOn(name: string): boolean
  valueFor(name: string): string | undefined
}

/** The format if it is JSON, known before the command line is parsed: what is wrong there is reported in it too. */
export function findJsonFormat(raw: RawFlags): 'json' | 'ndjson' | undefined {
  const format = raw.valueFor('format')
  if (format === 'json' || format === 'ndjson') return format
  return raw.isOn('json') ? 'ndjson' : undefined
}
