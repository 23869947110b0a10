/** `glance member-add`: adds members to images. */
import {readSharing, sharingArgs} from '../../lib/cli/args.js'
import {changeGroup, confirmGroup, shareGroup} from '../../lib/cli/flags/changes.js'
import {commonGroup} from '../../lib/cli/flags/connection.js'
import {GlanceCommand} from '../../lib/cli/glance-command.js'
import {carryOut} from '../../lib/work/changes/change.js'
import {addMembers} from '../../lib/work/changes/members.js'
import {CHANGED_MEMBER} from '../../lib/work/output/record-kinds.js'

const EXAMPLE = 'glance member-add ubuntu-24.04 9c2f4b7e1a0d4e6f8b3a5c7d9e1f2a3b'

export default class MemberAddCommand extends GlanceCommand {
  static override args = sharingArgs(EXAMPLE)
  static override description = `Add members to an image that is not public.

On v2 only images with visibility=shared accept members. Another image is changed to
shared after confirmation, or with --force.

If the project is a member already, on v1 --can-share or its absence decides whether it
may share the image further. v2 does not have this right: for --can-share, v1 is used
where the service has both versions and you name none.`
  static override examples = [
    EXAMPLE,
    'glance member-add ubuntu-24.04 build staging production',
    `${EXAMPLE} --can-share`,
  ]
  static override flags = {
    ...commonGroup.flags,
    ...confirmGroup.flags,
    ...changeGroup.flags,
    ...shareGroup.flags,
  }
  static override records = CHANGED_MEMBER
  static override summary = 'Add members to an image'
  static override usage = 'ID MEMBER ...'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MemberAddCommand)
    const session = this.createSession(flags)
    const source = {args, connection: session.connection, ...shareGroup.read(flags, this)}
    const sharing = await readSharing(source, ids => this.readIds(ids))
    await carryOut(addMembers(sharing), session)
  }
}
