/** Backup and restore of a service that runs, with the commands of docs/operations.md. */
import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {mkdir, readdir, rm} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import {promisify} from 'node:util'
import {endUpload, ServiceClient} from '../support/shared-services.js'
import {useTempDir} from '../support/temp-dir.js'
import {type Child, useServices} from './fleet.js'
import {describeWith} from './front-programs.js'
import {describePostgres, nameDatabase} from './postgres.js'
import {openLab, type SwiftLab} from './swift-lab.js'

const DOCUMENT = readFileSync(resolve(import.meta.dirname, '../../../docs/operations.md'), 'utf8')
const [, BACKUP = '', RESTORE = ''] =
  /^## Backup and restore$.*?^```bash\n(.*?)^```$.*?^```bash\n(.*?)^```$/ms.exec(DOCUMENT) ?? []

const SETTINGS = ['process_heartbeat=1', 'process_timeout=2']
/** In Swift more than one segment. */
const LARGE = 'large '.repeat(400_000)
const OCTETS = 'application/octet-stream'
const execute = promisify(execFile)

interface Kind {
  readonly registry: 'SQLite' | 'PostgreSQL'
  readonly data: 'a folder' | 'Swift'
}

/** A registry and a store, which are destroyed and made again. */
class Place {
  readonly folder: string
  readonly #kind: Kind
  readonly #lab: SwiftLab | undefined
  readonly #database = nameDatabase()
  #container = ''

  constructor(kind: Kind, folder: string, lab: SwiftLab | undefined) {
    this.#kind = kind
    this.folder = folder
    this.#lab = lab
  }

  get dataDir(): string {
    return join(this.folder, 'data')
  }

  get env(): Record<string, string> {
    const registry = this.#kind.registry === 'SQLite' ? {} : {GLANCE_SQL_CONNECTION: this.#database.url}
    return {...registry, ...this.#lab?.variables(this.#container)}
  }

  async create(): Promise<void> {
    await mkdir(this.dataDir, {recursive: true, mode: 0o700})
    if (this.#kind.registry === 'PostgreSQL') await this.#database.create()
    if (this.#container === '') this.#container = (await this.#lab?.createContainer()) ?? ''
  }

  async destroy(): Promise<void> {
    await rm(this.dataDir, {recursive: true})
    if (this.#kind.registry === 'PostgreSQL') await this.#database.drop()
    for (const key of (await this.#lab?.list(this.#container)) ?? [])
      await this.#lab?.request('DELETE', `${this.#container}/${key.name}`)
  }

  /** The names of all data. */
  async listKeys(): Promise<readonly string[]> {
    if (this.#lab) return (await this.#lab.list(this.#container)).map(({name}) => name)
    return (await readdir(join(this.dataDir, 'images'))).filter(name => !name.startsWith('.'))
  }

  /** Runs the lines of the page for a registry or for data. */
  async run(lines: string, what: string): Promise<void> {
    const line = lines.split('\n').find(one => one.endsWith(`# ${what}`))
    assert.ok(line, `the page has no line for ${what}`)
    const login = this.env
    const env = {
      ...process.env,
      ...login,
      ST_AUTH: login['GLANCE_SWIFT_STORE_AUTH_ADDRESS'],
      ST_USER: login['GLANCE_SWIFT_STORE_USER'],
      ST_KEY: login['GLANCE_SWIFT_STORE_KEY'],
    }
    const script = line
      .replaceAll('/var/lib/glance', this.dataDir)
      .replaceAll('/backup', join(this.folder, 'backup'))
      .replaceAll(' glance', ` ${this.#container}`)
    await execute('sh', ['-c', script], {env, cwd: this.folder})
  }
}

function describeBackup(kind: Kind): void {
  describe(`a backup of a registry in ${kind.registry} and data in ${kind.data}`, () => {
    const start = useServices()
    // Before the folder goes.
    afterEach(async () => {
      await place.destroy()
      await lab?.deleteContainers()
    })
    const folder = useTempDir()
    let place: Place
    let lab: SwiftLab | undefined
    beforeEach(async () => {
      lab = kind.data === 'Swift' ? await openLab() : undefined
      place = new Place(kind, folder(), lab)
      await mkdir(join(folder(), 'backup'))
      await place.create()
    })
    const startService = async (): Promise<readonly [Child, ServiceClient]> => {
      const child = await start(place.dataDir, SETTINGS, place.env)
      return [child, new ServiceClient(child.url)]
    }

    it('has each image that was active', async () => {
      const [child, client] = await startService()
      const id = (digit: number) => `0000000${digit}-0000-4000-8000-000000000000`
      const [small, large, deleted, arriving, later] = [id(1), id(2), id(3), id(4), id(5)] as const
      const add = async (image: string, data: string) => {
        await client.create(image)
        assert.equal((await client.send('PUT', `/v2/images/${image}/file`, data, OCTETS)).status, 204)
      }
      await add(small, 'small')
      await add(large, LARGE)
      await add(deleted, 'deleted')
      await client.create(arriving)
      const upload = await client.beginUpload(arriving)
      const before = await client.read(`/v2/images/${large}`)

      await place.run(BACKUP, `registry in ${kind.registry}`)
      await client.send('DELETE', `/v2/images/${deleted}`)
      await add(later, 'later')
      await place.run(BACKUP, `data in ${kind.data}`)

      assert.equal(await endUpload(upload), 204)
      child.process.kill('SIGKILL')
      await child.exited
      await place.destroy()
      await place.create()
      await place.run(RESTORE, `registry in ${kind.registry}`)
      await place.run(RESTORE, `data in ${kind.data}`)

      const [, restored] = await startService()
      await restored.waitForStatus(arriving, 'queued')
      assert.deepEqual(await restored.read(`/v2/images/${large}`), before)
      const read = async (id: string) => {
        const response = await restored.send('GET', `/v2/images/${id}/file`)
        return response.ok ? response.text() : response.status
      }
      assert.equal(await read(small), 'small')
      assert.equal((await read(large)) === LARGE, true)
      assert.deepEqual([await restored.readStatus(deleted), await read(deleted)], ['active', 404])
      assert.equal(await read(later), 404)
      for (const id of [small, large, deleted, arriving])
        assert.equal((await restored.send('DELETE', `/v2/images/${id}`)).status, 204)
      // The search for unused data goes on while the service runs.
      let left = await place.listKeys()
      while (left.length > 1) left = await place.listKeys()
      assert.deepEqual(
        left.map(name => name.slice(0, 36)),
        [later],
      )
    })
  })
}

describeWith('sqlite3')('with sqlite3', () => describeBackup({registry: 'SQLite', data: 'a folder'}))
describePostgres('with pg_dump', () => {
  describeBackup({registry: 'PostgreSQL', data: 'a folder'})
  if (process.env['SWIFT_URL']) {
    describeWith('swift')('with swift', () => describeBackup({registry: 'PostgreSQL', data: 'Swift'}))
  }
})
