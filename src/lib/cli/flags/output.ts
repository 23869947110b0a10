/** Flags for the form of results, taken by every command that prints results. */
import * as Flags from '@oclif/core/flags'
import {usageError} from '../../model/errors.js'
import {OUTPUT_FORMATS, type OutputOptions} from '../../work/output/output-formats.js'
import {flagGroup} from './group.js'

export const outputGroup = flagGroup({
  flags: {
    format: Flags.option({
      char: 'o',
      aliases: ['output'],
      helpValue: 'FORMAT',
      description: 'Print results in this format',
      options: OUTPUT_FORMATS,
    })(),
    columns: Flags.string({
      char: 'c',
      aliases: ['column'],
      helpValue: 'NAME,...',
      description: 'Print these fields, in this order; properties.KEY is a custom property',
      multiple: true,
      multipleNonGreedy: true,
    }),
    quiet: Flags.boolean({char: 'q', description: 'Print ids alone, one per line'}),
    human: Flags.boolean({description: 'Print sizes for people in KiB, MiB and GiB'}),
    json: Flags.boolean({description: 'Same as --format ndjson: one JSON object per line'}),
  },
  read(parsed): OutputOptions {
    const {format, json, columns = [], quiet: isQuiet, human: isHuman} = parsed
    if (json && format !== undefined && format !== 'ndjson')
      throw usageError(`--json is --format ndjson, and excludes --format ${format}`)
    return {format: format ?? (json ? 'ndjson' : undefined), columns, isQuiet, isHuman}
  },
})

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
