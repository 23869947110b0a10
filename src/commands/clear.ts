/** `glance clear`: removes every image of the caller's. */
import {changing, clearing, common, force} from '../lib/cli/flags.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {carryOut} from '../lib/work/change.js'
import {clearImages} from '../lib/work/clear.js'

export default class Clear extends GlanceCommand {
  static override description = `Deletes all images that are yours, public or not, metadata and data.

Asks first, unless --force is given. Protected images and those of other projects are
left; protected ones are named. With --verbose prints a line for each image.
--all-projects takes the images of other projects as well, after a second question.`
  static override examples = ['glance --dry-run clear', 'glance --verbose clear']
  static override flags = {...common, ...force, ...changing, ...clearing}
  static override summary = 'Deletes all your images'

  async run(): Promise<void> {
    const {flags} = await this.parse(Clear)
    const session = this.session(flags)
    const caller = () => session.door.service()
    const change = clearImages({caller, allProjects: flags['all-projects'], verbose: flags.verbose})
    await carryOut(change, session)
  }
}
