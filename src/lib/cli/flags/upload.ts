/** Flags of `add` and `update` that concern the data. */
import {tmpdir} from 'node:os'
import * as Flags from '@oclif/core/flags'
import {resolvePath} from '../../io/paths.js'
import type {Draft} from '../../model/draft.js'
import {connectionFlags} from './connection.js'
import {type FlagContext, type FlagDisplay, flagGroup} from './group.js'
import {chooseProgress, progressGroup, silentFlags} from './progress.js'
import {fileGroup, keepFailedGroup, verifyGroup} from './transfer.js'

/** Flags of uploads. */
export const uploadGroup = flagGroup({
  flags: {
    verbose: connectionFlags.verbose,
    timeout: connectionFlags.timeout,
    ...fileGroup.flags,
    ...verifyGroup.flags,
    import: Flags.boolean({
      description: 'Let the service fetch the copy_from= URL, and wait until it is done (v2)',
    }),
    'allow-empty': Flags.boolean({description: 'Accept empty input as an image of 0 bytes'}),
    spool: Flags.boolean({
      description: 'Copy a pipe to $TMPDIR, so that it can be sent again if the connection breaks',
    }),
    decompress: Flags.boolean({
      description: 'Decompress gzip, xz, bzip2 and zstd data before uploading it',
    }),
    'strict-format': Flags.boolean({description: 'Fail if the data does not match its disk_format'}),
    ...silentFlags,
    ...progressGroup.flags,
  },
  async read(parsed, context) {
    const {io, display} = context
    const {createDataSource, estimateUploadSeconds} = await import('./data-source.js')
    const data = createDataSource(io, display, fileGroup.read(parsed, context))
    const allowEmpty = parsed['allow-empty']
    return {
      verbose: parsed.verbose,
      data,
      /** Seconds that the upload of this draft may take. */
      estimateSeconds: (draft: Draft) => estimateUploadSeconds(data, draft),
      progress: display.adopt(await chooseProgress(parsed, io)),
      notes: display,
      prepareOptions: {
        allowEmpty,
        spoolFolder: parsed.spool ? toSpoolFolder(context) : undefined,
        decompress: parsed.decompress,
        strictFormat: parsed['strict-format'],
        signal: io.interrupted,
      },
      upload: {
        ...verifyGroup.read(parsed, context),
        allowEmpty,
        serverImport: parsed.import,
        importTimeout: parsed.timeout,
        onStep: (text: string) => display.note(text),
        onNote: (text: string) => display.note(text),
        onWarning: (text: string) => display.warning(text),
        onUnfinished: (id: string | undefined) => warnOnForcedExit(display, id),
      },
    }
  },
})

/** Flags of `add`. */
export const addGroup = flagGroup({
  flags: {
    ...keepFailedGroup.flags,
    'if-absent': Flags.boolean({
      description: 'If an image with the same data exists, print its ID instead of adding it',
    }),
    ...uploadGroup.flags,
  },
  async read(parsed, context) {
    const options = await uploadGroup.read(parsed, context)
    return {
      ...options,
      upload: {...options.upload, ...keepFailedGroup.read(parsed, context)},
      ifAbsent: parsed['if-absent'],
    }
  },
})

function toSpoolFolder({io}: FlagContext): string {
  return resolvePath(io.env['TMPDIR'] || tmpdir(), io)
}

function warnOnForcedExit(display: FlagDisplay, id: string | undefined): void {
  display.onForcedExit(
    id === undefined ? undefined : `image ${id} was not deleted. To delete it, run: glance delete ${id}`,
  )
}
