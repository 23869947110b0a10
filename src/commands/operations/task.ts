/** `glance task`: shows tasks of the service. */
import {tasksArg} from '../../lib/cli/args.js'
import {commonGroup} from '../../lib/cli/flags/connection.js'
import {GlanceCommand} from '../../lib/cli/glance-command.js'
import {TASK} from '../../lib/work/output/record-kinds.js'
import {printTasks} from '../../lib/work/print-tasks.js'

const EXAMPLE = 'glance task 7d5c1c2e-4a53-4d3c-9b1f-0c8e5a6b7f10'

export default class TaskCommand extends GlanceCommand {
  static override args = {tasks: tasksArg('Please specify the ID of the task', EXAMPLE)}
  static override description = `Show tasks of the service by their ids (v2).

Most clouds allow this only to administrators; \`image-tasks\` shows a project its tasks of
an image.`
  static override examples = [EXAMPLE]
  static override flags = {...commonGroup.flags}
  static override records = TASK
  static override summary = 'Show tasks of the service'
  static override usage = 'TASK ...'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(TaskCommand)
    const tasks = await this.readIds(args.tasks)
    await printTasks(tasks, this.createSession(flags))
  }
}
