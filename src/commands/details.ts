/** `glance details`: all that is known of many images. */

import {filtersArg} from '../lib/cli/args.js'
import {commonFlags, forceFlags, listFlags} from '../lib/cli/flags/groups.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {printList} from '../lib/cli/print-list.js'
import {imageBlock} from '../lib/work/output/image-view.js'

const RULE = '='.repeat(80)

export default class DetailsCommand extends GlanceCommand {
  static override args = {filters: filtersArg}
  static override description = `Lists images with all that is known of them.

Takes the filters and flags of \`index\`.`
  static override examples = ['glance details', 'glance details name="Ubuntu 10.04"']
  static override fieldNames = 'filter' as const
  static override flags = {...commonFlags, ...forceFlags, ...listFlags}
  static override summary = 'Lists images in detail'
  static override usage = '[field=value ...]'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DetailsCommand)
    await printList(this.createSession(flags), {
      words: args.filters ?? [],
      flags,
      fetch: (api, query) => api.details(query),
      lines: (images, isFirst) => [
        ...(isFirst ? [RULE] : []),
        ...images.flatMap(image => [...imageBlock(image), RULE]),
      ],
    })
  }
}
