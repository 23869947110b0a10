/** `glance image-members`: lists the members of an image. */
import {imageArg} from '../../lib/cli/args.js'
import {commonGroup} from '../../lib/cli/flags/connection.js'
import {GlanceCommand} from '../../lib/cli/glance-command.js'
import {membershipLines, membershipRecord} from '../../lib/work/output/member-view.js'
import {MEMBER} from '../../lib/work/output/record-kinds.js'
import {withImage} from '../../lib/work/resolve.js'

export default class ImageMembersCommand extends GlanceCommand {
  static override args = {
    image: imageArg(
      'Please specify the ID of the image as the first argument',
      'glance image-members ubuntu-24.04',
    ),
  }
  static override description = `List the members of an image: the projects that it is shared with.

--verbose adds the status of each member (v2).`
  static override examples = ['glance image-members ubuntu-24.04']
  static override flags = {...commonGroup.flags}
  static override records = MEMBER
  static override summary = 'List the members of an image'
  static override usage = 'ID'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ImageMembersCommand)
    const api = await this.createSession(flags).open()
    const members = await withImage(api, args.image, async imageId =>
      (await api.members(imageId)).map(member => ({...member, imageId, id: member.memberId})),
    )
    const layout = {hasStatus: flags.verbose, columns: this.display.columns}
    await this.display.result(
      () => members.map(membershipRecord),
      () => membershipLines(members, layout),
    )
  }
}
