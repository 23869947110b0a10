/** The flags of whatever moves image data, in groups. */
import * as Flags from '@oclif/core/flags'
import {usageError} from '../../model/errors.js'
import {numberFlag, wholeNumber} from './number.js'

/** Flags of whatever takes its time. */
export const progressFlags = {
  progress: Flags.option({
    description: 'How to show progress',
    defaultHelp: async () => 'bar on a terminal',
    options: ['bar', 'lines', 'json'] as const,
  })(),
  'progress-interval': numberFlag({
    helpValue: 'N',
    description: 'Seconds between two lines of progress',
    defaultHelp: async () => '10, for json 1',
    ...wholeNumber('progress-interval', 1),
  }),
  'no-progress': Flags.boolean({description: 'Show no progress'}),
}

/** Where the data is, or goes to. Several are taken apart from one, to be refused. */
export const fileFlags = {
  file: Flags.string({
    helpValue: 'PATH',
    multiple: true,
    description: 'File of the data; - is standard input or output',
  }),
}

/** Flags of `download`. */
export const downloadFlags = {
  ...fileFlags,
  resume: Flags.boolean({description: 'Go on where an earlier download into the same file ended'}),
  parallel: numberFlag({
    helpValue: 'N',
    description: 'Fetch so many parts at once, where the service gives parts',
    defaultHelp: async () => '1',
    parse: async text => {
      const number = await wholeNumber('parallel', 1).parse(text)
      if (number > 32) throw usageError(`--parallel takes a number up to 32, not '${text}'`)
      return number
    },
  }),
}

/** Flags of whatever makes something that may turn out wrong. */
export const keepFailedFlags = {
  'keep-failed': Flags.boolean({
    description: 'Keep what did not arrive as it was sent: the record of an upload, the part of a download',
  }),
}

/** Flags of whatever verifies data. */
export const verifyFlags = {
  'no-verify': Flags.boolean({description: 'Compute no digests, and compare none'}),
}
