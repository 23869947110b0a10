/** `glance copy`: copies images from one cloud, region or service to another. */
import {copyArg, imageArg} from '../lib/cli/args.js'
import {prepareTarget} from '../lib/cli/copy-target.js'
import {changeGroup} from '../lib/cli/flags/changes.js'
import {commonGroup} from '../lib/cli/flags/connection.js'
import {chooseTarget, copyGroup, readTargetConnection, withSourceCloud} from '../lib/cli/flags/copy.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {parseDraft} from '../lib/model/draft.js'
import {carryOut} from '../lib/work/changes/change.js'
import {copyImages} from '../lib/work/copy/copy-images.js'
import {parseCopyArguments} from '../lib/work/copy/parse-arguments.js'
import {COPIED_IMAGE} from '../lib/work/output/record-kinds.js'

export default class CopyCommand extends GlanceCommand {
  static override args = {
    image: imageArg(
      'Please specify the image to copy as the first argument',
      'glance copy ubuntu-24.04 prod:',
    ),
    more: copyArg,
  }
  static override description = `Copy images, with their data, to another cloud, region or service.

The image is looked up where the other commands look, or in the cloud of --from. Its
metadata, tags and properties are copied; fields given here replace them. The copy is not
public unless is_public=true is given, and has no members.

The data is sent on as it arrives, without a file in between. It is compared with the
checksum that the source reports and with what the target has stored. A failed copy is
deleted.`
  static override examples = [
    'glance copy ubuntu-24.04 prod:',
    'glance copy ubuntu-24.04 prod:noble is_public=true',
    'glance copy --from dev --to prod --if-absent ubuntu-24.04 debian-12',
    'glance copy --from dev ubuntu-24.04 --to-region west',
    'glance copy ubuntu-24.04 --to-url http://127.0.0.1:9292',
  ]
  static override fieldNames = 'copy' as const
  static override flags = {...commonGroup.flags, ...changeGroup.flags, ...copyGroup.flags}
  static override records = COPIED_IMAGE
  static override summary = 'Copy images to another cloud, region or service'
  static override usage = 'ID ... [CLOUD:[NAME]] [field=value ...]'

  async run(): Promise<void> {
    const {args, flags: given} = await this.parse(CopyCommand)
    const flags = withSourceCloud(given)
    const {images, cloud, fields} = parseCopyArguments(args.image, args.more, flags.to !== undefined)
    const choice = chooseTarget(flags, cloud)
    const names = await this.readIds(images)
    const draft = parseDraft(fields, 'add')
    const options = await copyGroup.read(flags, this)
    const connection = this.connect(readTargetConnection(flags, choice, this))
    const target = await prepareTarget(choice, connection, flags['os-cloud'])
    await carryOut(copyImages(names, draft, {...options, target}), this.createSession(flags))
  }
}
