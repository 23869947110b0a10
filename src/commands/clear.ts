/** `glance clear`: removes every image of the caller's. */
import {changeFlags, clearFlags, commonFlags, forceFlags} from '../lib/cli/flags/groups.js'
import {progressFlags} from '../lib/cli/flags/transfer.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {carryOut} from '../lib/work/changes/change.js'
import {clearImages} from '../lib/work/changes/clear.js'
import {NO_PROGRESS} from '../lib/work/progress/progress.js'

export default class ClearCommand extends GlanceCommand {
  static override description = `Deletes all images that are yours, public or not, metadata and data.

Asks first, unless --force is given. Protected images and those of other projects are
left; protected ones are named. With --verbose prints a line for each image.
--all-projects takes the images of other projects as well, after a second question.`
  static override examples = ['glance --dry-run clear', 'glance --verbose clear']
  static override flags = {...commonFlags, ...forceFlags, ...changeFlags, ...clearFlags, ...progressFlags}
  static override summary = 'Deletes all your images'

  async run(): Promise<void> {
    const {flags} = await this.parse(ClearCommand)
    const session = this.createSession(flags)
    const caller = () => session.connection.service()
    const {'all-projects': allProjects, verbose} = flags
    // The lines of --verbose tell the same.
    const progress = verbose && flags.progress === undefined ? NO_PROGRESS : await this.createProgress(flags)
    const change = clearImages({caller, allProjects, verbose, progress})
    await carryOut(change, session)
  }
}
