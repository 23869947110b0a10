/** A service for a test: on a free port, with a data directory that is removed with it. */
import {mkdtemp, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {ServerSettings} from '../../src/server/config.js'
import type {Reporter} from '../../src/server/log/reporter.js'
import {createServer} from '../../src/server/server.js'
import {imageIdFromKey} from '../../src/server/stores/data-key.js'

export interface TestService {
  readonly url: string
  readonly port: number
  readonly dataDir: string
  readonly log: readonly string[]
  readonly warnings: readonly string[]
  /** The images of the files in the store; the whole name of a file that is not data of one. */
  listStored(): Promise<readonly string[]>
  /** The remaining names, after waiting up to 5 seconds for the service to remove them. */
  remaining(): Promise<readonly string[]>
  /** Deletes all images except hidden and protected ones, for the next test of a shared service without authentication. */
  clear(): Promise<void>
  /** Reads again what a reload reads. */
  reload(): Promise<void>
  /** Stops it, and removes its data when the folder was not given. */
  close(): Promise<void>
}

/** The images of the files in the store of a data directory. */
export async function listStoredImages(dataDir: string): Promise<readonly string[]> {
  return (await readdir(join(dataDir, 'images'))).map(imageIdFromKey)
}

/** The path of the file with the data of an image. @throws Error when there is none */
export async function findDataFile(dataDir: string, id: string): Promise<string> {
  const folder = join(dataDir, 'images')
  const name = (await readdir(folder)).find(one => imageIdFromKey(one) === id)
  if (name === undefined) throw new Error(`no file for image ${id}`)
  return join(folder, name)
}

/** A folder below the system's temporary one. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'glance-service-'))
}

/** A service that listens. */
export async function startService({
  dataDir = '',
  shutdownSeconds = 5,
  ...more
}: Partial<ServerSettings> = {}): Promise<TestService> {
  const directory = dataDir || (await temporaryFolder())
  const log: string[] = []
  const warnings: string[] = []
  const reporter: Reporter = {
    log: (line, {request_id: id} = {}) => log.push(id === undefined ? line : `${id} ${line}`),
    warn: line => warnings.push(line),
  }
  const settings = {host: '127.0.0.1', port: 0, dataDir: directory, shutdownSeconds, pid: 1, ...more}
  const server = await createServer(settings, reporter)
  const url = await server.listen()
  const listStored = () => listStoredImages(directory)
  return {
    url,
    port: Number(new URL(url).port),
    dataDir: directory,
    log,
    warnings,
    listStored,
    remaining: async () => {
      const deadline = Date.now() + 5000
      let names = await listStored()
      while (names.length > 0 && Date.now() < deadline) names = await listStored()
      return names
    },
    clear: async () => {
      const reply = await fetch(`${url}/v2/images?visibility=all&limit=1000`)
      const {images} = (await reply.json()) as {images: {id: string}[]}
      for (const {id} of images) await fetch(`${url}/v2/images/${id}`, {method: 'DELETE'})
    },
    reload: async () => (await server.prepareReload(settings))(),
    close: async () => {
      await server.close()
      if (directory !== dataDir) await rm(directory, {recursive: true, force: true})
    },
  }
}
