/** `glance store-delete`: deletes the data of an image from one store. */
import {imageArg, storeArg} from '../../lib/cli/args.js'
import {changeGroup, confirmGroup} from '../../lib/cli/flags/changes.js'
import {commonGroup} from '../../lib/cli/flags/connection.js'
import {GlanceCommand} from '../../lib/cli/glance-command.js'
import {carryOut} from '../../lib/work/changes/change.js'
import {deleteFromStore} from '../../lib/work/changes/stores.js'
import {IMAGE_STORE} from '../../lib/work/output/record-kinds.js'

const EXAMPLE = 'glance store-delete ubuntu-24.04 slow'

export default class StoreDeleteCommand extends GlanceCommand {
  static override args = {
    image: imageArg('Please specify the image and the store', EXAMPLE),
    store: storeArg('Please specify the store', EXAMPLE),
  }
  static override description = `Delete the data of an image from one store; other stores keep it (v2).

Asks for confirmation, unless --force is given. The service does not delete the data from
the only store that has it: \`delete\` deletes the image.`
  static override examples = [EXAMPLE, 'glance store-delete --force ubuntu-24.04 slow']
  static override flags = {...commonGroup.flags, ...confirmGroup.flags, ...changeGroup.flags}
  static override records = IMAGE_STORE
  static override summary = 'Delete the data of an image from one store'
  static override usage = 'ID STORE'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(StoreDeleteCommand)
    const images = await this.readIds([args.image])
    const session = this.createSession(flags)
    const caller = () => session.connection.caller()
    await carryOut(deleteFromStore(images, args.store, caller), session)
  }
}
