/** `glance members-replace`: shares an image with one project and nobody else. */
import {changing, common, force, sharing} from '../lib/cli/flags.js'
import {GlanceCommand, requiredPair} from '../lib/cli/glance-command.js'
import {image, memberId} from '../lib/cli/words.js'
import {carryOut} from '../lib/work/change.js'
import {replaceMembers} from '../lib/work/member-changes.js'

export default class MembersReplace extends GlanceCommand {
  static override args = {image, member: memberId}
  static override description = `Revokes all memberships of an image and makes this member its only one.

On v2 an image that takes no members is switched to visibility=shared after a yes, or with --force.
So is a member accepted that is no id of a project where the others are ids: clouds take any word.`
  static override examples = [
    'glance members-replace 1 tenant1',
    'glance members-replace 1 tenant1 --can-share',
  ]
  static override flags = {...common, ...force, ...changing, ...sharing}
  static override summary = 'Makes a member the only one'
  static override words = 'ID MEMBER'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MembersReplace)
    const [id, member] = requiredPair(args.image, args.member, 'glance members-replace 1 tenant1 --can-share')
    await carryOut(replaceMembers(id, {memberId: member, canShare: flags['can-share']}), this.session(flags))
  }
}
