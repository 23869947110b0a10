/** The formats of results, and the flags that choose one, read. */

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
