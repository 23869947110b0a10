/** `glance auth-info`: which settings are in force, where each comes from, and which service they lead to. */
import {commonFlags} from '../lib/cli/flags/groups.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {type SettingView, settingLines} from '../lib/work/output/setting-view.js'

export default class AuthInfoCommand extends GlanceCommand {
  static override description =
    `Shows every setting in force and where it comes from: a flag, a variable, a file.

Then shows the service that they lead to, after a login if one is needed. Secrets are masked.`
  static override examples = ['glance auth-info', 'glance --os-cloud mycloud auth-info']
  static override flags = {...commonFlags}
  static override summary = 'Shows who you are, and why'

  async run(): Promise<void> {
    const {flags} = await this.parse(AuthInfoCommand)
    const {connection} = this.createSession(flags)
    const {explainSettings} = await import('../lib/identity/settings/explain.js')
    await this.#print(explainSettings(await connection.settings()))
    const session = await (await connection.identity()).session()
    const {project, api} = await connection.service()
    await this.#print([
      {name: 'service', value: api.url, from: 'the Image service in use'},
      {name: 'api_version', value: String(api.version), from: 'spoken with it'},
      ...(project === undefined ? [] : [{name: 'project', value: project, from: 'the login'}]),
      ...(session.expiresAt === undefined
        ? []
        : [{name: 'token_expires', value: session.expiresAt.toISOString(), from: 'the login'}]),
    ])
  }

  async #print(rows: readonly SettingView[]): Promise<void> {
    await this.display.result(
      () => rows.map(row => ({...row})),
      () => settingLines(rows),
    )
  }
}
