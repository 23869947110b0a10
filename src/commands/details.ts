/** `glance details`: all that is known of many images. */
import {common, force, listing} from '../lib/cli/flags.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {printList} from '../lib/cli/list.js'
import {filters} from '../lib/cli/words.js'
import {imageBlock} from '../lib/work/image-view.js'

const RULE = '='.repeat(80)

export default class Details extends GlanceCommand {
  static override args = {filters}
  static override description = `Lists images with all that is known of them.

Takes the filters and flags of \`index\`.`
  static override examples = ['glance details', 'glance details name="Ubuntu 10.04"']
  static override fieldNames = 'filter' as const
  static override flags = {...common, ...force, ...listing}
  static override summary = 'Lists images in detail'
  static override words = '[field=value ...]'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Details)
    await printList(this.session(flags), {
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
