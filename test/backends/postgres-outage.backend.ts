/** The database of the registry away: clear errors in time, nothing half-made, and work goes on by itself. */
import assert from 'node:assert/strict'
import pg from 'pg'
import {openPostgresRegistry} from '../../src/server/registry/postgres/open.js'
import type {PostgresRegistry} from '../../src/server/registry/postgres/postgres-registry.js'
import {GivenSettings} from '../../src/server/settings/sources.js'
import {exchange} from '../support/http/raw-http.js'
import {startService, type TestService} from '../support/test-service.js'
import {createNetwork, type Network} from './network.js'
import {describePostgres, useDatabase} from './postgres.js'

const LIMITS = {connections: 3, timeout: 1} as const
const ID = '00000001-0000-4000-8000-000000000000'

describePostgres('a registry whose PostgreSQL goes away', () => {
  const database = useDatabase()
  let network: Network
  let registry: PostgresRegistry
  let warnings: string[]
  beforeEach(async () => {
    network = await createNetwork(database.url)
    warnings = []
    registry = await openPostgresRegistry(network.url, LIMITS, {warn: line => warnings.push(line)})
    await database.run('truncate images cascade')
    await registry.create({id: 'a', name: 'n'})
  })
  afterEach(async () => {
    await registry.close()
    await network.close()
  })

  const unavailable = {name: 'RegistryUnavailable', code: 'REGISTRY_UNAVAILABLE'}

  it('refuses work, and goes on when it is there again', async () => {
    await Promise.all(Array.from({length: 3}, () => registry.find('a')))
    await network.cut()
    const work = [registry.find('a'), registry.change('a', () => ({name: 'm'})), registry.listUnusedData(1)]
    await Promise.all(work.map(one => assert.rejects(one, unavailable)))
    await network.restore()
    assert.equal((await registry.find('a'))?.name, 'n')
    assert.match(
      warnings[0] ?? '',
      /^the database of the registry is not available: .*\b(?:ECONNREFUSED|terminated)\b/,
    )
    assert.deepEqual(warnings.slice(1), ['the database of the registry is available again'])
  })

  it('refuses work when no answer comes, within the time of sql_timeout', async () => {
    network.silence()
    const work = Array.from({length: 5}, () => registry.find('a'))
    await Promise.all(work.map(one => assert.rejects(one, unavailable)))
    await network.cut()
    await network.restore()
    assert.equal((await registry.find('a'))?.name, 'n')
  })

  it('ends a change whose connection the database ends, without a change', async () => {
    await holdRow(async () => {
      const refused = assert.rejects(
        registry.change('a', () => ({name: 'm'})),
        unavailable,
      )
      await waitForLock()
      const others =
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'glance'"
      await database.run(`${others} and datname = current_database()`)
      await refused
    })
    assert.equal((await registry.find('a'))?.name, 'n')
  })

  it('waits for a lock no longer than sql_timeout', async () => {
    await holdRow(() =>
      assert.rejects(
        registry.change('a', () => ({name: 'm'})),
        unavailable,
      ),
    )
    assert.equal((await registry.change('a', () => ({name: 'o'})))?.name, 'o')
  })

  /** Does the work while another program has locked all images. */
  async function holdRow(work: () => Promise<void>): Promise<void> {
    const client = new pg.Client(database.url)
    await client.connect()
    await client.query('begin')
    await client.query('select id from images for update')
    try {
      await work()
    } finally {
      await client.end()
    }
  }

  async function waitForLock(): Promise<void> {
    const waiting =
      "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    while ((await database.run(waiting)).length === 0);
  }
})

describePostgres('a service whose PostgreSQL goes away', () => {
  const database = useDatabase()
  let network: Network
  let service: TestService
  before(async () => {
    network = await createNetwork(database.url)
    const given = new GivenSettings({
      assignments: ['sql_timeout=1'],
      env: {GLANCE_SQL_CONNECTION: network.url},
    })
    service = await startService({given})
  })
  after(async () => {
    await service?.close()
    await network?.close()
  })

  const ask = (line: string, headers = '', body = '') =>
    exchange(
      service.port,
      `${line} HTTP/1.1\r\nHost: localhost\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`,
    )
  const META = `x-image-meta-id: ${ID}\r\nx-image-meta-name: n\r\nx-image-meta-disk_format: raw\r\nx-image-meta-container_format: bare\r\n`
  const OCTETS = 'Content-Type: application/octet-stream\r\n'

  it('answers 503 with Retry-After in both versions, and works again later', async () => {
    assert.equal((await ask('POST /v1/images', META + OCTETS, 'data')).status, 201)
    await network.cut()
    for (const line of [
      'GET /v1/images',
      `HEAD /v1/images/${ID}`,
      `PUT /v1/images/${ID}`,
      'GET /v2/images',
      `GET /v2/images/${ID}`,
      `GET /v2/images/${ID}/file`,
      `DELETE /v2/images/${ID}`,
      `GET /v2/images/${ID}/members`,
      `PUT /v2/images/${ID}/tags/t`,
    ]) {
      const {status, headers} = await ask(line)
      assert.deepEqual([line, status, headers.get('retry-after')], [line, 503, '5'])
    }
    const {body} = await ask('GET /v2/images')
    assert.match(body.toString(), /The registry is not available: its database does not answer\./)
    await network.restore()
    const {status, body: data} = await ask(`GET /v2/images/${ID}/file`)
    assert.deepEqual([status, data.toString()], [200, 'data'])
  })

  it('keeps no half-made image of an upload during which it went away', async () => {
    await ask(
      'POST /v2/images',
      'Content-Type: application/json\r\n',
      '{"id": "00000002-0000-4000-8000-000000000000", "disk_format": "raw", "container_format": "bare"}',
    )
    const path = '/v2/images/00000002-0000-4000-8000-000000000000'
    await network.cut()
    assert.equal((await ask(`PUT ${path}/file`, OCTETS, 'data')).status, 503)
    await network.restore()
    assert.match((await ask(`GET ${path}`)).body.toString(), /"status":"queued"/)
    assert.equal((await ask(`PUT ${path}/file`, OCTETS, 'later')).status, 204)
    assert.equal((await ask(`GET ${path}/file`)).body.toString(), 'later')
  })
})

describePostgres('the start of a registry in PostgreSQL', () => {
  it('fails with the reason when there is no database, without the password', async () => {
    const url = 'postgres://ann:secret@127.0.0.1:1/images'
    const open = () => openPostgresRegistry(url, LIMITS, {warn: () => {}})
    await assert.rejects(open, (error: Error & {kind?: string; why?: string}) => {
      assert.equal(error.message, 'cannot open the registry postgres://ann@127.0.0.1:1/images')
      assert.deepEqual([error.kind, error.why], ['unavailable', 'connect ECONNREFUSED 127.0.0.1:1'])
      assert.doesNotMatch(JSON.stringify(error) + error.stack, /secret/)
      return true
    })
  })
})
