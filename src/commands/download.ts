/** `glance download`: downloads the data of images into files, or of one image to standard output. */
import {imagesArg} from '../lib/cli/args.js'
import {changeGroup, confirmGroup} from '../lib/cli/flags/changes.js'
import {commonGroup} from '../lib/cli/flags/connection.js'
import {downloadGroup} from '../lib/cli/flags/download.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {carryOut} from '../lib/work/changes/change.js'
import {downloadImages} from '../lib/work/download/to-folder.js'

export default class DownloadCommand extends GlanceCommand {
  static override args = {
    images: imagesArg(
      'Please specify the image identifier as the first argument',
      'glance download ubuntu-24.04 --file disk.qcow2',
    ),
  }
  static override description = `Download the data of images and verify it.

Several images need --dir. Without --file and --dir, the data goes to standard output, which must be a file or a pipe. With
--file, it is written to PATH.part, which is renamed to PATH once it is complete and
verified. A failed download keeps PATH.part, and --resume continues it.`
  static override examples = [
    'glance download ubuntu-24.04 --file disk.qcow2',
    'glance download ubuntu-24.04 --file disk.qcow2 --resume',
    'glance download ubuntu-24.04 debian-12 --dir .',
    'glance download "My Image" | zstd > image.zst',
  ]
  static override flags = {
    ...commonGroup.flags,
    ...confirmGroup.flags,
    ...changeGroup.flags,
    ...downloadGroup.flags,
  }
  static override summary = 'Download the data of images'
  static override usage = 'ID ... [--file PATH | --dir DIR]'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DownloadCommand)
    const names = await this.readIds(args.images)
    const {target, folder, ...settings} = await downloadGroup.read(flags, this)
    const change = downloadImages(names, {file: target, folder, output: this.io.stdout}, settings)
    await carryOut(change, this.createSession(flags))
  }
}
