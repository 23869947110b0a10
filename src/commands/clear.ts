/** `glance clear`: deletes all images of the caller. */
import {changeGroup, clearGroup, confirmGroup} from '../lib/cli/flags/changes.js'
import {commonGroup} from '../lib/cli/flags/connection.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {carryOut} from '../lib/work/changes/change.js'
import {clearImages} from '../lib/work/changes/clear.js'
import {DELETED_IMAGE} from '../lib/work/output/record-kinds.js'

export default class ClearCommand extends GlanceCommand {
  static override description = `Delete all your images, public or not: their metadata and their data.

Asks for confirmation, unless --force is given. Protected images and images of other
projects are kept; protected ones are listed. --verbose prints a line for each image.
--all-projects includes the images of other projects, and asks a second time.`
  static override examples = ['glance --dry-run clear', 'glance --verbose clear']
  static override flags = {
    ...commonGroup.flags,
    ...confirmGroup.flags,
    ...changeGroup.flags,
    ...clearGroup.flags,
  }
  static override records = DELETED_IMAGE
  static override summary = 'Delete all your images'

  async run(): Promise<void> {
    const {flags} = await this.parse(ClearCommand)
    const session = this.createSession(flags)
    const caller = () => session.connection.caller()
    await carryOut(clearImages({...(await clearGroup.read(flags, this)), caller}), session)
  }
}
