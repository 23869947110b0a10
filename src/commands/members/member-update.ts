/** `glance member-update`: a project says whether it takes an image that is shared with it. */

import {imageArg, memberArg, memberStatusArg} from '../../lib/cli/args.js'
import {changeFlags, commonFlags} from '../../lib/cli/flags/groups.js'
import {GlanceCommand, requireArg, requireImageAndMember} from '../../lib/cli/glance-command.js'
import {MEMBER_STATUSES} from '../../lib/model/fields.js'
import {parseChoice} from '../../lib/model/values.js'
import {carryOut} from '../../lib/work/changes/change.js'
import {setMemberStatus} from '../../lib/work/changes/members.js'

const EXAMPLE = 'glance member-update 12345 tenant1 accepted'

export default class MemberUpdateCommand extends GlanceCommand {
  static override args = {image: imageArg, member: memberArg, status: memberStatusArg}
  static override description = `Says for a member whether it takes an image that is shared with it (v2).

An accepted image is in the lists of the member; a pending or rejected one is not, but can
be used by its id. Only the member itself may say it.`
  static override examples = [EXAMPLE]
  static override flags = {...commonFlags, ...changeFlags}
  static override summary = 'Accepts or rejects a shared image'
  static override usage = 'ID MEMBER accepted|rejected|pending'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MemberUpdateCommand)
    const [nameOrId, member] = requireImageAndMember(args.image, args.member, EXAMPLE)
    const statusArg = requireArg(
      args.status,
      'Please specify the status: accepted, rejected or pending',
      EXAMPLE,
    )
    const status = parseChoice(MEMBER_STATUSES, 'status', statusArg)
    await carryOut(setMemberStatus(nameOrId, member, status), this.createSession(flags))
  }
}
