/** `glance store-list`: lists the stores of the service. */
import {commonGroup} from '../../lib/cli/flags/connection.js'
import {GlanceCommand} from '../../lib/cli/glance-command.js'
import {requireOperations} from '../../lib/work/operations.js'
import {STORE} from '../../lib/work/output/record-kinds.js'
import {storeRecord} from '../../lib/work/output/service-view.js'

export default class StoreListCommand extends GlanceCommand {
  static override description = `List the stores in which the service keeps image data (v2).

\`show\` prints the stores of an image, and store= or --store chooses that of an upload.`
  static override examples = ['glance store-list', 'glance store list -o value -c id']
  static override flags = {...commonGroup.flags}
  static override records = STORE
  static override summary = 'List the stores of the service'

  async run(): Promise<void> {
    const {flags} = await this.parse(StoreListCommand)
    const {open} = this.createSession(flags)
    const operations = await requireOperations(await open(), 'stores')
    const stores = await operations.stores()
    await this.display.result(() => stores.map(storeRecord))
  }
}
