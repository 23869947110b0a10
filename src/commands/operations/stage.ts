/** `glance stage`: sends data to the staging area of the service. */
import {imageArg} from '../../lib/cli/args.js'
import {changeGroup} from '../../lib/cli/flags/changes.js'
import {commonGroup} from '../../lib/cli/flags/connection.js'
import {dataGroup} from '../../lib/cli/flags/upload.js'
import {GlanceCommand} from '../../lib/cli/glance-command.js'
import {carryOut} from '../../lib/work/changes/change.js'
import {stageImage} from '../../lib/work/changes/stage.js'
import {IMAGE_STATUS} from '../../lib/work/output/record-kinds.js'

export default class StageCommand extends GlanceCommand {
  static override args = {
    image: imageArg('Please specify the ID of the queued image', 'glance stage new-disk < disk.qcow2'),
  }
  static override description = `Stage the data of a queued image for a later import (v2).

The image is \`uploading\` until its data is imported, with
\`update ID --import glance-direct\`. \`add --import glance-direct\` does both at once.`
  static override examples = ['glance stage new-disk < disk.qcow2', 'glance stage new-disk --file disk.qcow2']
  static override flags = {...commonGroup.flags, ...changeGroup.flags, ...dataGroup.flags}
  static override records = IMAGE_STATUS
  static override summary = 'Stage the data of a queued image for an import'
  static override usage = 'ID [< data]'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(StageCommand)
    const images = await this.readIds([args.image])
    const options = await dataGroup.read(flags, this)
    await carryOut(stageImage(images, options), this.createSession(flags, options.data.seconds))
  }
}
