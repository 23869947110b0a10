/** `glance delete`: removes images for good. */

import {imagesArg} from '../lib/cli/args.js'
import {changeFlags, commonFlags, forceFlags} from '../lib/cli/flags/groups.js'
import {GlanceCommand, requireArg} from '../lib/cli/glance-command.js'
import {carryOut} from '../lib/work/changes/change.js'
import {deleteImages} from '../lib/work/changes/delete.js'

export default class DeleteCommand extends GlanceCommand {
  static override args = {images: imagesArg}
  static override description = `Deletes images, metadata and data.

Asks first, unless --force is given. Of several images, those that can be deleted are,
and the others are named.`
  static override examples = ['glance delete 5', 'glance delete --force 5 6 7']
  static override flags = {...commonFlags, ...forceFlags, ...changeFlags}
  static override summary = 'Deletes images'
  static override usage = 'ID ...'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DeleteCommand)
    const namesOrIds = args.images ?? []
    const missing = 'Please specify the ID of the image you wish to delete as the first argument'
    requireArg(namesOrIds[0], missing, 'glance delete 12345')
    await carryOut(deleteImages([...new Set(namesOrIds)]), this.createSession(flags))
  }
}
