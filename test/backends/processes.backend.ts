/** Several processes of the service on one PostgreSQL: what one holds is its own until it dies. */
import assert from 'node:assert/strict'
import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {GivenSettings} from '../../src/server/settings/sources.js'
import {useSlowSource} from '../support/http/slow-source.js'
import {endUpload, listFiles, ServiceClient} from '../support/shared-services.js'
import {useTempDir} from '../support/temp-dir.js'
import {startService, type TestService} from '../support/test-service.js'
import {type Child, useSharedFolder} from './fleet.js'
import {describePostgres, useDatabase} from './postgres.js'

const toId = (n: number) => `0000000${n}-0000-4000-8000-000000000000`

/** A service in a process of its own, and its client. */
type Client = Child & {readonly client: ServiceClient}

describePostgres('processes on one PostgreSQL', () => {
  const database = useDatabase()
  const folder = useTempDir()
  const shared = useSharedFolder(database, folder)
  afterEach(async () => {
    await database.run(
      'truncate images, image_properties, image_members, image_tags, tasks, unused_data, processes',
    )
  })

  async function start(heartbeat = 1, timeout = 3): Promise<Client> {
    const child = await shared.start([`process_heartbeat=${heartbeat}`, `process_timeout=${timeout}`])
    return {...child, client: new ServiceClient(child.url)}
  }

  async function kill({process, exited}: Child): Promise<void> {
    process.kill('SIGKILL')
    await exited
  }

  async function waitForFiles(count: number): Promise<void> {
    while ((await listFiles(folder())).length !== count);
  }

  it('take over the uploads of one that was killed, and only those', async () => {
    const [first, second] = [await start(), await start()]
    for (const n of [1, 2, 3]) await first.client.create(toId(n))
    await first.client.beginUpload(toId(1))
    await first.client.beginUpload(toId(2), 'stage')
    const kept = await second.client.beginUpload(toId(3))
    const third = await start()
    const statuses = await Promise.all([1, 2, 3].map(n => third.client.readStatus(toId(n))))
    assert.deepEqual(statuses, ['saving', 'uploading', 'saving'])
    await kill(first)
    for (const n of [1, 2]) await second.client.waitForStatus(toId(n), 'queued')
    assert.equal(await endUpload(kept), 204)
    assert.equal(await third.client.readStatus(toId(3)), 'active')
    await waitForFiles(1)
    const rows = await database.run('select id from images where holder is not null')
    assert.deepEqual(rows, [])
  })

  it('refuse the upload of one that was thought dead', async () => {
    const [first, second] = [await start(), await start()]
    await first.client.create(toId(1))
    const upload = await first.client.beginUpload(toId(1))
    first.process.kill('SIGSTOP')
    await second.client.waitForStatus(toId(1), 'queued')
    first.process.kill('SIGCONT')
    const status = await endUpload(upload)
    assert.ok(status === undefined || status >= 400, String(status))
    assert.equal(await first.client.readStatus(toId(1)), 'queued')
    await waitForFiles(0)
    assert.equal(await endUpload(await first.client.beginUpload(toId(1))), 204)
    assert.equal(await second.client.readStatus(toId(1)), 'active')
  })

  it('lose none of 40 changes of one image that two of them make', async () => {
    const both = [await start(), await start()]
    await both[0]!.client.create(toId(1))
    const type = 'application/openstack-images-v2.1-json-patch'
    const add = async (n: number) => {
      const body = JSON.stringify([{op: 'add', path: `/p${n}`, value: `${n}`}])
      return (await both[n % 2]!.client.send('PATCH', `/v2/images/${toId(1)}`, body, type)).status
    }
    const statuses = await Promise.all(Array.from({length: 40}, (_, n) => add(n)))
    assert.deepEqual(new Set(statuses), new Set([200]))
    const image = await both[1]!.client.read(`/v2/images/${toId(1)}`)
    assert.equal(Object.keys(image).filter(name => /^p\d+$/.test(name)).length, 40)
  })

  it('break the uploads of each other into images that they delete, at once', async () => {
    const [first, second] = [await start(3600, 7200), await start(3600, 7200)]
    await first.client.create(toId(1))
    const listens =
      "select 1 from pg_stat_activity where datname = current_database() and query like 'listen %'"
    while ((await database.run(listens)).length < 2);
    const upload = await first.client.beginUpload(toId(1))
    assert.equal((await second.client.send('DELETE', `/v2/images/${toId(1)}`)).status, 204)
    assert.equal((await upload.answer())?.status, 410)
    upload.socket.destroy()
    await waitForFiles(0)
  })

  describe('with folders', () => {
    const services: TestService[] = []
    afterEach(async () => {
      for (const service of services.splice(0)) await service.close()
    })

    /** A service with a data directory of its own. */
    async function startOwn(name: string, ...assignments: readonly string[]): Promise<ServiceClient> {
      const given = new GivenSettings({assignments, env: {GLANCE_SQL_CONNECTION: database.url}})
      const service = await startService({dataDir: join(folder(), name), given})
      services.push(service)
      return new ServiceClient(service.url)
    }

    it('refuse to start when another one has its data elsewhere', async () => {
      await startOwn('one')
      await assert.rejects(startOwn('two'), {kind: 'conflict'})
    })

    it('import what another one staged in the folder that they share', async () => {
      const shared = `filesystem_store_datadir=${join(folder(), 'shared')}`
      const [first, second] = [await startOwn('three', shared), await startOwn('four', shared)]
      await first.create(toId(1))
      const type = 'application/octet-stream'
      assert.equal((await first.send('PUT', `/v2/images/${toId(1)}/stage`, 'staged', type)).status, 204)
      const body = JSON.stringify({method: {name: 'glance-direct'}})
      assert.equal((await second.send('POST', `/v2/images/${toId(1)}/import`, body)).status, 202)
      await first.waitForStatus(toId(1), 'active')
      assert.equal(await (await first.send('GET', `/v2/images/${toId(1)}/file`)).text(), 'staged')
      while ((await readdir(join(folder(), 'shared'))).filter(name => !name.startsWith('.')).length !== 1);
    })
  })

  describe('with jobs', () => {
    const source = useSlowSource()

    it('take over the copies and imports of one that was killed', async () => {
      const first = await start()
      const headers = {
        'x-image-meta-name': 'n',
        'x-image-meta-disk_format': 'raw',
        'x-image-meta-container_format': 'bare',
      }
      const copy = (n: number) =>
        fetch(`${first.client.url}/v1/images`, {
          method: 'POST',
          headers: {...headers, 'x-image-meta-id': toId(n), 'x-glance-api-copy-from': source.url()},
        })
      for (const n of [1, 2, 3]) assert.equal((await copy(n)).status, 201)
      for (const n of [1, 2, 3]) await first.client.waitForStatus(toId(n), 'saving')
      await first.client.create(toId(4))
      const web = {method: {name: 'web-download', uri: source.url()}}
      assert.equal(
        (await first.client.send('POST', `/v2/images/${toId(4)}/import`, JSON.stringify(web))).status,
        202,
      )
      await first.client.waitForStatus(toId(4), 'importing')
      assert.equal((await copy(5)).status, 201)
      assert.equal(await first.client.readStatus(toId(5)), 'queued')
      source.answerAtOnce()
      const second = await start()
      await second.client.waitForStatus(toId(5), 'active')
      const statuses = await Promise.all([1, 4].map(n => second.client.readStatus(toId(n))))
      assert.deepEqual(statuses, ['saving', 'importing'])
      await kill(first)
      for (const n of [1, 2, 3, 4]) await second.client.waitForStatus(toId(n), 'active')
      const rows = await database.run('select attempts from images order by id')
      assert.deepEqual(
        rows.map(({attempts}) => attempts),
        [2, 2, 2, 0, 1],
      )
      const task = async () => (await database.run('select status, attempts from tasks'))[0] ?? {}
      while ((await task())['status'] !== 'success');
      assert.equal((await task())['attempts'], 2)
      await waitForFiles(5)
    })
  })
})
