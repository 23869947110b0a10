/** The flags of whatever uploads, in groups, and what they ask of an upload. */
import {tmpdir} from 'node:os'
import * as Flags from '@oclif/core/flags'
import type {AddOptions} from '../../api/image-api.js'
import type {Io} from '../../io/io.js'
import {resolvePath} from '../../io/paths.js'
import type {PrepareOptions} from '../../work/upload/prepare.js'
import type {Display} from '../display.js'
import {fileFlags, keepFailedFlags, verifyFlags} from './transfer.js'

/** Flags of whatever uploads. */
export const uploadFlags = {
  ...fileFlags,
  ...verifyFlags,
  import: Flags.boolean({description: 'Let the service fetch copy_from= by itself and wait for it (v2)'}),
  'allow-empty': Flags.boolean({description: 'Take an input without a byte for an image of 0 bytes'}),
  spool: Flags.boolean({
    description: 'Keep a copy of a pipe in $TMPDIR, so that it can be sent again when the connection breaks',
  }),
  decompress: Flags.boolean({description: 'Unpack gzip, xz, bzip2 and zstd data on the way'}),
  'strict-format': Flags.boolean({description: 'Fail when the data is not of its disk_format'}),
  'silent-upload': Flags.boolean({
    description: 'Show no progress of the upload; the old word for --no-progress',
  }),
}

/** Flags of `add`. */
export const addFlags = {
  ...keepFailedFlags,
  'if-absent': Flags.boolean({
    description: 'Add nothing when you can see an image with the same data, and print its ID',
  }),
}

interface UploadFlags {
  readonly 'no-verify': boolean
  readonly 'keep-failed'?: boolean
  readonly 'allow-empty': boolean
  readonly 'strict-format': boolean
  readonly spool: boolean
  readonly decompress: boolean
}

/** What to do with data before it is sent, by these flags. */
export function prepareOptions(io: Io, flags: UploadFlags): PrepareOptions {
  return {
    allowEmpty: flags['allow-empty'],
    spoolFolder: flags.spool ? resolvePath(io.env['TMPDIR'] || tmpdir(), io) : undefined,
    decompress: flags.decompress,
    strictFormat: flags['strict-format'],
    signal: io.interrupted,
  }
}

/** The options of an upload, from these flags. */
export function uploadOptions(display: Display, flags: UploadFlags): AddOptions {
  return {
    verify: !flags['no-verify'],
    allowEmpty: flags['allow-empty'],
    keepFailed: flags['keep-failed'] === true,
    onNote: text => display.note(text),
    onUnfinished: id =>
      display.onForcedExit(
        id === undefined ? undefined : `image ${id} is left behind. Delete it with: glance delete ${id}`,
      ),
  }
}
