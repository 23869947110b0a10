/** Our service as a cloud: a process with Keystone and one without authentication, on one PostgreSQL and one Swift. */
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {createInterface} from 'node:readline'
import {nameDatabase} from '../backends/postgres.js'
import {openLab} from '../backends/swift-lab.js'
import {GLANCE} from '../support/glance-process.js'

/** Both processes. */
export interface OwnServices {
  /** URL of the one with Keystone. */
  readonly imageUrl: string
  /** URL of the one without authentication. */
  readonly noauthUrl: string
  /** Stops them, and removes their database and container. */
  close(): Promise<void>
}

/** The stores of the real Glance of the lab. */
const STORES = {
  GLANCE_ENABLED_BACKENDS: 'fast:swift,slow:swift,web:http',
  GLANCE_DEFAULT_BACKEND: 'fast',
  GLANCE_FAST__STORE_DESCRIPTION: 'default',
  GLANCE_SLOW__STORE_DESCRIPTION: 'second file store',
  GLANCE_WEB__STORE_DESCRIPTION: 'read-only http',
}

/**
 * Starts both as operators do, at the PostgreSQL and the Swift that `POSTGRES_URL` and `SWIFT_URL` name.
 * @throws Error without these variables, and when one does not start
 */
export async function startOwnServices(keystoneUrl: string): Promise<OwnServices> {
  if (!process.env['POSTGRES_URL'] || !process.env['SWIFT_URL']) {
    throw new Error('our own service as the cloud requires POSTGRES_URL and SWIFT_URL')
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'glance-own-'))
  const [database, swift] = [nameDatabase(), await openLab()]
  await database.create()
  const settings = {
    ...swift.variables(''),
    ...STORES,
    GLANCE_FAST__SWIFT_STORE_CONTAINER: await swift.createContainer(),
    GLANCE_SLOW__SWIFT_STORE_CONTAINER: await swift.createContainer(),
    GLANCE_SQL_CONNECTION: database.url,
  }
  const running: ChildProcess[] = []
  const start = async (name: string, ...flags: readonly string[]): Promise<string> => {
    const child = serve(path.join(folder, name), flags, settings)
    running.push(child)
    return readAddress(child)
  }
  return {
    imageUrl: await start(
      'keystone',
      '--auth',
      'keystone',
      '--keystone-url',
      keystoneUrl,
      '--show-locations',
    ),
    noauthUrl: await start('noauth'),
    close: async () => {
      await Promise.all(running.map(child => child.kill() && once(child, 'exit')))
      await Promise.all([swift.deleteContainers(), database.drop(), rm(folder, {recursive: true})])
    },
  }
}

/** Shows the warnings of the service, but not its log. */
function serve(
  dataDir: string,
  flags: readonly string[],
  settings: Readonly<Record<string, string>>,
): ChildProcess {
  const {PATH, HOME} = process.env
  const place = ['--port', '0', '--data-dir', dataDir, '--log-file', `${dataDir}.log`]
  const argv = [GLANCE, 'serve', ...place, '--fetch-from-anywhere', ...flags]
  return spawn(process.execPath, argv, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {PATH, HOME, ...settings},
  })
}

async function readAddress(child: ChildProcess): Promise<string> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the service ended with ${code}`)
  })
  const [line] = await Promise.race([once(createInterface({input: child.stdout!}), 'line'), ended])
  return String(line).replace('Listening on ', '')
}
