/** `glance image-tasks`: lists the tasks of images. */
import {imagesArg} from '../../lib/cli/args.js'
import {commonGroup} from '../../lib/cli/flags/connection.js'
import {GlanceCommand} from '../../lib/cli/glance-command.js'
import {TASK} from '../../lib/work/output/record-kinds.js'
import {printImageTasks} from '../../lib/work/print-tasks.js'

export default class ImageTasksCommand extends GlanceCommand {
  static override args = {
    images: imagesArg(
      'Please specify the image identifier as the first argument',
      'glance image-tasks ubuntu-24.04',
    ),
  }
  static override description =
    `List the tasks of images: the imports and copies of their data, the oldest first (v2).

The service forgets a task after some days.`
  static override examples = ['glance image-tasks ubuntu-24.04']
  static override flags = {...commonGroup.flags}
  static override records = TASK
  static override summary = 'List the tasks of images'
  static override usage = 'ID ...'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ImageTasksCommand)
    const images = await this.readIds(args.images)
    await printImageTasks(images, this.createSession(flags))
  }
}
