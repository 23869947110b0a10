/** `glance store-copy`: copies the data of an image to more stores. */
import {anyStoresArg, imageArg, missingError} from '../../lib/cli/args.js'
import {changeGroup, storeGroup} from '../../lib/cli/flags/changes.js'
import {commonGroup} from '../../lib/cli/flags/connection.js'
import {GlanceCommand} from '../../lib/cli/glance-command.js'
import {carryOut} from '../../lib/work/changes/change.js'
import {copyToStores, requireStores} from '../../lib/work/changes/stores.js'
import {IMAGE_STORE} from '../../lib/work/output/record-kinds.js'

const EXAMPLE = 'glance store-copy ubuntu-24.04 slow'

export default class StoreCopyCommand extends GlanceCommand {
  static override args = {
    image: imageArg('Please specify the image and the stores', EXAMPLE),
    stores: anyStoresArg,
  }
  static override description =
    `Copy the data of an image to more stores of the service, and wait until it is there (v2).

If it cannot be stored in one of several, the others keep it, and the failure is reported.
Most clouds allow this only to administrators.`
  static override examples = [EXAMPLE, 'glance store-copy --all-stores ubuntu-24.04']
  static override flags = {...commonGroup.flags, ...changeGroup.flags, ...storeGroup.flags}
  static override records = IMAGE_STORE
  static override summary = 'Copy the data of an image to more stores'
  static override usage = 'ID STORE ... | --all-stores ID'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(StoreCopyCommand)
    const images = await this.readIds([args.image])
    const {isAll, timeout} = storeGroup.read(flags, this)
    requireStores(args.stores, isAll, () => missingError('Please specify the stores', EXAMPLE))
    const onStep = (text: string) => this.display.note(text)
    const stores = [...new Set(args.stores)]
    await carryOut(copyToStores(images, {stores, timeout, onStep}), this.createSession(flags))
  }
}
