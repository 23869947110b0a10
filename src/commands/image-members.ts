/** `glance image-members`: who an image is shared with. */
import {common} from '../lib/cli/flags.js'
import {GlanceCommand, required} from '../lib/cli/glance-command.js'
import {image} from '../lib/cli/words.js'
import {sharingLines} from '../lib/work/member-view.js'
import {withImage} from '../lib/work/resolve.js'

export default class ImageMembers extends GlanceCommand {
  static override args = {image}
  static override description = 'Lists the members of an image: the projects that it is shared with.'
  static override examples = ['glance image-members 3']
  static override flags = {...common}
  static override summary = 'Lists who an image is shared with'
  static override words = 'ID'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ImageMembers)
    const missing = 'Please specify the ID of the image as the first argument'
    const word = required(args.image, missing, 'glance image-members 12345')
    const api = await this.session(flags).open()
    const members = await withImage(api, word, id => api.members(id))
    await this.display.result(
      () =>
        members.map(({memberId, canShare, status}) => ({member_id: memberId, can_share: canShare, status})),
      () => sharingLines(members.map(({memberId, canShare, status}) => ({id: memberId, canShare, status}))),
    )
  }
}
