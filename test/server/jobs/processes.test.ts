/** Several services on one registry, each with the work that it holds, in one process. */
import assert from 'node:assert/strict'
import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {migrate} from '../../../src/server/registry/migrations/migrate.js'
import {KyselyRegistry} from '../../../src/server/registry/sql/kysely-registry.js'
import type {Database} from '../../../src/server/registry/sql/tables.js'
import {openDatabase} from '../../../src/server/registry/sqlite/open.js'
import {createServerWith, type ImageServer} from '../../../src/server/server.js'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {FilesystemStore} from '../../../src/server/stores/filesystem-store.js'
import {endUpload, listFiles, ServiceClient} from '../../support/shared-services.js'
import {toStoreSet} from '../../support/store-set.js'
import {useTempDir} from '../../support/temp-dir.js'

const ID = '00000001-0000-4000-8000-000000000000'
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

  async function start(times: Readonly<Record<string, number>> = LONELY): Promise<ServiceClient> {
    const backends = {
      registry,
      stores: toStoreSet(new FilesystemStore(join(folder(), 'images'))),
      staging: new FilesystemStore(join(folder(), 'staging')),
      remoteStores: [],
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
    const refused = await endUpload(upload)
    assert.ok(refused && refused >= 400, String(refused))
    assert.equal(await second.readStatus(ID), 'saving')
    assert.equal(await endUpload(other), 204)
    assert.equal((await listFiles(folder())).length, 1)
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

  it('refuse a time-out that a late heartbeat would exceed', async () => {
    await assert.rejects(start({process_heartbeat: 5, process_timeout: 9}), {
      kind: 'usage',
      message: "invalid process_timeout '9': expected at least twice process_heartbeat",
    })
    assert.equal(await registry.forgetProcesses(-3600), 0)
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
