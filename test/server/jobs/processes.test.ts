/** Several services on one registry, each with the work that it holds, in one process. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {setImmediate} from 'node:timers/promises'
import {UnusedData} from '../../../src/server/images/unused-data.js'
import {migrate} from '../../../src/server/registry/migrations/migrate.js'
import {KyselyRegistry} from '../../../src/server/registry/sql/kysely-registry.js'
import type {Database} from '../../../src/server/registry/sql/tables.js'
import {openDatabase} from '../../../src/server/registry/sqlite/open.js'
import {createServerWith, type ImageServer} from '../../../src/server/server.js'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {ANYWHERE} from '../../../src/server/stores/fetch-policy.js'
import {FilesystemStore} from '../../../src/server/stores/filesystem-store.js'
import {HttpStore} from '../../../src/server/stores/http-store.js'
import type {Store} from '../../../src/server/stores/store.js'
import {useSlowSource} from '../../support/http/slow-source.js'
import {endUpload, listFiles, ServiceClient} from '../../support/shared-services.js'
import {toStoreSet} from '../../support/store-set.js'
import {useTempDir} from '../../support/temp-dir.js'

const ID = '00000001-0000-4000-8000-000000000000'
type Json = Readonly<Record<string, unknown>>

const LONELY = {process_heartbeat: 3600, process_timeout: 7200}
const BUSY = {process_heartbeat: 1, process_timeout: 3600}

/** A registry that services share, although SQLite is not for that. */
class SharedRegistry extends KyselyRegistry {
  override readonly isShared = true
}

