/** `glance members-replace`: replaces all members of images with these. */
import {readSharing, sharingArgs} from '../../lib/cli/args.js'
import {changeGroup, confirmGroup, shareGroup} from '../../lib/cli/flags/changes.js'
import {commonGroup} from '../../lib/cli/flags/connection.js'
import {GlanceCommand} from '../../lib/cli/glance-command.js'
import {carryOut} from '../../lib/work/changes/change.js'
import {replaceMembers} from '../../lib/work/changes/members.js'
import {CHANGED_MEMBER} from '../../lib/work/output/record-kinds.js'

const EXAMPLE = 'glance members-replace ubuntu-24.04 9c2f4b7e1a0d4e6f8b3a5c7d9e1f2a3b'

export default class MembersReplaceCommand extends GlanceCommand {
  static override args = sharingArgs(EXAMPLE)
  static override description = `Replace all members of an image with these.

On v2 an image that does not accept members is changed to visibility=shared after
confirmation, or with --force. If a new member does not look like a project ID but the
existing ones do, you are asked first: the service accepts any string.`
  static override examples = [EXAMPLE, `${EXAMPLE} --can-share`]
  static override flags = {
    ...commonGroup.flags,
    ...confirmGroup.flags,
    ...changeGroup.flags,
    ...shareGroup.flags,
  }
  static override records = CHANGED_MEMBER
  static override summary = 'Replace all members of an image with these'
  static override usage = 'ID MEMBER ...'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MembersReplaceCommand)
    const session = this.createSession(flags)
    const source = {args, connection: session.connection, ...shareGroup.read(flags, this)}
    const sharing = await readSharing(source, ids => this.readIds(ids))
    await carryOut(replaceMembers(sharing), session)
  }
}
