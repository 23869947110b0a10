/** `glance index`: lists images, one line each. */
import {filtersArg} from '../lib/cli/args.js'
import {confirmGroup} from '../lib/cli/flags/changes.js'
import {commonGroup} from '../lib/cli/flags/connection.js'
import {listGroup} from '../lib/cli/flags/list.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {printList} from '../lib/cli/print-list.js'
import {BRIEF_FIELDS, IMAGE} from '../lib/work/output/record-kinds.js'

export default class IndexCommand extends GlanceCommand {
  static override args = {filters: filtersArg}
  static override description =
    `List images briefly: public images, and those of your own that the service includes.

Filters narrow the list; is_public=none includes private images that you may see.
The newest images come first, unless --sort is given; --newest lists only the first one.
On a terminal, the table is narrowed to fit, and each further page of --limit images is
printed on request. With --force, or without a terminal, all images are printed; without
a terminal and --force, --limit N ends the list after N images.

For scripts, write -o json -c id,name in place of -f json -c ID -c Name of \`openstack\`, --json
id,name of \`gh\` and -o json of \`kubectl\`. -f is --force here.`
  static override examples = [
    'glance index',
    'glance index disk_format=qcow2 size_min=1000000 distro=noble',
    'glance index --limit 20 --marker 2f1c3a5e-6d0b-4c58-9d8a-8a4c3f0f1b2a',
    'glance index status=in:queued,saving',
    "glance index 'created_at<-30d' 'size>=1GiB'",
    "glance index 'updated_at>=2026-01-31' 'updated_at<2026-02-28'",
    'glance index --sort name:asc,size:desc --max-items 100',
    'glance index --newest name=ubuntu-24.04',
    'glance index -o json -c id,name,size,properties.distro',
    'glance index -o value -c id,name',
    'glance index -q name=old | xargs glance delete --force',
  ]
  static override fieldNames = 'filter' as const
  static override flags = {...commonGroup.flags, ...confirmGroup.flags, ...listGroup.flags}
  static override records = IMAGE
  static override summary = 'List images briefly'
  static override usage = '[field=value ...]'

  async run(): Promise<void> {
    const {args, flags} = await this.parse(IndexCommand)
    const session = this.createSession(flags)
    const needsDetails = this.display.needsMoreThan(BRIEF_FIELDS)
    await printList(session, {
      filters: args.filters,
      options: await listGroup.read(flags, this),
      fetch: (api, query) => (needsDetails ? api.details(query) : api.index(query)),
    })
  }
}
