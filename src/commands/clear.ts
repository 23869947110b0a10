/** `glance clear`: removes every image of the caller's. */
import {changing, connection, force} from '../lib/cli/flags.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {projectOf} from '../lib/cli/settings.js'
import {carryOut} from '../lib/work/change.js'
import {clearImages} from '../lib/work/clear.js'

export default class Clear extends GlanceCommand {
  static override description = `Deletes all images that are yours, public or not, metadata and data.

Asks first, unless --force is given. Protected images and those of other projects are
left; protected ones are named. With --verbose prints a line for each image.`
  static override examples = ['glance --dry-run clear', 'glance --verbose clear']
  static override flags = {...connection, ...force, ...changing}
  static override summary = 'Deletes all your images'

  async run(): Promise<void> {
    const {flags} = await this.parse(Clear)
    const session = this.session(flags)
    const {authenticated, verbose} = session
    await carryOut(clearImages({project: projectOf(this.io.env), authenticated, verbose}), session)
  }
}
