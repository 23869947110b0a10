/** Flags of `add`, `update` and `stage` that concern the data. */
import {tmpdir} from 'node:os'
import * as Flags from '@oclif/core/flags'
import {resolvePath} from '../../io/paths.js'
import type {Draft} from '../../model/draft.js'
import {usageError} from '../../model/errors.js'
import type {ImportSource} from '../../model/image.js'
import {connectionFlags} from './connection.js'
import {type FlagContext, type FlagDisplay, flagGroup, standaloneFlag} from './group.js'
import {chooseProgress, progressGroup, silentFlags} from './progress.js'
import {fileGroup, keepFailedGroup, verifyGroup} from './transfer.js'

const IMPORT_METHODS = [
  'web-download',
  'glance-direct',
  'glance-download',
] as const satisfies readonly ImportSource['method'][]

/** Flags of imports. */
const importGroup = flagGroup({
  flags: {
    import: standaloneFlag(
      Flags.option({
        helpValue: 'METHOD',
        description: 'Let the service import the data, and wait until it is done (v2)',
        defaultHelp: async () => 'web-download, of copy_from=',
        options: IMPORT_METHODS,
      })(),
      'web-download',
    ),
    'remote-region': Flags.string({
      helpValue: 'REGION',
      description: 'Region of the other Glance, for --import glance-download',
    }),
    'remote-image-id': Flags.string({helpValue: 'ID', description: 'ID of its image'}),
    'remote-service-interface': Flags.string({
      helpValue: 'INTERFACE',
      description: 'Interface of its endpoint',
      defaultHelp: async () => 'public',
    }),
  },
  read(parsed): ImportSource | undefined {
    const {import: method} = parsed
    const region = parsed['remote-region']
    const imageId = parsed['remote-image-id']
    const serviceInterface = parsed['remote-service-interface']
    if (method === 'glance-download') {
      if (region !== undefined && imageId !== undefined)
        return {method, remote: {region, imageId, serviceInterface}}
      throw usageError('--import glance-download requires --remote-region and --remote-image-id')
    }
    if ((region ?? imageId ?? serviceInterface) !== undefined)
      throw usageError('--remote-region and its like require --import glance-download')
    return method && {method}
  },
})

/**
 * The arguments of a draft, with that of --store.
 * @throws Failure of kind usage for a method of import that there is not: no other argument has no `=`
 */
export function toFieldArgs(
  fields: readonly string[],
  {store, import: method}: {readonly store?: string | undefined; readonly import?: string | undefined},
): readonly string[] {
  const word = method === undefined ? undefined : fields.find(text => !text.includes('='))
  if (word !== undefined)
    throw usageError(`invalid --import '${word}': expected one of ${IMPORT_METHODS.join(', ')}`, {
      advice: 'Write other arguments as field=value.',
    })
  return store === undefined ? fields : [...fields, `store=${store}`]
}

/** Flags of the data to send, and of its preparation. */
export const dataGroup = flagGroup({
  flags: {
    verbose: connectionFlags.verbose,
    ...fileGroup.flags,
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
    const {createDataSource} = await import('./data-source.js')
    return {
      verbose: parsed.verbose,
      data: createDataSource(io, display, fileGroup.read(parsed, context)),
      progress: display.adopt(await chooseProgress(parsed, io)),
      notes: display,
      prepareOptions: {
        allowEmpty: parsed['allow-empty'],
        spoolFolder: parsed.spool ? toSpoolFolder(context) : undefined,
        decompress: parsed.decompress,
        strictFormat: parsed['strict-format'],
        get signal() {
          return io.interrupted
        },
      },
    }
  },
})

/** Flags of uploads. */
export const uploadGroup = flagGroup({
  flags: {
    timeout: connectionFlags.timeout,
    ...dataGroup.flags,
    ...verifyGroup.flags,
    store: Flags.string({helpValue: 'STORE', description: 'Store to upload the data to, as store='}),
    ...importGroup.flags,
  },
  async read(parsed, context) {
    const {display} = context
    const {estimateUploadSeconds} = await import('./data-source.js')
    const options = await dataGroup.read(parsed, context)
    return {
      ...options,
      /** Seconds that the upload of this draft may take. */
      estimateSeconds: (draft: Draft) => estimateUploadSeconds(options.data, draft),
      upload: {
        ...verifyGroup.read(parsed, context),
        allowEmpty: parsed['allow-empty'],
        serverImport: importGroup.read(parsed, context),
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
