/** `glance member-delete`: removes members from images. */
import {readSharing, sharingArgs} from '../../lib/cli/args.js'
import {changeGroup} from '../../lib/cli/flags/changes.js'
import {commonGroup} from '../../lib/cli/flags/connection.js'
import {GlanceCommand} from '../../lib/cli/glance-command.js'
import {carryOut} from '../../lib/work/changes/change.js'
import {removeMembers} from '../../lib/work/changes/members.js'
import {CHANGED_MEMBER} from '../../lib/work/output/record-kinds.js'

const EXAMPLE = 'glance member-delete ubuntu-24.04 9c2f4b7e1a0d4e6f8b3a5c7d9e1f2a3b'

export default class MemberDeleteCommand extends GlanceCommand {
  static override args = sharingArgs(EXAMPLE)
  static override description = 'Remove members from an image.'
  static override examples = [EXAMPLE]
  static override flags = {...commonGroup.flags, ...changeGroup.flags}
  static override records = CHANGED_MEMBER
  static override summary = 'Remove members from an image'
  static override usage = 'ID MEMBER ...'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MemberDeleteCommand)
    const session = this.createSession(flags)
    const source = {args, connection: session.connection}
    const sharing = await readSharing(source, ids => this.readIds(ids))
    await carryOut(removeMembers(sharing), session)
  }
}
