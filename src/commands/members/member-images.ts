/** `glance member-images`: lists the images shared with projects. */
import {membersArg} from '../../lib/cli/args.js'
import {commonGroup} from '../../lib/cli/flags/connection.js'
import {GlanceCommand} from '../../lib/cli/glance-command.js'
import {printEach} from '../../lib/work/changes/several.js'
import {viewSharedImages} from '../../lib/work/output/member-view.js'
import {SHARED_IMAGE} from '../../lib/work/output/record-kinds.js'

const EXAMPLE = 'glance member-images 9c2f4b7e1a0d4e6f8b3a5c7d9e1f2a3b'

export default class MemberImagesCommand extends GlanceCommand {
  static override args = {
    members: membersArg('Please specify the ID of the member as the first argument', EXAMPLE),
  }
  static override description = `List the images that are shared with projects.

--verbose adds the status of the project as a member of each image (v2).`
  static override examples = [EXAMPLE]
  static override flags = {...commonGroup.flags}
  static override records = SHARED_IMAGE
  static override summary = 'List the images shared with projects'
  static override usage = 'MEMBER ...'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MemberImagesCommand)
    const names = await this.readIds(args.members)
    const session = this.createSession(flags)
    const layout = {hasStatus: flags.verbose, columns: this.display.columns, isTitled: names.length > 1}
    const parts = {noun: 'list of images', verb: 'read'}
    await printEach(names, session, parts, async (api, name) => {
      const {id} = await session.connection.findProject(name)
      const images = await api.memberImages(id, text => this.display.note(text))
      return viewSharedImages(id, images, layout)
    })
  }
}
