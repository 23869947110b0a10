/** `glance add`: creates an image, with data from standard input, a file or a URL. */
import {fieldsArg} from '../lib/cli/args.js'
import {changeGroup} from '../lib/cli/flags/changes.js'
import {commonGroup} from '../lib/cli/flags/connection.js'
import {addGroup, toFieldArgs} from '../lib/cli/flags/upload.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {parseDraft} from '../lib/model/draft.js'
import {carryOut} from '../lib/work/changes/change.js'
import {addImage} from '../lib/work/changes/images.js'
import {ADDED_IMAGE} from '../lib/work/output/record-kinds.js'

export default class AddCommand extends GlanceCommand {
  static override args = {fields: fieldsArg('add')}
  static override description = `Add an image.

The data is read from standard input: a file or a pipe. Without data (a terminal,
/dev/null) the image is only registered, and stays queued until \`update\` uploads its data.
With location= or copy_from= the data comes from a URL, and standard input must be empty.`
  static override examples = [
    'glance add name="My Image" is_public=true < myimage.iso',
    'zstdcat disk.raw.zst | glance add name=disk',
    'curl -fsSL https://example.com/disk.qcow2 | glance add name=disk',
    'glance add name="Some web image" disk_format=vhd location=http://example.com/disk.vhd',
    'glance add name=disk --import glance-direct --file disk.qcow2',
    'glance --dry-run add name=Foo distro=Ubuntu',
  ]
  static override fieldNames = 'add' as const
  static override flags = {...commonGroup.flags, ...changeGroup.flags, ...addGroup.flags}
  static override records = ADDED_IMAGE
  static override summary = 'Add an image'
  static override usage = 'field=value ... [< data]'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(AddCommand)
    const draft = parseDraft(toFieldArgs(args.fields, flags), 'add')
    const options = await addGroup.read(flags, this)
    const session = this.createSession(flags, options.estimateSeconds(draft.draft))
    const guessContainer = (given?: string) => session.connection.guessContainer(given)
    await carryOut(addImage(draft, {...options, guessContainer}), session)
  }
}
