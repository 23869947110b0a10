/** `glance member-delete`: ends the sharing of an image with a project. */

import {imageArg, memberArg} from '../../lib/cli/args.js'
import {changeFlags, commonFlags} from '../../lib/cli/flags/groups.js'
import {GlanceCommand, requireImageAndMember} from '../../lib/cli/glance-command.js'
import {carryOut} from '../../lib/work/changes/change.js'
import {removeMember} from '../../lib/work/changes/members.js'

export default class MemberDeleteCommand extends GlanceCommand {
  static override args = {image: imageArg, member: memberArg}
  static override description = `Revokes the access of a member to an image.`
  static override examples = ['glance member-delete 1 tenant1']
  static override flags = {...commonFlags, ...changeFlags}
  static override summary = 'Takes an image away from a member'
  static override usage = 'ID MEMBER'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MemberDeleteCommand)
    const [nameOrId, member] = requireImageAndMember(
      args.image,
      args.member,
      'glance member-delete 1 tenant1',
    )
    await carryOut(removeMember(nameOrId, member), this.createSession(flags))
  }
}
