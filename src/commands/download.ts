/** `glance download`: downloads the data of an image into a file or to standard output. */
import {imageArg} from '../lib/cli/args.js'
import {changeGroup, confirmGroup} from '../lib/cli/flags/changes.js'
import {commonGroup} from '../lib/cli/flags/connection.js'
import {downloadGroup} from '../lib/cli/flags/download.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {carryOut} from '../lib/work/changes/change.js'
import {downloadToFile, downloadToOutput} from '../lib/work/download/download.js'
import {DOWNLOADED_IMAGE} from '../lib/work/output/record-kinds.js'

export default class DownloadCommand extends GlanceCommand {
  static override args = {
    image: imageArg(
      'Please specify the image identifier as the first argument',
      'glance download ubuntu-24.04 --file disk.qcow2',
    ),
  }
  static override description = `Download the data of an image and verify it.

Without --file, the data goes to standard output, which must be a file or a pipe. With
--file, it is written to PATH.part, which is renamed to PATH once it is complete and
verified. A failed download keeps PATH.part, and --resume continues it.`
  static override examples = [
    'glance download ubuntu-24.04 --file disk.qcow2',
    'glance download ubuntu-24.04 --file disk.qcow2 --resume',
    'glance download "My Image" | zstd > image.zst',
  ]
  static override flags = {
    ...commonGroup.flags,
    ...confirmGroup.flags,
    ...changeGroup.flags,
    ...downloadGroup.flags,
  }
  static override records = DOWNLOADED_IMAGE
  static override summary = 'Download the data of an image'
  static override usage = 'ID [--file PATH]'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DownloadCommand)
    const {target, ...settings} = await downloadGroup.read(flags, this)
    const change =
      target === undefined
        ? downloadToOutput(args.image, this.io.stdout, settings)
        : downloadToFile(args.image, target, settings)
    const session = this.createSession(flags)
    if (target === undefined) this.display.leaveOutResults()
    await carryOut(change, session)
  }
}
