/** `glance delete`: deletes images. */
import {anyImagesArg, missingError} from '../lib/cli/args.js'
import {changeGroup, confirmGroup} from '../lib/cli/flags/changes.js'
import {commonGroup} from '../lib/cli/flags/connection.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {carryOut} from '../lib/work/changes/change.js'
import {deleteImages} from '../lib/work/changes/delete.js'
import {DELETED_IMAGE} from '../lib/work/output/record-kinds.js'

export default class DeleteCommand extends GlanceCommand {
  static override args = {images: anyImagesArg}
  static override description = `Delete images: their metadata and their data.

Looks the images up and asks for confirmation, unless --force is given. If some of
several images cannot be deleted, the others are deleted, and the failures are listed.
With --force and without an ID nothing is done, as \`xargs\` runs it for an empty list.`
  static override examples = [
    'glance delete ubuntu-24.04',
    'glance delete --force ubuntu-22.04 debian-12',
    'glance delete --force - < ids.txt',
    'glance index -q name=old | xargs glance delete --force',
  ]
  static override flags = {...commonGroup.flags, ...confirmGroup.flags, ...changeGroup.flags}
  static override records = DELETED_IMAGE
  static override summary = 'Delete images'
  static override usage = 'ID ...'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DeleteCommand)
    const images = await this.readIds(args.images)
    const session = this.createSession(flags)
    if (args.images.every(image => image === '')) return this.#skip(session.consent.isGiven)
    const caller = () => session.connection.caller()
    await carryOut(deleteImages(images, caller), session)
  }

  /** `xargs` without input runs the command once, without an ID. */
  #skip(isForced: boolean): void {
    if (!isForced) {
      const message = 'Please specify the ID of the image you wish to delete as the first argument'
      throw missingError(message, 'glance delete ubuntu-24.04')
    }
    this.display.note('no image is named: nothing to delete')
  }
}
