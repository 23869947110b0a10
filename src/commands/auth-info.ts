/** `glance auth-info`: which settings are in force, where each comes from, and which service they lead to. */
import {common} from '../lib/cli/flags.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {type SettingRow, settingRows} from '../lib/work/setting-view.js'

export default class AuthInfo extends GlanceCommand {
  static override description =
    `Shows every setting in force and where it comes from: a flag, a variable, a file.

Then shows the service that they lead to, after a login if one is needed. Secrets are masked.`
  static override examples = ['glance auth-info', 'glance --os-cloud mycloud auth-info']
  static override flags = {...common}
  static override summary = 'Shows who you are, and why'

  async run(): Promise<void> {
    const {flags} = await this.parse(AuthInfo)
    const {door} = this.session(flags)
    const {explain} = await import('../lib/identity/explain.js')
    await this.#print(explain(await door.settings()))
    const session = await (await door.identity()).session()
    const {project, api} = await door.service()
    await this.#print([
      {name: 'service', value: api.url, from: 'the Image service in use'},
      {name: 'api_version', value: String(api.version), from: 'spoken with it'},
      ...(project === undefined ? [] : [{name: 'project', value: project, from: 'the login'}]),
      ...(session.expiresAt === undefined
        ? []
        : [{name: 'token_expires', value: session.expiresAt.toISOString(), from: 'the login'}]),
    ])
  }

  async #print(rows: readonly SettingRow[]): Promise<void> {
    await this.display.result(
      () => rows.map(row => ({...row})),
      () => settingRows(rows),
    )
  }
}
