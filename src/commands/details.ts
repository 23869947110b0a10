/** `glance details`: lists images with all their metadata. */
import {filtersArg} from '../lib/cli/args.js'
import {confirmGroup} from '../lib/cli/flags/changes.js'
import {commonGroup} from '../lib/cli/flags/connection.js'
import {listGroup} from '../lib/cli/flags/list.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {printList} from '../lib/cli/print-list.js'
import {imageBlocks} from '../lib/work/output/image-view.js'
import {IMAGE} from '../lib/work/output/record-kinds.js'

export default class DetailsCommand extends GlanceCommand {
  static override args = {filters: filtersArg}
  static override description = `List images with all their metadata.

Takes the filters and options of \`index\`; glance help filters lists the filters.`
  static override examples = ['glance details', 'glance details name="Ubuntu 24.04"']
  static override flags = {...commonGroup.flags, ...confirmGroup.flags, ...listGroup.flags}
  static override records = IMAGE
  static override summary = 'List images in detail'
  static override usage = '[field=value ...]'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DetailsCommand)
    await printList(this.createSession(flags), {
      filters: args.filters,
      options: await listGroup.read(flags, this),
      fetch: (api, query) => api.details(query),
      lines: (images, isFirst) => imageBlocks(images, {isFirst, isHuman: flags.human}),
    })
  }
}
