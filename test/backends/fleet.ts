/** Services in processes of their own, on back ends that they share. */
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtemp} from 'node:fs/promises'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import {listFiles} from '../support/shared-services.js'
import {useTempDir} from '../support/temp-dir.js'
import type {TestDatabase} from './postgres.js'
import {describeSwift, type SwiftLab, useSwift} from './swift-lab.js'

/** A service in a process of its own. */
export interface Child {
  readonly process: ChildProcess
  readonly exited: Promise<unknown>
  readonly url: string
}

/** Where services keep data, and how they are started on it. */
export interface Place {
  /** Starts a service. @param settings `NAME=VALUE` */
  start(settings: readonly string[]): Promise<Child>
  /** The keys of all data that is stored. */
  listKeys(): Promise<readonly string[]>
}

const SMALL_SEGMENTS = ['swift_store_large_object_size=1', 'swift_store_large_object_chunk_size=1']
const SCRIPTS = fileURLToPath(new URL('../server/children/', import.meta.url))

/** Call within `describe`: services on a folder that they share. They are killed after each test. */
export function useSharedFolder(database: TestDatabase, folder = useTempDir()): Place {
  const run = useChildren()
  return {
    start: settings => run('serve-shared.js', [folder(), database.url, ...settings], {}),
    listKeys: () => listFiles(folder()),
  }
}

/** Call within `describe`: services on a container of Swift. They are killed after each test. */
export function useSharedContainer(database: TestDatabase): Place & {readonly lab: () => SwiftLab} {
  const lab = useSwift()
  const folder = useTempDir()
  const run = useChildren()
  let container: string | undefined
  return {
    lab,
    async start(settings) {
      container ??= await lab().createContainer()
      const own = await mkdtemp(join(folder(), 'process-'))
      const env = {...lab().variables(container), GLANCE_SQL_CONNECTION: database.url}
      return run('serve.js', [own, '0', '1', ...SMALL_SEGMENTS, ...settings], env)
    },
    async listKeys() {
      const names = (await lab().list(container ?? '')).map(({name}) => name)
      return [...new Set(names.map(name => name.replace(/\/.*$/, '')))]
    },
  }
}

/** Where services may keep their data, by name. */
export const PLACES = [
  {name: 'a folder', describe, usePlace: useSharedFolder},
  {name: 'Swift', describe: describeSwift, usePlace: useSharedContainer},
] as const

/** Call within `describe`: services with a data directory and variables. They are killed after each test. */
export function useServices() {
  const run = useChildren()
  return (dataDir: string, settings: readonly string[], env: Readonly<Record<string, string>>) =>
    run('serve.js', [dataDir, '0', '1', ...SMALL_SEGMENTS, ...settings], env)
}

type Run = (script: string, args: readonly string[], env: Readonly<Record<string, string>>) => Promise<Child>

function useChildren(): Run {
  const children: Child[] = []
  afterEach(async () => {
    for (const {process} of children) process.kill('SIGKILL')
    await Promise.all(children.splice(0).map(({exited}) => exited))
  })
  return async (script, args, more) => {
    const env = {...globalThis.process.env, ...more}
    const argv = [join(SCRIPTS, script), ...args]
    const process = spawn(globalThis.process.execPath, argv, {env, stdio: ['ignore', 'pipe', 'ignore']})
    const exited = once(process, 'exit')
    const [url] = (await once(createInterface({input: process.stdout}), 'line')) as [string]
    const child = {process, exited, url}
    children.push(child)
    return child
  }
}
