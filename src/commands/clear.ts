/** `glance clear`: removes every image of the caller's. */
import {changing, clearing, common, force} from '../lib/cli/flags.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {showing} from '../lib/cli/transfer-flags.js'
import {carryOut} from '../lib/work/change.js'
import {clearImages} from '../lib/work/clear.js'
import {NO_PROGRESS} from '../lib/work/progress.js'

export default class Clear extends GlanceCommand {
  static override description = `Deletes all images that are yours, public or not, metadata and data.

Asks first, unless --force is given. Protected images and those of other projects are
left; protected ones are named. With --verbose prints a line for each image.
--all-projects takes the images of other projects as well, after a second question.`
  static override examples = ['glance --dry-run clear', 'glance --verbose clear']
  static override flags = {...common, ...force, ...changing, ...clearing, ...showing}
  static override summary = 'Deletes all your images'

  async run(): Promise<void> {
    const {flags} = await this.parse(Clear)
    const session = this.session(flags)
    const caller = () => session.door.service()
    const {'all-projects': allProjects, verbose} = flags
    // The lines of --verbose tell the same.
    const progress = verbose && flags.progress === undefined ? NO_PROGRESS : await this.progress(flags)
    const change = clearImages({caller, allProjects, verbose, progress})
    await carryOut(change, session)
  }
}
