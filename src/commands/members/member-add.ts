/** `glance member-add`: shares an image with a project. */

import {imageArg, memberArg} from '../../lib/cli/args.js'
import {changeFlags, commonFlags, forceFlags, shareFlags} from '../../lib/cli/flags/groups.js'
import {GlanceCommand, requireImageAndMember} from '../../lib/cli/glance-command.js'
import {carryOut} from '../../lib/work/changes/change.js'
import {addMember} from '../../lib/work/changes/members.js'

export default class MemberAddCommand extends GlanceCommand {
  static override args = {image: imageArg, member: memberArg}
  static override description = `Grants a member access to an image that is not public.

On v2 only images whose visibility is shared take members; another one is switched to it after
a yes, or with --force.

Somebody who is a member already stays one; --can-share then decides anew whether the member
may share the image further. Only v1 has that right; a service that speaks both versions gives
it with --os-image-api-version 1.`
  static override examples = ['glance member-add 1 tenant1', 'glance member-add 1 tenant2 --can-share']
  static override flags = {...commonFlags, ...forceFlags, ...changeFlags, ...shareFlags}
  static override summary = 'Shares an image with a member'
  static override usage = 'ID MEMBER'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MemberAddCommand)
    const [nameOrId, member] = requireImageAndMember(
      args.image,
      args.member,
      'glance member-add 1 tenant2 --can-share',
    )
    await carryOut(
      addMember(nameOrId, {memberId: member, canShare: flags['can-share']}),
      this.createSession(flags),
    )
  }
}
