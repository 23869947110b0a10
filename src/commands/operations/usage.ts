/** `glance usage`: shows the quotas of the project. */
import {commonGroup} from '../../lib/cli/flags/connection.js'
import {GlanceCommand} from '../../lib/cli/glance-command.js'
import {requireOperations} from '../../lib/work/operations.js'
import {QUOTA} from '../../lib/work/output/record-kinds.js'
import {quotaRecord} from '../../lib/work/output/service-view.js'

export default class UsageCommand extends GlanceCommand {
  static override description = `Show the quotas of your project, and how much of each is used (v2).

Sizes are in MiB.`
  static override examples = ['glance usage', 'glance usage -o json']
  static override flags = {...commonGroup.flags}
  static override records = QUOTA
  static override summary = 'Show the quotas of the project and their use'

  async run(): Promise<void> {
    const {flags} = await this.parse(UsageCommand)
    const {open} = this.createSession(flags)
    const operations = await requireOperations(await open(), 'quotas')
    const quotas = await operations.usage()
    if (quotas.length === 0) this.display.note('the service has no quotas for this project')
    else await this.display.result(() => quotas.map(quotaRecord))
  }
}
