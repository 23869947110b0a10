/** Runs a registry server in a separate process: `DATA_DIR PORT`. Prints its URL, and reports on stderr. */
import {createRegistryServer} from '../../../src/server/registry-server.js'

const [dataDir = '', port = '0'] = process.argv.slice(2)
const settings = {host: '127.0.0.1', port: Number(port), dataDir, shutdownSeconds: 5, pid: process.pid}
const warn = (line: string) => process.stderr.write(`${line}\n`)
const server = await createRegistryServer(settings, {log: () => {}, warn})
process.stdout.write(`${await server.listen()}\n`)
