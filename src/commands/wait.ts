/** `glance wait`: waits until images have a status. */
import {imagesArg} from '../lib/cli/args.js'
import {changeGroup} from '../lib/cli/flags/changes.js'
import {commonGroup} from '../lib/cli/flags/connection.js'
import {waitGroup} from '../lib/cli/flags/wait.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {carryOut} from '../lib/work/changes/change.js'
import {waitForImages} from '../lib/work/changes/wait.js'
import {IMAGE_STATUS} from '../lib/work/output/record-kinds.js'

export default class WaitCommand extends GlanceCommand {
  static override args = {
    images: imagesArg(
      'Please specify the image identifier as the first argument',
      'glance wait --timeout 600 ubuntu-24.04',
    ),
  }
  static override description = `Wait until images have a status, and print a line for each.

Waits for several images at the same time, and without a limit unless --timeout is given.
Exits with 6 at the timeout, and with 7 if an image cannot reach the status any more: it
was killed or deleted, or its import failed. For --until deleted, an image that does not
exist counts as deleted.`
  static override examples = [
    'glance wait --timeout 600 ubuntu-24.04',
    'glance wait ubuntu-24.04 debian-12',
    'glance wait --until deleted 9f0c2c80-0000-4000-8000-000000000000',
  ]
  static override flags = {...commonGroup.flags, ...changeGroup.flags, ...waitGroup.flags}
  static override records = IMAGE_STATUS
  static override summary = 'Wait until images have a status'
  static override usage = 'ID ...'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(WaitCommand)
    const images = await this.readIds(args.images)
    const options = {...(await waitGroup.read(flags, this)), signal: this.io.interrupted}
    await carryOut(waitForImages(images, options), this.createSession(flags))
  }
}
