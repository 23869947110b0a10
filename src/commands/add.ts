/** `glance add`: a new image, with its data from standard input or from elsewhere. */
import {changing, common} from '../lib/cli/flags.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {dataSource, uploadSeconds} from '../lib/cli/stdin-data.js'
import {showing} from '../lib/cli/transfer-flags.js'
import {adding, sendingOptions, uploading, uploadOptions} from '../lib/cli/upload-flags.js'
import {fields} from '../lib/cli/words.js'
import {parseDraft} from '../lib/model/draft.js'
import {carryOut} from '../lib/work/change.js'
import {addImage} from '../lib/work/image-changes.js'

export default class Add extends GlanceCommand {
  static override args = {fields}
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
  static override flags = {...common, ...changing, ...adding, ...uploading, ...showing}
  static override summary = 'Adds a new image'
  static override words = 'field=value ... [< data]'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Add)
    const draft = parseDraft(args.fields ?? [], 'add')
    const source = dataSource(this.io, this.display, flags.file)
    const session = this.session(flags, uploadSeconds(source, draft.draft))
    const progress = await this.progress(flags)
    const options = {
      data: source,
      progress,
      notes: this.display,
      sending: sendingOptions(this.io, flags),
      verbose: flags.verbose,
      upload: uploadOptions(this.display, flags),
      serverImport: flags.import,
      ifAbsent: flags['if-absent'],
      assumedContainer: () => session.door.assumedContainer(),
    }
    await carryOut(addImage(draft, options), session)
  }
}
