/** `glance member-update`: accepts or rejects shared images. */
import {membershipArgs, readSharing} from '../../lib/cli/args.js'
import {changeGroup} from '../../lib/cli/flags/changes.js'
import {commonGroup} from '../../lib/cli/flags/connection.js'
import {GlanceCommand} from '../../lib/cli/glance-command.js'
import {MEMBER_STATUSES} from '../../lib/model/image.js'
import {parseChoice} from '../../lib/model/values.js'
import {carryOut} from '../../lib/work/changes/change.js'
import {setMemberStatus} from '../../lib/work/changes/members.js'
import {CHANGED_MEMBER} from '../../lib/work/output/record-kinds.js'

const EXAMPLE = 'glance member-update ubuntu-24.04 9c2f4b7e1a0d4e6f8b3a5c7d9e1f2a3b accepted'

export default class MemberUpdateCommand extends GlanceCommand {
  static override args = membershipArgs(EXAMPLE)
  static override description = `Accept or reject an image that is shared with a project (v2).

An accepted image appears in the lists of the member. A pending or rejected one does not,
but can be used by its ID. Only the member itself can change the status.`
  static override examples = [EXAMPLE]
  static override flags = {...commonGroup.flags, ...changeGroup.flags}
  static override records = CHANGED_MEMBER
  static override summary = 'Accept or reject a shared image'
  static override usage = 'ID MEMBER accepted|rejected|pending'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MemberUpdateCommand)
    const status = parseChoice(MEMBER_STATUSES, 'status', args.status)
    const session = this.createSession(flags)
    const source = {args: {image: args.image, members: [args.member]}, connection: session.connection}
    const sharing = await readSharing(source, ids => this.readIds(ids))
    await carryOut(setMemberStatus(sharing, status), session)
  }
}
