/** `glance member-add`: shares an image with a project. */
import {changing, common, force, sharing} from '../lib/cli/flags.js'
import {GlanceCommand, requiredPair} from '../lib/cli/glance-command.js'
import {image, memberId} from '../lib/cli/words.js'
import {carryOut} from '../lib/work/change.js'
import {addMember} from '../lib/work/member-changes.js'

export default class MemberAdd extends GlanceCommand {
  static override args = {image, member: memberId}
  static override description = `Grants a member access to an image that is not public.

On v2 only images whose visibility is shared take members; another one is switched to it after
a yes, or with --force.

Somebody who is a member already stays one; --can-share then decides anew whether the member
may share the image further. Only v1 has that right; a service that speaks both versions gives
it with --os-image-api-version 1.`
  static override examples = ['glance member-add 1 tenant1', 'glance member-add 1 tenant2 --can-share']
  static override flags = {...common, ...force, ...changing, ...sharing}
  static override summary = 'Shares an image with a member'
  static override words = 'ID MEMBER'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MemberAdd)
    const [id, member] = requiredPair(args.image, args.member, 'glance member-add 1 tenant2 --can-share')
    await carryOut(addMember(id, {memberId: member, canShare: flags['can-share']}), this.session(flags))
  }
}
