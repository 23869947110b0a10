/** `glance index`: images in brief, one line each. */

import {filtersArg} from '../lib/cli/args.js'
import {commonFlags, forceFlags, listFlags} from '../lib/cli/flags/groups.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {printList} from '../lib/cli/print-list.js'

export default class IndexCommand extends GlanceCommand {
  static override args = {filters: filtersArg}
  static override description =
    `Lists images in brief: public ones, and those of your own that the service adds.

Filters narrow the list; is_public=none lists private images too, where you may see them.
On a terminal you are asked before each further page; with --force, or in a script, all
pages are printed.`
  static override examples = [
    'glance index',
    'glance index disk_format=qcow2 size_min=1000000 distro=lucid',
    'glance index --limit 20 --marker 2f1c3a5e-6d0b-4c58-9d8a-8a4c3f0f1b2a',
    'glance index --sort-key name --sort-dir asc --max-items 100',
  ]
  static override fieldNames = 'filter' as const
  static override flags = {...commonFlags, ...forceFlags, ...listFlags}
  static override summary = 'Lists images in brief'
  static override usage = '[field=value ...]'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(IndexCommand)
    const {tableHeader, tableRow} = await import('../lib/work/output/table.js')
    await printList(this.createSession(flags), {
      words: args.filters ?? [],
      flags,
      fetch: (api, query) => api.index(query),
      lines: (images, isFirst) => [...(isFirst ? tableHeader() : []), ...images.map(tableRow)],
    })
  }
}