describe('services that share a registry', () => {
  const folder = useTempDir()
  let db: Database
  let registry: KyselyRegistry
  let servers: ImageServer[]
  beforeEach(async () => {
    servers = []
    db = await openDatabase(':memory:')
    await migrate(db)
    registry = new SharedRegistry(db)
    for (const name of ['images', 'staging']) await mkdir(join(folder(), name))
  })
  afterEach(async () => {
    await Promise.all(servers.map(server => server.close()))
    await registry.close()
  })

  async function findFirstProcess(): Promise<string> {
    const {id} = await db.selectFrom('processes').select('id').executeTakeFirstOrThrow()
    return id
  }

  async function start(
    times: Readonly<Record<string, number>> = LONELY,
    folders?: string,
    store: Store = new FilesystemStore(join(folder(), 'images')),
  ): Promise<ServiceClient> {
    const backends = {
      registry,
      folders,
      stores: toStoreSet(store),
      staging: new FilesystemStore(join(folder(), 'staging')),
      remoteStores: [new HttpStore(ANYWHERE)],
      close: async () => {},
    }
    const assignments = Object.entries(times).map(([name, value]) => `${name}=${value}`)
    const given = new GivenSettings({assignments, env: {}})
    const settings = {host: '127.0.0.1', port: 0, dataDir: '/nowhere', shutdownSeconds: 0, pid: 1, given}
    const server = await createServerWith(backends, settings, {log: () => {}, warn: () => {}})
    servers.push(server)
    return new ServiceClient(await server.listen())
  }

  it('do not touch the uploads of each other when they start', async () => {
    const first = await start()
    await first.create(ID)
    const upload = await first.beginUpload(ID)
    const second = await start()
    assert.equal(await second.readStatus(ID), 'saving')
    assert.equal(await endUpload(upload), 204)
    assert.deepEqual(await (await second.send('GET', `/v2/images/${ID}/file`)).text(), '12345678')
    assert.equal((await registry.find(ID))?.holder, null)
  })

  it('take over the uploads of a dead one, which cannot complete them any more', async () => {
    const first = await start()
    await first.create(ID)
    const upload = await first.beginUpload(ID)
    await registry.forgetProcess(await findFirstProcess())
    const second = await start()
    assert.equal(await second.readStatus(ID), 'queued')
    const other = await second.beginUpload(ID)
    await upload.write('8')
    const refused = await upload.answer()
    assert.equal(refused?.status, 503)
    assert.match(
      refused?.body.toString() ?? '',
      /The upload into image \S+ was ended by another process of the service/,
    )
    upload.socket.destroy()
    assert.equal(await second.readStatus(ID), 'saving')
    assert.equal(await endUpload(other), 204)
    assert.equal((await listFiles(folder())).length, 1)
  })

  const silenceAll = () => db.updateTable('processes').set({heartbeat_at: 0}).execute()

  it('do not touch the uploads of silent ones when they start, because the database may have been away', async () => {
    const first = await start()
    await first.create(ID)
    const upload = await first.beginUpload(ID)
    await silenceAll()
    const second = await start()
    assert.equal(await second.readStatus(ID), 'saving')
    assert.equal(await endUpload(upload), 204)
  })

  it('take over the uploads of silent ones after an interval', async () => {
    const first = await start()
    await first.create(ID)
    const upload = await first.beginUpload(ID)
    await silenceAll()
    const second = await start(BUSY)
    await second.waitForStatus(ID, 'queued')
    assert.equal(await endUpload(upload), 503)
  })

  it('repeat their heartbeats while they search for unused data at the start', async () => {
    const store = new FilesystemStore(join(folder(), 'images'))
    let release = () => {}
    const released = new Promise<void>(resolve => {
      release = resolve
    })
    const searching = new Promise<void>(resolve => {
      store.sweep = async () => {
        resolve()
        await released
        return 0
      }
    })
    const starting = start(BUSY, undefined, store)
    await searching
    await silenceAll()
    const readTime = () => db.selectFrom('processes').select('heartbeat_at').executeTakeFirstOrThrow()
    while ((await readTime()).heartbeat_at === 0) await setImmediate()
    release()
    await starting
  })

  it('stop though a store does not answer their search', async () => {
    const store = new FilesystemStore(join(folder(), 'images'))
    const searching = new Promise<void>(resolve => {
      store.sweep = () => {
        resolve()
        return new Promise<never>(() => {})
      }
    })
    await start(LONELY, undefined, store)
    await searching
    await servers[0]?.close()
    assert.equal(await registry.forgetProcesses(-3600), 0)
  })

  it('are forgotten when they cannot start', async () => {
    const listAbandonedUploads = () => Promise.reject(new Error('the database is away'))
    Object.assign(registry, {listAbandonedUploads})
    await assert.rejects(start(), {message: 'the database is away'})
    assert.equal(await registry.forgetProcesses(-3600), 0)
  })

  /** Waits for the searches with which processes begin. */
  async function endSearches(): Promise<void> {
    while (!(await registry.claimSweep('searcher'))) await setImmediate()
  }

  it('do not delete what another one receives when they search for unused data', async () => {
    const first = await start()
    await first.create(ID)
    const upload = await first.beginUpload(ID)
    await start()
    await endSearches()
    const store = new FilesystemStore(join(folder(), 'images'))
    const parts = {registry, holder: 'searcher', stores: [store], describe: String, warn: () => {}}
    assert.equal(await new UnusedData(parts).sweep(), 0)
    await writeFile(join(folder(), 'images', `${ID}.0123456789abcdef`), 'left')
    assert.equal(await new UnusedData(parts).sweep(), 1)
    assert.equal(await endUpload(upload), 204)
    assert.equal(await (await first.send('GET', `/v2/images/${ID}/file`)).text(), '12345678')
  })

  it('search for unused data one at a time', async () => {
    await start()
    await endSearches()
    assert.equal(await registry.claimSweep(await findFirstProcess()), true)
    await writeFile(join(folder(), 'images', 'left'), '')
    const swept: string[] = []
    const store = {sweep: async () => swept.push('store')} as unknown as FilesystemStore
    const parts = {registry, holder: 'searcher', stores: [store], describe: String, warn: () => {}}
    assert.equal(await new UnusedData(parts).sweep(), 0)
    assert.deepEqual(swept, [])
    await registry.releaseSweep(await findFirstProcess())
    await new UnusedData(parts).sweep()
    assert.deepEqual(swept, ['store'])
  })

  it('break the uploads of each other into images that they delete', async () => {
    const first = await start(BUSY)
    await first.create(ID)
    const upload = await first.beginUpload(ID)
    const second = await start()
    assert.equal((await second.send('DELETE', `/v2/images/${ID}`)).status, 204)
    assert.equal((await upload.answer())?.status, 410)
    upload.socket.destroy()
    assert.deepEqual(await listFiles(folder()), [])
  })

  describe('with imports', () => {
    const source = useSlowSource()

    async function startImport(service: ServiceClient, id: string): Promise<void> {
      await service.create(id)
      const body = JSON.stringify({method: {name: 'web-download', uri: source.url()}})
      assert.equal((await service.send('POST', `/v2/images/${id}/import`, body)).status, 202)
    }

    const toId = (n: number) => ID.replace('1', String(n))

    async function waitForTask(service: ServiceClient): Promise<Json> {
      for (;;) {
        const [task] = (await service.read(`/v2/images/${ID}/tasks`))['tasks'] as Json[]
        if (task?.['status'] === 'success' || task?.['status'] === 'failure') return task
      }
    }

    it('do not begin those that another one has taken, though they received the source first', async () => {
      source.holdBack()
      const first = await start()
      await startImport(first, ID)
      const late = await source.findWaiting(0)
      await registry.forgetProcess(await findFirstProcess())
      const second = await start()
      const taken = await source.findWaiting(1)
      const dropped = once(late, 'close')
      late.write('d')
      await dropped
      assert.equal(await second.readStatus(ID), 'queued')
      taken.end('data')
      assert.equal((await waitForTask(second))['status'], 'success')
      assert.equal(await (await second.send('GET', `/v2/images/${ID}/file`)).text(), 'data')
      assert.equal((await listFiles(folder())).length, 1)
    })

    it('take over those of a dead one, which cannot complete them any more', async () => {
      const first = await start()
      await startImport(first, ID)
      await first.waitForStatus(ID, 'importing')
      source.answerAtOnce()
      await registry.forgetProcess(await findFirstProcess())
      const second = await start()
      await second.waitForStatus(ID, 'active')
      const ended = await waitForTask(second)
      assert.equal(ended['status'], 'success')
      source.sendRest()
      await servers[0]?.close()
      assert.deepEqual(await waitForTask(second), ended)
      assert.equal(await (await second.send('GET', `/v2/images/${ID}/file`)).text(), 'data')
      assert.equal((await listFiles(folder())).length, 1)
    })

    it('take those that wait in a busy one', async () => {
      const first = await start()
      for (let n = 1; n <= 5; n++) await startImport(first, toId(n))
      for (let n = 1; n <= 4; n++) await first.waitForStatus(toId(n), 'importing')
      assert.equal(await first.readStatus(toId(5)), 'queued')
      source.answerAtOnce()
      const second = await start()
      await second.waitForStatus(toId(5), 'active')
      assert.equal(await second.readStatus(toId(4)), 'importing')
      source.sendRest()
      for (let n = 1; n <= 4; n++) await second.waitForStatus(toId(n), 'active')
    })
  })

  describe('with copies', () => {
    const source = useSlowSource()

    async function startCopy(service: ServiceClient): Promise<void> {
      const meta = {id: ID, name: 'n', disk_format: 'raw', container_format: 'bare'}
      const given = Object.entries(meta).map(([name, value]) => [`x-image-meta-${name}`, value])
      const headers = {...Object.fromEntries(given), 'x-glance-api-copy-from': source.url()}
      assert.equal((await fetch(`${service.url}/v1/images`, {method: 'POST', headers})).status, 201)
      await service.waitForStatus(ID, 'saving')
    }

    async function readFacts(): Promise<readonly unknown[]> {
      const {status, holder, arriving, attempts} = (await registry.find(ID))!
      return [status, holder, arriving, attempts, (await listFiles(folder())).length]
    }

    it('take over those of a dead one, which cannot complete them any more', async () => {
      const first = await start()
      await startCopy(first)
      source.answerAtOnce()
      await registry.forgetProcess(await findFirstProcess())
      const second = await start()
      await second.waitForStatus(ID, 'active')
      source.sendRest()
      await servers[0]?.close()
      assert.deepEqual(await readFacts(), ['active', null, null, 2, 1])
      assert.equal(await (await second.send('GET', `/v2/images/${ID}/file`)).text(), 'data')
    })

    it('give them back when they stop, which does not count', async () => {
      await startCopy(await start())
      await servers[0]?.close()
      assert.deepEqual(await readFacts(), ['queued', null, null, 0, 0])
      source.answerAtOnce()
      await (await start()).waitForStatus(ID, 'active')
      assert.deepEqual(await readFacts(), ['active', null, null, 1, 1])
    })

    it('give up those that were interrupted three times', async () => {
      const begun = {status: 'saving', location: source.url(), holder: 'dead', attempts: 3} as const
      await registry.create({id: ID, ...begun})
      await start()
      assert.deepEqual(await readFacts(), ['killed', null, null, 3, 0])
    })
  })

  it('refuse a time-out that a late heartbeat would exceed', async () => {
    await assert.rejects(start({process_heartbeat: 5, process_timeout: 9}), {
      kind: 'usage',
      message: "invalid process_timeout '9': expected at least twice process_heartbeat",
    })
    assert.equal(await registry.forgetProcesses(-3600), 0)
  })

  it('refuse to start when another one has its data elsewhere', async () => {
    await start(LONELY, 'f1')
    await start(LONELY, 'f1')
    await start()
    await assert.rejects(start(LONELY, 'f2'), {
      kind: 'conflict',
      message: 'cannot share the registry with a service that has its data in another folder',
    })
    assert.equal(await registry.forgetProcesses(-3600), 3)
    await start(LONELY, 'f2')
    await silenceAll()
    await start(LONELY, 'f3')
  })

  it('leave no process when they stop, and what it held is taken over', async () => {
    const first = await start()
    await first.create(ID)
    const holder = await findFirstProcess()
    await registry.change(ID, () => ({status: 'saving', onFailure: 'queued', holder}))
    await servers[0]?.close()
    assert.equal(await registry.forgetProcesses(-3600), 0)
    const second = await start()
    assert.equal(await second.readStatus(ID), 'queued')
  })
})
