/** `glance serve`: runs the embedded image service. */
import {serveGroup} from '../lib/cli/flags/serve.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'

export default class ServeCommand extends GlanceCommand {
  static override description = `Start the embedded image service and run until interrupted.

Prints the URL of the service, then one line per request on standard error. By default
there is no authentication: every caller is the administrator, so the service listens on
this machine only, unless --host is given. On SIGTERM or SIGINT it finishes the requests
in progress.`
  static override examples = ['glance serve', 'glance serve --port 9393 --data-dir /srv/images']
  static override flags = {...serveGroup.flags}
  static override summary = 'Start the embedded image service'

  async run(): Promise<void> {
    const {flags} = await this.parse(ServeCommand)
    this.debugging = flags.debug
    const {createServer} = await import('../server/server.js')
    const {resolveSettings} = await import('../server/config.js')
    const log = (line: string) => this.display.log(line)
    const settings = resolveSettings(serveGroup.read(flags, this), this.io.env)
    const server = await createServer(settings, {log, warn: log})
    try {
      await this.#printUrl(await server.listen())
      await this.#waitForInterrupt()
    } finally {
      await server.close()
    }
  }

  #printUrl(url: string): Promise<void> {
    return this.display.result(
      () => [{url}],
      () => [`Listening on ${url}`],
    )
  }

  async #waitForInterrupt(): Promise<void> {
    const {interrupted} = this.io
    if (!interrupted.aborted) await new Promise(resolve => interrupted.addEventListener('abort', resolve))
  }
}
