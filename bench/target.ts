/** The service that a benchmark talks to: the embedded one, unless BENCH_URL names another. */
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import path from 'node:path'
import {folder, GLANCE} from './rounds.js'

export interface Target {
  readonly url: string
  /** Version of the API. */
  readonly version: 1 | 2
  /** Our tool, with the service and the credentials. */
  readonly tool: string
  /** The same for the other clients, which support only version 2. */
  readonly curl: string
  readonly glance: string
  readonly openstack: string
  /** Process id of the embedded service; undefined for another one. */
  readonly pid: number | undefined
  /** File of its registry. */
  readonly database: string | undefined
  close(): Promise<void>
}

/** BENCH_URL, BENCH_TOKEN and BENCH_API (1 or 2). */
export async function openTarget(): Promise<Target> {
  const {BENCH_URL: given, BENCH_TOKEN: token, BENCH_API: api = '2'} = process.env
  const service = given === undefined ? startService() : undefined
  const url = given ?? (await readGreeting(service))
  const version = api === '1' ? 1 : 2
  return {
    url,
    version,
    pid: service?.pid,
    database: service && path.join(folder, 'data', 'registry.sqlite'),
    tool: `${GLANCE} --url ${url}/v${version}${token === undefined ? '' : ` --os-auth-token ${token}`}`,
    curl: `curl -sf${token === undefined ? '' : ` -H 'X-Auth-Token: ${token}'`}`,
    glance: `glance --os-image-url ${url} --os-auth-token ${token ?? 'x'}`,
    openstack: `openstack ${token === undefined ? '--os-auth-type none' : `--os-auth-type admin_token --os-token ${token}`} --os-endpoint ${url}`,
    async close() {
      service?.kill('SIGTERM')
      if (service) await once(service, 'exit')
    },
  }
}

function startService(): ChildProcess {
  const line = `exec ${GLANCE} serve --port 0 --data-dir "${path.join(folder, 'data')}"`
  return spawn('bash', ['-c', line], {stdio: ['ignore', 'pipe', 'ignore']})
}

async function readGreeting(started: ChildProcess | undefined): Promise<string> {
  if (!started?.stdout) throw new Error('there is no service')
  const [greeting] = await once(started.stdout, 'data')
  return String(greeting).trim().replace('Listening on ', '')
}
