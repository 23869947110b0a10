/** Another image service on this machine, named by CLOUD_NOAUTH_URL, for example a Glance without Keystone. */
import {readdirSync, readFileSync, readlinkSync} from 'node:fs'

/** A service that does not ask for a token. */
export interface Peer {
  /** Without a slash at the end. */
  readonly url: string
  /** Process id; undefined if the service is not on this machine. */
  readonly pid: number | undefined
  /** File of its database, if it is SQLite and the command line of the process names its configuration. */
  readonly database: string | undefined
}

/** State of a listening socket in the tables of Linux. */
const LISTENING = '0A'

/** The peer that the environment names; undefined if it names none, or the service does not answer. */
export async function findPeer(): Promise<Peer | undefined> {
  const url = process.env['CLOUD_NOAUTH_URL']?.replace(/\/+$/, '')
  if (!url) return undefined
  const isThere = await fetch(`${url}/v2/images?limit=1`).then(
    ({ok}) => ok,
    () => false,
  )
  if (!isThere) console.log(`${url} is left out: it does not answer`)
  if (!isThere) return undefined
  const pid = findListener(Number(new URL(url).port))
  return {url, pid, database: pid === undefined ? undefined : findDatabase(pid)}
}

function findDatabase(pid: number): string | undefined {
  const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  const file = args[args.indexOf('--config-file') + 1]
  const config = args.includes('--config-file') && file ? readFileSync(file, 'utf8') : ''
  return /^connection *= *sqlite:\/\/\/([^?\n]+)/m.exec(config)?.[1]
}

/** Process id of the program that listens on a port of this machine. Only on Linux. */
function findListener(port: number): number | undefined {
  const sockets = new Set(['tcp', 'tcp6'].flatMap(table => listSockets(table, port)))
  const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  const found = pids.find(pid => listOpenFiles(pid).some(file => sockets.has(file)))
  return found === undefined ? undefined : Number(found)
}

/** The listening sockets of a port, named as the open files of a process name them. */
function listSockets(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const rows = readFileSync(`/proc/net/${table}`, 'utf8').split('\n')
  return rows
    .map(row => row.trim().split(/\s+/))
    .filter(fields => fields[1]?.endsWith(suffix) && fields[3] === LISTENING)
    .map(fields => `socket:[${fields[9]}]`)
}

function listOpenFiles(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map(fd => readlinkSync(`/proc/${pid}/fd/${fd}`))
  } catch {
    // The process has ended, or belongs to another user.
    return []
  }
}
