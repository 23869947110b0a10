/** `glance member-delete`: ends the sharing of an image with a project. */
import {changing, common} from '../lib/cli/flags.js'
import {GlanceCommand, requiredPair} from '../lib/cli/glance-command.js'
import {image, memberId} from '../lib/cli/words.js'
import {carryOut} from '../lib/work/change.js'
import {removeMember} from '../lib/work/member-changes.js'

export default class MemberDelete extends GlanceCommand {
  static override args = {image, member: memberId}
  static override description = `Revokes the access of a member to an image.`
  static override examples = ['glance member-delete 1 tenant1']
  static override flags = {...common, ...changing}
  static override summary = 'Takes an image away from a member'
  static override words = 'ID MEMBER'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MemberDelete)
    const [id, member] = requiredPair(args.image, args.member, 'glance member-delete 1 tenant1')
    await carryOut(removeMember(id, member), this.session(flags))
  }
}
