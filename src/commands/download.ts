/** `glance download`: downloads the data of images into files, or of one image to standard output. */
import {imagesArg} from '../lib/cli/args.js'
import {changeGroup, confirmGroup} from '../lib/cli/flags/changes.js'
import {commonGroup} from '../lib/cli/flags/connection.js'
import {downloadGroup} from '../lib/cli/flags/download.js'
import {newestGroup} from '../lib/cli/flags/list.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {carryOut} from '../lib/work/changes/change.js'
import {downloadImages} from '../lib/work/download/to-folder.js'
import {selectImages} from '../lib/work/newest.js'
import {DOWNLOADED_IMAGE} from '../lib/work/output/record-kinds.js'

export default class DownloadCommand extends GlanceCommand {
  static override args = {
    images: imagesArg(
      'Please specify the image identifier as the first argument',
      'glance download ubuntu-24.04 --file disk.qcow2',
    ),
  }
  static override description = `Download the data of images and verify it.

Several images need --dir. Without --file and --dir, the data goes to standard output,
which must be a file or a pipe. With --file, it is written to PATH.part, which is renamed
to PATH once it is complete and verified. A failed download keeps PATH.part, and --resume
continues it.

With --newest, the arguments are filters of \`index\`, and the active image that was created
last is downloaded; an argument without an operator is a name.`
  static override examples = [
    'glance download ubuntu-24.04 --file disk.qcow2',
    'glance download ubuntu-24.04 --file disk.qcow2 --resume',
    'glance download ubuntu-24.04 debian-12 --dir .',
    'glance download "My Image" | zstd > image.zst',
    'glance download --newest name=ubuntu-24.04 --file disk.qcow2',
  ]
  static override flags = {
    ...commonGroup.flags,
    ...confirmGroup.flags,
    ...changeGroup.flags,
    ...downloadGroup.flags,
    ...newestGroup.flags,
  }
  static override records = DOWNLOADED_IMAGE
  static override summary = 'Download the data of images'
  static override usage = 'ID ... | --newest field=value ... [--file PATH | --dir DIR]'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DownloadCommand)
    const {target, folder, ...settings} = await downloadGroup.read(flags, this)
    const session = this.createSession(flags)
    const selection = {isNewest: newestGroup.read(flags, this), defaults: {status: 'active'}}
    const names = await selectImages(session, await this.readIds(args.images), selection)
    const change = downloadImages(names, {file: target, folder, output: this.io.stdout}, settings)
    if (target === undefined && folder === undefined) this.display.leaveOutResults()
    await carryOut(change, session)
  }
}
