/**
 * Runs a service in a separate process: `DATA_DIR PORT SHUTDOWN_SECONDS [NAME=VALUE ...]`; with settings, also those of the
 * environment. Prints its URL, reports on stderr, and stops on SIGTERM.
 */
import {Failure} from '../../../src/lib/model/errors.js'
import {createServer} from '../../../src/server/server.js'
import {GivenSettings} from '../../../src/server/settings/sources.js'

const [dataDir = '', port = '0', shutdownSeconds = '5', ...assignments] = process.argv.slice(2)
const say = (line: string) => process.stderr.write(`${line}\n`)

try {
  const settings = {
    host: '127.0.0.1',
    port: Number(port),
    dataDir,
    shutdownSeconds: Number(shutdownSeconds),
    fetchFromAnywhere: true,
    given: new GivenSettings({assignments, env: assignments.length > 0 ? process.env : {}}),
  }
  const server = await createServer({...settings, pid: process.pid}, {log: say, warn: say})
  process.stdout.write(`${await server.listen()}\n`)
  process.once('SIGTERM', () => server.close())
} catch (error) {
  if (!(error instanceof Failure)) throw error
  process.stdout.write(`${error.kind}: ${error.message}: ${error.why}\n`)
  process.exitCode = 1
}
