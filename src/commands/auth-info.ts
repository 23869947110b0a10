/** `glance auth-info`: prints the settings in effect, their sources, and the service they select. */
import {commonGroup} from '../lib/cli/flags/connection.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {SETTING} from '../lib/work/output/record-kinds.js'
import {type SettingView, settingLines} from '../lib/work/output/setting-view.js'

export default class AuthInfoCommand extends GlanceCommand {
  static override description =
    `Show every setting in effect and where it comes from: a flag, a variable or a file.

Then show the service that the settings select, after a login if one is needed.
Secrets are masked.`
  static override examples = ['glance auth-info', 'glance --os-cloud mycloud auth-info']
  static override flags = {...commonGroup.flags}
  static override records = SETTING
  static override summary = 'Show the settings in effect and where each comes from'

  async run(): Promise<void> {
    const {flags} = await this.parse(AuthInfoCommand)
    const {connection} = this.createSession(flags)
    const {explainSettings} = await import('../lib/identity/settings/explain.js')
    await this.#print(explainSettings(await connection.settings()))
    const {expiresAt} = await (await connection.identity()).session()
    const {project, api} = await connection.service()
    await this.#print([
      {name: 'service', value: api.url, from: 'the Image service in use'},
      {name: 'api_version', value: String(api.version), from: 'used with this service'},
      ...(project ? [{name: 'project', value: project, from: 'the login'}] : []),
      ...(expiresAt ? [{name: 'token_expires', value: expiresAt.toISOString(), from: 'the login'}] : []),
    ])
  }

  async #print(rows: readonly SettingView[]): Promise<void> {
    await this.display.result(
      () => rows.map(({name, value, from}) => ({name, value, source: from})),
      () => settingLines(rows, this.display.columns),
    )
  }
}
