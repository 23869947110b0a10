/** `glance image-members`: who an image is shared with. */

import {imageArg} from '../../lib/cli/args.js'
import {commonFlags} from '../../lib/cli/flags/groups.js'
import {GlanceCommand, requireArg} from '../../lib/cli/glance-command.js'
import {membershipLines} from '../../lib/work/output/member-view.js'
import {withImage} from '../../lib/work/resolve.js'

export default class ImageMembersCommand extends GlanceCommand {
  static override args = {image: imageArg}
  static override description = 'Lists the members of an image: the projects that it is shared with.'
  static override examples = ['glance image-members 3']
  static override flags = {...commonFlags}
  static override summary = 'Lists who an image is shared with'
  static override usage = 'ID'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ImageMembersCommand)
    const missing = 'Please specify the ID of the image as the first argument'
    const nameOrId = requireArg(args.image, missing, 'glance image-members 12345')
    const api = await this.createSession(flags).open()
    const members = await withImage(api, nameOrId, id => api.members(id))
    await this.display.result(
      () =>
        members.map(({memberId, canShare, status}) => ({member_id: memberId, can_share: canShare, status})),
      () =>
        membershipLines(members.map(({memberId, canShare, status}) => ({id: memberId, canShare, status}))),
    )
  }
}
