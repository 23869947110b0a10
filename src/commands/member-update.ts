/** `glance member-update`: a project says whether it takes an image that is shared with it. */
import {changing, common} from '../lib/cli/flags.js'
import {GlanceCommand, required, requiredPair} from '../lib/cli/glance-command.js'
import {image, memberId, memberStatus} from '../lib/cli/words.js'
import {MEMBER_STATUSES} from '../lib/model/fields.js'
import {parseChoice} from '../lib/model/values.js'
import {carryOut} from '../lib/work/change.js'
import {setMemberStatus} from '../lib/work/member-changes.js'

const EXAMPLE = 'glance member-update 12345 tenant1 accepted'

export default class MemberUpdate extends GlanceCommand {
  static override args = {image, member: memberId, status: memberStatus}
  static override description = `Says for a member whether it takes an image that is shared with it (v2).

An accepted image is in the lists of the member; a pending or rejected one is not, but can
be used by its id. Only the member itself may say it.`
  static override examples = [EXAMPLE]
  static override flags = {...common, ...changing}
  static override summary = 'Accepts or rejects a shared image'
  static override words = 'ID MEMBER accepted|rejected|pending'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MemberUpdate)
    const [id, member] = requiredPair(args.image, args.member, EXAMPLE)
    const word = required(args.status, 'Please specify the status: accepted, rejected or pending', EXAMPLE)
    const status = parseChoice(MEMBER_STATUSES, 'status', word)
    await carryOut(setMemberStatus(id, member, status), this.session(flags))
  }
}
