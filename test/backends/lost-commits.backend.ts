/** Commits whose answer is lost: what they recorded is carried out, and no image waits for a process that does not know it. */
import assert from 'node:assert/strict'
import {GivenSettings} from '../../src/server/settings/sources.js'
import {createNetwork, type Network} from '../support/http/network.js'
import {type Served, serve} from '../support/http/serve.js'
import {ServiceClient} from '../support/shared-services.js'
import {startService, type TestService} from '../support/test-service.js'
import {describePostgres, useDatabase} from './postgres.js'

const ID = '00000001-0000-4000-8000-000000000000'

type Json = Readonly<Record<string, unknown>>

describePostgres('a service that loses the answer to a commit', () => {
  const database = useDatabase()
  let network: Network
  let service: TestService
  let client: ServiceClient
  let source: Served
  before(async () => {
    source = await serve((_request, response) => response.end('data'))
    network = await createNetwork(database.url)
    const given = new GivenSettings({
      assignments: ['process_heartbeat=1', 'process_timeout=60'],
      env: {GLANCE_SQL_CONNECTION: network.url},
    })
    service = await startService({given, fetchFromAnywhere: true})
    client = new ServiceClient(service.url)
  })
  beforeEach(() => client.create(ID))
  afterEach(async () => {
    await client.send('DELETE', `/v2/images/${ID}`)
    await database.run('truncate images, image_properties, tasks cascade')
  })
  after(async () => {
    await service?.close()
    await network?.close()
    await source?.close()
  })

  async function startImport(): Promise<number> {
    const body = JSON.stringify({method: {name: 'web-download', uri: source.url}})
    return (await client.send('POST', `/v2/images/${ID}/import`, body)).status
  }

  async function startCopy(): Promise<number> {
    const headers = {'x-glance-api-copy-from': source.url}
    return (await fetch(`${service.url}/v1/images/${ID}`, {method: 'PUT', headers})).status
  }

  async function waitForImport(): Promise<void> {
    await client.waitForStatus(ID, 'active')
    const readTask = async () => ((await client.read(`/v2/images/${ID}/tasks`))['tasks'] as Json[])[0]
    while ((await readTask())?.['status'] !== 'success');
    assert.deepEqual(await database.run('select 1 from images where holder is not null'), [])
  }

  it('carries out an import that it refused because of that', async () => {
    const lost = network.loseCommit(/insert into "tasks"/)
    assert.equal(await startImport(), 503)
    await lost
    await waitForImport()
  })

  for (const [what, statement] of [
    ['took', /update "tasks" set "holder"/],
    ['has begun', /update "tasks" set "status" = \$1, "attempts"/],
    ['begins to fill', /update "images" set [^;]*"arriving"/],
  ] as const) {
    it(`carries out an import that it ${what} without knowing it`, async () => {
      const lost = network.loseCommit(statement)
      assert.equal(await startImport(), 202)
      await lost
      await waitForImport()
    })
  }

  it('carries out a copy that it refused because of that', async () => {
    const lost = network.loseCommit(/update "images" set "location"/)
    assert.equal(await startCopy(), 503)
    await lost
    await client.waitForStatus(ID, 'active')
    assert.deepEqual(await database.run('select 1 from images where holder is not null'), [])
  })

  for (const [what, statement] of [
    ['took', /update "images" set "holder"/],
    ['begins to fill', /update "images" set [^;]*"arriving"/],
  ] as const) {
    it(`carries out a copy that it ${what} without knowing it`, async () => {
      const lost = network.loseCommit(statement)
      assert.equal(await startCopy(), 200)
      await lost
      await client.waitForStatus(ID, 'active')
    })
  }
})
