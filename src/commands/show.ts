/** `glance show`: prints all metadata of images. */
import {imagesArg} from '../lib/cli/args.js'
import {commonGroup} from '../lib/cli/flags/connection.js'
import {newestGroup} from '../lib/cli/flags/list.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {printEach} from '../lib/work/changes/several.js'
import {selectImages} from '../lib/work/newest.js'
import {imageRecord} from '../lib/work/output/image-record.js'
import {createBlockFormatter} from '../lib/work/output/image-view.js'
import {IMAGE} from '../lib/work/output/record-kinds.js'
import {withImage} from '../lib/work/resolve.js'

export default class ShowCommand extends GlanceCommand {
  static override args = {
    images: imagesArg(
      'Please specify the image identifier as the first argument',
      'glance show ubuntu-24.04',
    ),
  }
  static override description = `Show all metadata of images, in the order of the arguments.

With --newest, the arguments are filters of \`index\`, and the image that was created last
is shown; an argument without an operator is a name.`
  static override examples = [
    'glance show 2f1c3a5e-6d0b-4c58-9d8a-8a4c3f0f1b2a',
    'glance show ubuntu-24.04 debian-12',
    'glance show --newest name=ubuntu-24.04 status=active',
  ]
  static override flags = {...commonGroup.flags, ...newestGroup.flags}
  static override records = IMAGE
  static override summary = 'Show images'
  static override usage = 'ID ... | --newest field=value ...'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ShowCommand)
    const session = this.createSession(flags)
    const isNewest = newestGroup.read(flags, this)
    const names = await selectImages(session, await this.readIds(args.images), {isNewest})
    const format = createBlockFormatter(names.length === 1, flags.human)
    await printEach(names, session, {noun: 'image', verb: 'shown'}, async (api, name) => {
      const image = await withImage(api, name, id => api.show(id))
      return {records: [imageRecord(image)], lines: () => format(image)}
    })
  }
}
