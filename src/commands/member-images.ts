/** `glance member-images`: which images are shared with a project. */
import {common} from '../lib/cli/flags.js'
import {GlanceCommand, required} from '../lib/cli/glance-command.js'
import {memberId} from '../lib/cli/words.js'
import {sharingLines} from '../lib/work/member-view.js'

export default class MemberImages extends GlanceCommand {
  static override args = {member: memberId}
  static override description = 'Lists the images that are shared with a member.'
  static override examples = ['glance member-images tenant1']
  static override flags = {...common}
  static override summary = 'Lists what is shared with a member'
  static override words = 'MEMBER'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MemberImages)
    const missing = 'Please specify the ID of the member as the first argument'
    const member = required(args.member, missing, 'glance member-images tenant1')
    const {door} = this.session(flags)
    const {api, project} = await door.service()
    if (api.membersAnswer && project !== undefined && project !== member)
      this.display.note(`what others share with ${member} is not listed for you`)
    const images = await api.memberImages(member)
    await this.display.result(
      () => images.map(({imageId, canShare, status}) => ({image_id: imageId, can_share: canShare, status})),
      () => sharingLines(images.map(({imageId, canShare, status}) => ({id: imageId, canShare, status}))),
    )
  }
}
