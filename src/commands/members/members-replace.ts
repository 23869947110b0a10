/** `glance members-replace`: shares an image with one project and nobody else. */

import {imageArg, memberArg} from '../../lib/cli/args.js'
import {changeFlags, commonFlags, forceFlags, shareFlags} from '../../lib/cli/flags/groups.js'
import {GlanceCommand, requireImageAndMember} from '../../lib/cli/glance-command.js'
import {carryOut} from '../../lib/work/changes/change.js'
import {replaceMembers} from '../../lib/work/changes/members.js'

export default class MembersReplaceCommand extends GlanceCommand {
  static override args = {image: imageArg, member: memberArg}
  static override description = `Revokes all memberships of an image and makes this member its only one.

On v2 an image that takes no members is switched to visibility=shared after a yes, or with --force.
So is a member accepted that is no id of a project where the others are ids: clouds take any word.`
  static override examples = [
    'glance members-replace 1 tenant1',
    'glance members-replace 1 tenant1 --can-share',
  ]
  static override flags = {...commonFlags, ...forceFlags, ...changeFlags, ...shareFlags}
  static override summary = 'Makes a member the only one'
  static override usage = 'ID MEMBER'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MembersReplaceCommand)
    const [nameOrId, member] = requireImageAndMember(
      args.image,
      args.member,
      'glance members-replace 1 tenant1 --can-share',
    )
    await carryOut(
      replaceMembers(nameOrId, {memberId: member, canShare: flags['can-share']}),
      this.createSession(flags),
    )
  }
}
