/** `glance reactivate`: allows the downloads of deactivated images again. */
import {imagesArg} from '../../lib/cli/args.js'
import {changeGroup} from '../../lib/cli/flags/changes.js'
import {commonGroup} from '../../lib/cli/flags/connection.js'
import {GlanceCommand} from '../../lib/cli/glance-command.js'
import {carryOut} from '../../lib/work/changes/change.js'
import {changeStates} from '../../lib/work/changes/states.js'
import {IMAGE_STATUS} from '../../lib/work/output/record-kinds.js'

export default class ReactivateCommand extends GlanceCommand {
  static override args = {
    images: imagesArg(
      'Please specify the image identifier as the first argument',
      'glance reactivate ubuntu-24.04',
    ),
  }
  static override description = 'Reactivate images that were deactivated: their data can be downloaded (v2).'
  static override examples = ['glance reactivate ubuntu-24.04']
  static override flags = {...commonGroup.flags, ...changeGroup.flags}
  static override records = IMAGE_STATUS
  static override summary = 'Allow the downloads of deactivated images'
  static override usage = 'ID ...'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ReactivateCommand)
    const images = await this.readIds(args.images)
    await carryOut(changeStates(images, 'reactivate'), this.createSession(flags))
  }
}
