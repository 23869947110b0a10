/** `glance image-members`: lists the members of images. */
import {imagesArg} from '../../lib/cli/args.js'
import {commonGroup} from '../../lib/cli/flags/connection.js'
import {GlanceCommand} from '../../lib/cli/glance-command.js'
import {printEach} from '../../lib/work/changes/several.js'
import {viewMembers} from '../../lib/work/output/member-view.js'
import {MEMBER} from '../../lib/work/output/record-kinds.js'
import {withImage} from '../../lib/work/resolve.js'

export default class ImageMembersCommand extends GlanceCommand {
  static override args = {
    images: imagesArg(
      'Please specify the ID of the image as the first argument',
      'glance image-members ubuntu-24.04',
    ),
  }
  static override description = `List the members of images: the projects that they are shared with.

--verbose adds the status of each member (v2).`
  static override examples = ['glance image-members ubuntu-24.04']
  static override flags = {...commonGroup.flags}
  static override records = MEMBER
  static override summary = 'List the members of images'
  static override usage = 'ID ...'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ImageMembersCommand)
    const names = await this.readIds(args.images)
    const layout = {hasStatus: flags.verbose, columns: this.display.columns, isTitled: names.length > 1}
    const parts = {noun: 'list of members', verb: 'read'}
    await printEach(names, this.createSession(flags), parts, (api, name) =>
      withImage(api, name, async id => viewMembers(id, await api.members(id), layout)),
    )
  }
}
