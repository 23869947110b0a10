/** `glance show`: prints all metadata of an image. */
import {imageArg} from '../lib/cli/args.js'
import {commonGroup} from '../lib/cli/flags/connection.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {imageRecord} from '../lib/work/output/image-record.js'
import {imageBlock} from '../lib/work/output/image-view.js'
import {IMAGE} from '../lib/work/output/record-kinds.js'
import {withImage} from '../lib/work/resolve.js'

export default class ShowCommand extends GlanceCommand {
  static override args = {
    image: imageArg('Please specify the image identifier as the first argument', 'glance show ubuntu-24.04'),
  }
  static override description = 'Show all metadata of an image.'
  static override examples = ['glance show 2f1c3a5e-6d0b-4c58-9d8a-8a4c3f0f1b2a', 'glance show ubuntu-24.04']
  static override flags = {...commonGroup.flags}
  static override records = IMAGE
  static override summary = 'Show an image'
  static override usage = 'ID'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ShowCommand)
    const api = await this.createSession(flags).open()
    const image = await withImage(api, args.image, id => api.show(id))
    await this.display.result(
      () => [imageRecord(image)],
      () => imageBlock(image, flags.human),
    )
  }
}
