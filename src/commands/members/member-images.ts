/** `glance member-images`: which images are shared with a project. */

import {memberArg} from '../../lib/cli/args.js'
import {commonFlags} from '../../lib/cli/flags/groups.js'
import {GlanceCommand, requireArg} from '../../lib/cli/glance-command.js'
import {membershipLines} from '../../lib/work/output/member-view.js'

export default class MemberImagesCommand extends GlanceCommand {
  static override args = {member: memberArg}
  static override description = 'Lists the images that are shared with a member.'
  static override examples = ['glance member-images tenant1']
  static override flags = {...commonFlags}
  static override summary = 'Lists what is shared with a member'
  static override usage = 'MEMBER'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MemberImagesCommand)
    const missing = 'Please specify the ID of the member as the first argument'
    const member = requireArg(args.member, missing, 'glance member-images tenant1')
    const api = await this.createSession(flags).open()
    const images = await api.memberImages(member, text => this.display.note(text))
    await this.display.result(
      () => images.map(({imageId, canShare, status}) => ({image_id: imageId, can_share: canShare, status})),
      () => membershipLines(images.map(({imageId, canShare, status}) => ({id: imageId, canShare, status}))),
    )
  }
}
