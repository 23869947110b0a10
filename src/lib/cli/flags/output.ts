/** Flags for the form of results, taken by every command that prints results. */
import * as Flags from '@oclif/core/flags'
import {chooseFormat, OUTPUT_FORMATS, type OutputOptions} from '../../work/output/output-formats.js'
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
    const {columns = [], quiet: isQuiet, human: isHuman} = parsed
    return {format: chooseFormat(parsed), columns, isQuiet, isHuman}
  },
})
