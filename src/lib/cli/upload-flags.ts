/** The flags of whatever uploads, in groups, and what they ask of an upload. */
import * as Flags from '@oclif/core/flags'
import type {AddOptions} from '../api/image-api.js'
import type {Io} from '../io/io.js'

/** Flags of whatever uploads. */
export const uploading = {
  'no-verify': Flags.boolean({
    description: 'Do not compute digests while the data is sent, nor compare what was stored',
  }),
  'silent-upload': Flags.boolean({
    description: 'Show no progress of the upload; for old scripts, as none is shown',
  }),
}

/** Flags of `add`. */
export const adding = {
  import: Flags.boolean({description: 'Let the service fetch copy_from= by itself and wait for it (v2)'}),
  'keep-failed': Flags.boolean({
    description: 'Leave the record of an upload that failed or did not verify',
  }),
}

interface UploadFlags {
  readonly 'no-verify': boolean
  readonly 'keep-failed'?: boolean
}

/** How to upload, by these flags; what the user should know goes to standard error. */
export function uploadOptions(io: Io, flags: UploadFlags): AddOptions {
  return {
    verify: !flags['no-verify'],
    keepFailed: flags['keep-failed'] === true,
    onNote: text => void io.stderr.write(`${text}\n`),
    onUnfinished: id =>
      io.farewell(
        id === undefined
          ? undefined
          : `glance: image ${id} is left behind. Delete it with: glance delete ${id}`,
      ),
  }
}
