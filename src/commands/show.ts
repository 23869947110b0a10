/** `glance show`: all that is known of one image. */

import {imageArg} from '../lib/cli/args.js'
import {commonFlags} from '../lib/cli/flags/groups.js'
import {GlanceCommand, requireArg} from '../lib/cli/glance-command.js'
import {imageBlock} from '../lib/work/output/image-view.js'
import {imageRecord} from '../lib/work/output/json.js'
import {withImage} from '../lib/work/resolve.js'

export default class ShowCommand extends GlanceCommand {
  static override args = {image: imageArg}
  static override description = 'Shows all that is known of an image.'
  static override examples = ['glance show 3']
  static override flags = {...commonFlags}
  static override summary = 'Shows an image'
  static override usage = 'ID'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ShowCommand)
    const missing = 'Please specify the image identifier as the first argument'
    const nameOrId = requireArg(args.image, missing, 'glance show 12345')
    const api = await this.createSession(flags).open()
    const image = await withImage(api, nameOrId, id => api.show(id))
    await this.display.result(
      () => [imageRecord(image)],
      () => imageBlock(image),
    )
  }
}
