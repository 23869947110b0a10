/** `glance show`: prints all metadata of images. */
import {imagesArg} from '../lib/cli/args.js'
import {commonGroup} from '../lib/cli/flags/connection.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {printEach} from '../lib/work/changes/several.js'
import {imageRecord} from '../lib/work/output/image-record.js'
import {imageBlock, imageBlocks} from '../lib/work/output/image-view.js'
import {IMAGE} from '../lib/work/output/record-kinds.js'
import {withImage} from '../lib/work/resolve.js'

export default class ShowCommand extends GlanceCommand {
  static override args = {
    images: imagesArg(
      'Please specify the image identifier as the first argument',
      'glance show ubuntu-24.04',
    ),
  }
  static override description = 'Show all metadata of images, in the order of the arguments.'
  static override examples = [
    'glance show 2f1c3a5e-6d0b-4c58-9d8a-8a4c3f0f1b2a',
    'glance show ubuntu-24.04 debian-12',
  ]
  static override flags = {...commonGroup.flags}
  static override records = IMAGE
  static override summary = 'Show images'
  static override usage = 'ID ...'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ShowCommand)
    const names = await this.readIds(args.images)
    let printed = 0
    await printEach(names, this.createSession(flags), {noun: 'image', verb: 'shown'}, async (api, name) => {
      const image = await withImage(api, name, id => api.show(id))
      return {
        records: [imageRecord(image)],
        lines: () => (names.length === 1 ? imageBlock(image) : imageBlocks([image], printed++ === 0)),
      }
    })
  }
}
