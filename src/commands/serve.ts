/** `glance serve`: an image service in one process, for a laptop, a test run, or a small site. */
import {connectionFlags, serveFlags} from '../lib/cli/flags/groups.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {resolvePath} from '../lib/io/paths.js'

export default class ServeCommand extends GlanceCommand {
  static override description = `Starts the embedded image service and runs until it is interrupted.

Prints the URL it listens on, then one line per request on standard error. Without
authentication: every caller is the administrator, so it listens on this machine only
unless --host says otherwise. On SIGTERM or SIGINT it finishes what is under way.`
  static override examples = ['glance serve', 'glance serve --port 9393 --data-dir /srv/images']
  static override flags = {
    debug: connectionFlags.debug,
    host: connectionFlags.host,
    port: connectionFlags.port,
    ...serveFlags,
  }
  static override summary = 'Starts the embedded image service'

  async run(): Promise<void> {
    const {flags} = await this.parse(ServeCommand)
    this.debugging = flags.debug
    const {createServer} = await import('../server/server.js')
    const {resolveSettings} = await import('../server/config.js')
    const {env, pid, interrupted} = this.io
    const log = (line: string) => this.display.log(line)
    const settings = resolveSettings(
      {
        host: flags.host,
        port: flags.port,
        dataDir: flags['data-dir'] && resolvePath(flags['data-dir'], this.io),
        auth: flags.auth,
        checkContent: flags['check-content'],
        showLocations: flags['show-locations'],
        fetchFromAnywhere: flags['fetch-from-anywhere'],
        pid,
      },
      env,
    )
    const server = await createServer(settings, {log, warn: log})
    try {
      const url = await server.listen()
      await this.display.result(
        () => [{url}],
        () => [`Listening on ${url}`],
      )
      if (!interrupted.aborted) await new Promise(resolve => interrupted.addEventListener('abort', resolve))
    } finally {
      await server.close()
    }
  }
}
