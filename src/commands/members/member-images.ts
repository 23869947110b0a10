/** `glance member-images`: lists the images shared with a project. */
import {memberArg} from '../../lib/cli/args.js'
import {commonGroup} from '../../lib/cli/flags/connection.js'
import {GlanceCommand} from '../../lib/cli/glance-command.js'
import {membershipLines, membershipRecord} from '../../lib/work/output/member-view.js'
import {SHARED_IMAGE} from '../../lib/work/output/record-kinds.js'

const EXAMPLE = 'glance member-images 9c2f4b7e1a0d4e6f8b3a5c7d9e1f2a3b'

export default class MemberImagesCommand extends GlanceCommand {
  static override args = {
    member: memberArg('Please specify the ID of the member as the first argument', EXAMPLE),
  }
  static override description = `List the images that are shared with a project.

--verbose adds the status of the project as a member of each image (v2).`
  static override examples = [EXAMPLE]
  static override flags = {...commonGroup.flags}
  static override records = SHARED_IMAGE
  static override summary = 'List the images shared with a project'
  static override usage = 'MEMBER'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MemberImagesCommand)
    const api = await this.createSession(flags).open()
    const images = await api.memberImages(args.member, text => this.display.note(text))
    const layout = {hasStatus: flags.verbose, columns: this.display.columns}
    await this.display.result(
      () => images.map(image => membershipRecord({memberId: args.member, ...image})),
      () =>
        membershipLines(
          images.map(image => ({...image, id: image.imageId})),
          layout,
        ),
    )
  }
}
