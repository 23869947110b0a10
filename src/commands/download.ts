/** `glance download`: the data of an image, into a file or to standard output. */

import {imageArg} from '../lib/cli/args.js'
import {changeFlags, commonFlags, forceFlags} from '../lib/cli/flags/groups.js'
import {downloadFlags, keepFailedFlags, progressFlags, verifyFlags} from '../lib/cli/flags/transfer.js'
import {GlanceCommand, requireArg} from '../lib/cli/glance-command.js'
import {resolveDestination} from '../lib/data/part-file.js'
import {usageError} from '../lib/model/errors.js'
import {carryOut} from '../lib/work/changes/change.js'
import {downloadToFile, downloadToOutput} from '../lib/work/download/download.js'

export default class DownloadCommand extends GlanceCommand {
  static override args = {image: imageArg}
  static override description = `Downloads the data of an image, and verifies it.

Without --file it goes to standard output, which must be a file or a pipe. With --file
it arrives in PATH.part, which becomes PATH once all of it is there and verified; what
had arrived when a download failed is left there for --resume.`
  static override examples = [
    'glance download 5 --file disk.qcow2',
    'glance download 5 --file disk.qcow2 --resume',
    'glance download "My Image" | zstd > image.zst',
  ]
  static override flags = {
    ...commonFlags,
    ...forceFlags,
    ...changeFlags,
    ...downloadFlags,
    ...keepFailedFlags,
    ...verifyFlags,
    ...progressFlags,
  }
  static override summary = 'Downloads the data of an image'
  static override usage = 'ID [--file PATH]'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DownloadCommand)
    const missing = 'Please specify the image identifier as the first argument'
    const nameOrId = requireArg(args.image, missing, 'glance download 12345 --file image.raw')
    const {stdout, interrupted: signal} = this.io
    const {'no-verify': noVerify, resume, parallel, 'keep-failed': keepFailed} = flags
    const file = fileFrom(flags)
    const progress = await this.createProgress(flags)
    const settings = {verify: !noVerify, progress, signal, notes: this.display}
    const fileSettings = {...settings, resume, parallel: parallel ?? 1, keepFailed}
    const change =
      file === undefined
        ? downloadToOutput(nameOrId, stdout, settings)
        : downloadToFile(nameOrId, await resolveDestination(file, this.io), fileSettings)
    await carryOut(change, this.createSession(flags))
  }
}

interface FileFlags {
  readonly file?: readonly string[] | undefined
  readonly resume: boolean
  readonly parallel?: number | undefined
  readonly 'keep-failed': boolean
}

/**
 * The file to download into; undefined for standard output.
 * @throws Failure of kind `usage` for several files, and for flags that need one
 */
function fileFrom({file: files = [], resume, parallel, 'keep-failed': keepFailed}: FileFlags) {
  const [file] = files
  if (files.length > 1)
    throw usageError('An image goes into one file', {why: `--file was given ${files.length} times`})
  if (file !== undefined && file !== '-') return file
  const flags = Object.entries({resume, parallel, 'keep-failed': keepFailed})
  const [needsFile] = flags.find(([, value]) => value) ?? []
  if (needsFile !== undefined) throw usageError(`--${needsFile} needs --file PATH`)
  return undefined
}
