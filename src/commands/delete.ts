/** `glance delete`: removes images for good. */
import {changing, common, force} from '../lib/cli/flags.js'
import {GlanceCommand, required} from '../lib/cli/glance-command.js'
import {images} from '../lib/cli/words.js'
import {carryOut} from '../lib/work/change.js'
import {deleteImages} from '../lib/work/deletion.js'

export default class Delete extends GlanceCommand {
  static override args = {images}
  static override description = `Deletes images, metadata and data.

Asks first, unless --force is given. Of several images, those that can be deleted are,
and the others are named.`
  static override examples = ['glance delete 5', 'glance delete --force 5 6 7']
  static override flags = {...common, ...force, ...changing}
  static override summary = 'Deletes images'
  static override words = 'ID ...'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Delete)
    const ids = args.images ?? []
    const missing = 'Please specify the ID of the image you wish to delete as the first argument'
    required(ids[0], missing, 'glance delete 12345')
    await carryOut(deleteImages([...new Set(ids)]), this.session(flags))
  }
}
