/** `glance update`: changes the metadata of images, and uploads the data of a queued one. */
import {fieldsArg, imageArg, splitImages} from '../lib/cli/args.js'
import {changeGroup, editGroup} from '../lib/cli/flags/changes.js'
import {commonGroup} from '../lib/cli/flags/connection.js'
import {toFieldArgs, uploadGroup} from '../lib/cli/flags/upload.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {parseDraft} from '../lib/model/draft.js'
import {carryOut} from '../lib/work/changes/change.js'
import {updateImages} from '../lib/work/changes/update-image.js'
import {IMAGE} from '../lib/work/output/record-kinds.js'

export default class UpdateCommand extends GlanceCommand {
  static override args = {
    image: imageArg(
      'Please specify the ID of the image you wish to update as the first argument',
      'glance update ubuntu-24.04 name=noble',
    ),
    fields: fieldsArg('update'),
  }
  static override description = `Update the metadata of images.

The first argument is an image, and so are those without = that follow it. Fields and custom properties that are not given keep their values. With --purge-props,
custom properties that are not given are removed; --unset removes a single one. If a
single image is named and still queued, its data is read from standard input.`
  static override examples = [
    'glance update ubuntu-24.04 is_public=true',
    'glance update ubuntu-24.04 debian-12 distro=noble',
    'glance update ubuntu-24.04 distro=noble --purge-props',
    'glance update ubuntu-24.04 --unset distro --tag tested --untag new',
    'glance update new-disk disk_format=qcow2 container_format=bare < disk.qcow2',
  ]
  static override fieldNames = 'update' as const
  static override flags = {
    ...commonGroup.flags,
    ...changeGroup.flags,
    ...editGroup.flags,
    ...uploadGroup.flags,
  }
  static override records = IMAGE
  static override summary = 'Update the metadata of images'
  static override usage = 'ID ... field=value ... [< data]'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(UpdateCommand)
    const {images, fields} = splitImages(args)
    const draft = parseDraft(toFieldArgs(fields, flags), 'update')
    const ids = await this.readIds(images)
    const options = {...(await uploadGroup.read(flags, this)), ...editGroup.read(flags, this)}
    const session = this.createSession(flags, options.estimateSeconds(draft.draft))
    await carryOut(updateImages(ids, draft, options), session)
  }
}
