/** `glance update`: other metadata for an image, or the data it still waits for. */

import {idAndFieldsArg} from '../lib/cli/args.js'
import {dataSource, estimateUploadSeconds} from '../lib/cli/flags/data-source.js'
import {changeFlags, commonFlags, purgeFlags} from '../lib/cli/flags/groups.js'
import {progressFlags} from '../lib/cli/flags/transfer.js'
import {prepareOptions, uploadFlags, uploadOptions} from '../lib/cli/flags/upload.js'
import {GlanceCommand, requireArg} from '../lib/cli/glance-command.js'
import {parseDraft} from '../lib/model/draft.js'
import {carryOut} from '../lib/work/changes/change.js'
import {updateImage} from '../lib/work/changes/images.js'

export default class UpdateCommand extends GlanceCommand {
  static override args = {idAndFields: idAndFieldsArg}
  static override description = `Changes the metadata of an image.

Fields and custom properties that are not named keep their values; with --purge-props
the custom properties that are not named are removed. An image that is still queued
also takes its data from standard input.`
  static override examples = [
    'glance update 5 is_public=true',
    'glance update 5 distro=lucid --purge-props',
    'glance update 5 disk_format=qcow2 container_format=bare < disk.qcow2',
  ]
  static override fieldNames = 'update' as const
  static override flags = {...commonFlags, ...changeFlags, ...purgeFlags, ...uploadFlags, ...progressFlags}
  static override summary = "Changes an image's metadata"
  static override usage = 'ID field=value ... [< data]'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(UpdateCommand)
    const [first, ...fields] = args.idAndFields ?? []
    const nameOrId = requireArg(
      first,
      'Please specify the ID of the image you wish to update as the first argument',
      'glance update 12345 name=Foo',
    )
    const source = dataSource(this.io, this.display, flags.file)
    const progress = await this.createProgress(flags)
    const options = {
      data: source,
      progress,
      notes: this.display,
      prepareOptions: prepareOptions(this.io, flags),
      verbose: flags.verbose,
      upload: {...uploadOptions(this.display, flags), serverImport: flags.import},
      purgeProperties: flags['purge-props'],
    }
    const draft = parseDraft(fields, 'update')
    const session = this.createSession(flags, estimateUploadSeconds(source, draft.draft))
    await carryOut(updateImage(nameOrId, draft, options), session)
  }
}
