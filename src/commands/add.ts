/** `glance add`: a new image, with its data from standard input or from elsewhere. */

import {fieldsArg} from '../lib/cli/args.js'
import {dataSource, estimateUploadSeconds} from '../lib/cli/flags/data-source.js'
import {changeFlags, commonFlags} from '../lib/cli/flags/groups.js'
import {progressFlags} from '../lib/cli/flags/transfer.js'
import {addFlags, prepareOptions, uploadFlags, uploadOptions} from '../lib/cli/flags/upload.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {parseDraft} from '../lib/model/draft.js'
import {carryOut} from '../lib/work/changes/change.js'
import {addImage} from '../lib/work/changes/images.js'

export default class AddCommand extends GlanceCommand {
  static override args = {fields: fieldsArg}
  static override description = `Adds a new image.

The data comes from standard input: a file or a pipe. Without data (a terminal, /dev/null)
the image is only registered and stays queued until \`update\` brings its data.
With location= or copy_from= the data is elsewhere, and standard input must bring none.`
  static override examples = [
    'glance add name="My Image" is_public=true < /tmp/images/myimage.iso',
    'qemu-img convert -O raw disk.vmdk /dev/stdout | glance add name=disk',
    'glance add name="Some web image" disk_format=vhd location=http://example.com/images/myimage.vhd',
    'glance --dry-run add name=Foo distro=Ubuntu',
  ]
  static override fieldNames = 'add' as const
  static override flags = {...commonFlags, ...changeFlags, ...addFlags, ...uploadFlags, ...progressFlags}
  static override summary = 'Adds a new image'
  static override usage = 'field=value ... [< data]'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(AddCommand)
    const draft = parseDraft(args.fields ?? [], 'add')
    const source = dataSource(this.io, this.display, flags.file)
    const session = this.createSession(flags, estimateUploadSeconds(source, draft.draft))
    const progress = await this.createProgress(flags)
    const options = {
      data: source,
      progress,
      notes: this.display,
      prepareOptions: prepareOptions(this.io, flags),
      verbose: flags.verbose,
      upload: uploadOptions(this.display, flags),
      serverImport: flags.import,
      ifAbsent: flags['if-absent'],
      guessContainer: () => session.connection.guessContainer(),
    }
    await carryOut(addImage(draft, options), session)
  }
}
