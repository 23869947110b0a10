/** `glance serve`: runs the embedded image service. */
import {serveGroup} from '../lib/cli/flags/serve.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'

export default class ServeCommand extends GlanceCommand {
  static override description = `Start the embedded image service and run until interrupted.

Prints the URL of the service, and logs one line per request on standard error. If that
is a terminal, requests are logged only with --verbose, so that other commands can be run
in it. --log-file appends the log to a file instead; warnings go to both.

By default there is no authentication: every caller is the administrator, so the service
listens on this machine only, unless --host is given. On SIGTERM or SIGINT it finishes
the requests in progress.`
  static override examples = [
    'glance serve',
    'glance serve --port 9393 --data-dir /srv/images --log-file /var/log/glance.log',
  ]
  static override flags = {...serveGroup.flags}
  static override summary = 'Start the embedded image service'

  async run(): Promise<void> {
    const {flags} = await this.parse(ServeCommand)
    this.debugging = flags.debug
    const {loadSettings} = await import('../server/config.js')
    const load = () => loadSettings(serveGroup.read(flags, this), this.io.env)
    const [{runService}, {runServer}] = await Promise.all([
      import('../programs/run-service.js'),
      import('../server/run.js'),
    ])
    const {io, display} = this
    const announce = (url: string) => this.#announce(url)
    await runService(await load(), {io, display, load, output: io.stderr, announce, run: runServer})
  }

  #announce(url: string): Promise<void> {
    return this.display.result(
      () => [{url}],
      () => [`Listening on ${url}`],
    )
  }
}
