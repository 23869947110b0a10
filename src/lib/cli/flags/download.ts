/** Flags of `download`. */
import * as Flags from '@oclif/core/flags'
import {usageError} from '../../model/errors.js'
import {flagGroup, numberFlag, wholeNumber} from './group.js'
import {progressGroup} from './progress.js'
import {fileGroup, keepFailedGroup, verifyGroup} from './transfer.js'

export const downloadGroup = flagGroup({
  flags: {
    ...fileGroup.flags,
    dir: Flags.string({
      helpValue: 'DIR',
      description: 'Write each image into this folder, as ID.FORMAT; for several images',
    }),
    resume: Flags.boolean({description: 'Continue an earlier download into the same file'}),
    parallel: numberFlag({
      helpValue: 'N',
      description: 'Download N ranges in parallel, if the service supports ranges',
      defaultHelp: async () => '1',
      ...wholeNumber('parallel', 1, 32),
    }),
    ...keepFailedGroup.flags,
    ...verifyGroup.flags,
    ...progressGroup.flags,
  },
  async read(parsed, context) {
    const path = requireFile(fileGroup.read(parsed, context), parsed)
    const {resolveDestination, resolveFolder} = await import('../../data/destination.js')
    const {io, display} = context
    return {
      /** Undefined for standard output. */
      target: path === undefined ? undefined : await resolveDestination(path, io),
      /** Undefined for a file and for standard output. */
      folder: parsed.dir === undefined ? undefined : await resolveFolder(parsed.dir, io),
      resume: parsed.resume,
      parallel: parsed.parallel ?? 1,
      ...keepFailedGroup.read(parsed, context),
      ...verifyGroup.read(parsed, context),
      progress: await progressGroup.read(parsed, context),
      notes: display,
      signal: io.interrupted,
    }
  },
})

type FileOnlyFlags = Readonly<
  Record<'resume' | 'parallel' | 'keep-failed', boolean | number | undefined> & {dir?: string | undefined}
>

/**
 * The file to download into; undefined for standard output.
 * @throws Failure of kind `usage` for standard output with flags that only files have
 */
function requireFile(path: string | undefined, flags: FileOnlyFlags): string | undefined {
  if (path !== undefined && flags.dir !== undefined) throw usageError('--file and --dir exclude each other')
  if (flags.dir !== undefined) return undefined
  if (path !== undefined && path !== '-') return path
  const needsFile = (['resume', 'parallel', 'keep-failed'] as const).find(name => flags[name])
  if (needsFile !== undefined) throw usageError(`--${needsFile} requires --file PATH or --dir DIR`)
  return undefined
}
