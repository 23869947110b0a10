/** Flags of uploads and downloads alike. */
import * as Flags from '@oclif/core/flags'
import {usageError} from '../../model/errors.js'
import {flagGroup} from './group.js'

/** Source or destination of the data. Declared as a list, so that repeated use is detected and refused. */
export const fileGroup = flagGroup({
  flags: {
    file: Flags.string({
      helpValue: 'PATH',
      multiple: true,
      description: 'Data file; - is standard input or output',
    }),
  },
  read({file = []}) {
    const [path, ...more] = file
    if (more.length === 0) return path
    throw usageError('--file can be given only once', {why: `it was given ${more.length + 1} times`})
  },
})

/** Flags for verification. */
export const verifyGroup = flagGroup({
  flags: {'no-verify': Flags.boolean({description: 'Do not verify the data'})},
  read: parsed => ({verify: !parsed['no-verify']}),
})

/** Flags for keeping a failed upload or download. */
export const keepFailedGroup = flagGroup({
  flags: {
    'keep-failed': Flags.boolean({
      description: 'Keep the image record or the .part file when verification fails',
    }),
  },
  read: parsed => ({keepFailed: parsed['keep-failed']}),
})
