/** `glance deactivate`: forbids the downloads of images. */
import {imagesArg} from '../../lib/cli/args.js'
import {changeGroup} from '../../lib/cli/flags/changes.js'
import {commonGroup} from '../../lib/cli/flags/connection.js'
import {GlanceCommand} from '../../lib/cli/glance-command.js'
import {carryOut} from '../../lib/work/changes/change.js'
import {changeStates} from '../../lib/work/changes/states.js'
import {IMAGE_STATUS} from '../../lib/work/output/record-kinds.js'

export default class DeactivateCommand extends GlanceCommand {
  static override args = {
    images: imagesArg(
      'Please specify the image identifier as the first argument',
      'glance deactivate ubuntu-24.04',
    ),
  }
  static override description = `Deactivate images: only administrators can download their data (v2).

Their metadata can still be read and changed. \`reactivate\` allows the downloads again.`
  static override examples = [
    'glance deactivate ubuntu-24.04',
    'glance --dry-run deactivate ubuntu-22.04 debian-12',
  ]
  static override flags = {...commonGroup.flags, ...changeGroup.flags}
  static override records = IMAGE_STATUS
  static override summary = 'Forbid the downloads of images'
  static override usage = 'ID ...'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DeactivateCommand)
    const images = await this.readIds(args.images)
    await carryOut(changeStates(images, 'deactivate'), this.createSession(flags))
  }
}
