/** `glance download`: the data of an image, into a file or to standard output. */
import {changing, common, force} from '../lib/cli/flags.js'
import {GlanceCommand, required} from '../lib/cli/glance-command.js'
import {downloading, keeping, showing, verifying} from '../lib/cli/transfer-flags.js'
import {image} from '../lib/cli/words.js'
import {targetAt} from '../lib/io/part-file.js'
import {usageError} from '../lib/model/errors.js'
import {carryOut} from '../lib/work/change.js'
import {downloadToFile, downloadToOutput} from '../lib/work/download.js'

export default class Download extends GlanceCommand {
  static override args = {image}
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
    ...common,
    ...force,
    ...changing,
    ...downloading,
    ...keeping,
    ...verifying,
    ...showing,
  }
  static override summary = 'Downloads the data of an image'
  static override words = 'ID [--file PATH]'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Download)
    const missing = 'Please specify the image identifier as the first argument'
    const word = required(args.image, missing, 'glance download 12345 --file image.raw')
    const {stdout, interrupted: signal} = this.io
    const {'no-verify': noVerify, resume, parallel, 'keep-failed': keepFailed} = flags
    const file = fileFrom(flags)
    const progress = await this.progress(flags)
    const settings = {verify: !noVerify, progress, signal, notes: this.display}
    const fileSettings = {...settings, resume, parallel: parallel ?? 1, keepFailed}
    const change =
      file === undefined
        ? downloadToOutput(word, stdout, settings)
        : downloadToFile(word, await targetAt(file, this.io), fileSettings)
    await carryOut(change, this.session(flags))
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
