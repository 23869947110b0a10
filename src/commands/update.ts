/** `glance update`: other metadata for an image, or the data it still waits for. */
import {changing, common, purging} from '../lib/cli/flags.js'
import {GlanceCommand, required} from '../lib/cli/glance-command.js'
import {dataSource, uploadSeconds} from '../lib/cli/stdin-data.js'
import {showing} from '../lib/cli/transfer-flags.js'
import {sendingOptions, uploading, uploadOptions} from '../lib/cli/upload-flags.js'
import {idAndFields} from '../lib/cli/words.js'
import {parseDraft} from '../lib/model/draft.js'
import {carryOut} from '../lib/work/change.js'
import {updateImage} from '../lib/work/image-changes.js'

export default class Update extends GlanceCommand {
  static override args = {words: idAndFields}
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
  static override flags = {...common, ...changing, ...purging, ...uploading, ...showing}
  static override summary = "Changes an image's metadata"
  static override words = 'ID field=value ... [< data]'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Update)
    const [first, ...fields] = args.words ?? []
    const id = required(
      first,
      'Please specify the ID of the image you wish to update as the first argument',
      'glance update 12345 name=Foo',
    )
    const source = dataSource(this.io, this.display, flags.file)
    const progress = await this.progress(flags)
    const options = {
      data: source,
      progress,
      notes: this.display,
      sending: sendingOptions(this.io, flags),
      verbose: flags.verbose,
      upload: {...uploadOptions(this.display, flags), serverImport: flags.import},
      purgeProperties: flags['purge-props'],
    }
    const draft = parseDraft(fields, 'update')
    const session = this.session(flags, uploadSeconds(source, draft.draft))
    await carryOut(updateImage(id, draft, options), session)
  }
}
