/** `glance show`: all that is known of one image. */
import {common} from '../lib/cli/flags.js'
import {GlanceCommand, required} from '../lib/cli/glance-command.js'
import {image} from '../lib/cli/words.js'
import {imageBlock} from '../lib/work/image-view.js'
import {imageRecord} from '../lib/work/output/json.js'
import {withImage} from '../lib/work/resolve.js'

export default class Show extends GlanceCommand {
  static override args = {image}
  static override description = 'Shows all that is known of an image.'
  static override examples = ['glance show 3']
  static override flags = {...common}
  static override summary = 'Shows an image'
  static override words = 'ID'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Show)
    const missing = 'Please specify the image identifier as the first argument'
    const word = required(args.image, missing, 'glance show 12345')
    const api = await this.session(flags).open()
    const shown = await withImage(api, word, id => api.show(id))
    await this.display.result(
      () => [imageRecord(shown)],
      () => imageBlock(shown),
    )
  }
}
