/** PostgreSQL and Swift that go away in the middle of uploads and lists: clear errors, nothing half-made, and work goes on. */
import assert from 'node:assert/strict'
import {createHash, randomBytes, randomUUID} from 'node:crypto'
import {GivenSettings} from '../../src/server/settings/sources.js'
import {keyFromLocation} from '../../src/server/stores/data-key.js'
import {ServiceClient} from '../support/shared-services.js'
import {startService, type TestService} from '../support/test-service.js'
import {createNetwork, type Network} from './network.js'
import {describePostgres, useDatabase} from './postgres.js'
import {describeSwift, useSwift} from './swift-lab.js'

const OCTETS = 'application/octet-stream'
const UPLOADERS = 6
const LISTERS = 2
const BYTES = 200_000
/** Requests of each kind that must succeed before and after, and fail meanwhile. */
const ENOUGH = 4

/** Statuses of the responses so far, by kind of request. */
type Seen = Record<'uploads' | 'lists', number[]>

describeSwift('with Swift', () => {
  describePostgres('a service whose back ends go away under load', () => {
    const database = useDatabase()
    const lab = useSwift()
    let container: string
    let networks: Readonly<Record<'PostgreSQL' | 'Swift', Network>>
    let service: TestService
    let client: ServiceClient
    /** MD5 of the data that each image gets; those whose upload was acknowledged are in `stored`. */
    const sent = new Map<string, string>()
    const stored = new Set<string>()
    before(async () => {
      container = await lab().createContainer()
      networks = {PostgreSQL: await createNetwork(database.url), Swift: await createNetwork(lab().url)}
      const swift = new URL(networks.Swift.url).origin
      const env = {
        ...lab().variables(container),
        GLANCE_SWIFT_STORE_AUTH_ADDRESS: `${swift}/auth/v1.0`,
        GLANCE_SWIFT_STORE_ENDPOINT: `${swift}/v1/AUTH_test`,
        GLANCE_SQL_CONNECTION: networks.PostgreSQL.url,
      }
      const assignments = ['process_heartbeat=1', 'process_timeout=60', 'sql_timeout=2']
      service = await startService({given: new GivenSettings({assignments, env})})
      client = new ServiceClient(service.url)
    })
    after(async () => {
      await service?.close()
      await Promise.all(Object.values(networks ?? {}).map(network => network.close()))
    })

    async function upload(): Promise<number> {
      const [id, data] = [randomUUID(), randomBytes(BYTES)]
      sent.set(id, createHash('md5').update(data).digest('hex'))
      const body = JSON.stringify({id, disk_format: 'raw', container_format: 'bare'})
      const created = await client.send('POST', '/v2/images', body)
      if (created.status !== 201) return created.status
      const headers = {'content-type': OCTETS}
      const reply = await fetch(`${service.url}/v2/images/${id}/file`, {method: 'PUT', headers, body: data})
      await reply.arrayBuffer()
      if (reply.ok) stored.add(id)
      return reply.status
    }

    async function list(): Promise<number> {
      const reply = await client.send('GET', '/v2/images?limit=20')
      await reply.arrayBuffer()
      return reply.status
    }

    /** Waits until enough responses more have the status. */
    async function waitFor(statuses: readonly number[], expected: number): Promise<void> {
      const count = () => statuses.filter(status => status === expected).length
      const before = count()
      while (count() < before + ENOUGH) await new Promise(resolve => setImmediate(resolve))
    }

    async function work(during: (seen: Seen) => Promise<void>): Promise<Seen> {
      const seen: Seen = {uploads: [], lists: []}
      let hasEnded = false
      const repeat = async (kind: keyof Seen, send: () => Promise<number>) => {
        while (!hasEnded) seen[kind].push(await send())
      }
      const workers = [
        ...Array.from({length: UPLOADERS}, () => repeat('uploads', upload)),
        ...Array.from({length: LISTERS}, () => repeat('lists', list)),
      ]
      await during(seen).finally(() => {
        hasEnded = true
      })
      await Promise.all(workers)
      return seen
    }

    async function waitForRepair(): Promise<void> {
      const unfinished = `select 1 from images where status in ('saving', 'importing') or arriving is not null
        union all select 1 from unused_data`
      while ((await database.run(unfinished)).length > 0) await upload()
    }

    async function check(): Promise<void> {
      for (const [id, md5] of sent) {
        const reply = await client.send('GET', `/v2/images/${id}`)
        const found = (reply.ok ? await reply.json() : {}) as {status?: string; checksum?: string}
        const {status = 'none', checksum} = found
        assert.ok(['none', 'queued', 'active'].includes(String(status)), `${id} is ${status}`)
        if (stored.has(id)) assert.equal(status, 'active')
        if (status !== 'active') continue
        const data = await (await client.send('GET', `/v2/images/${id}/file`)).arrayBuffer()
        const actual = createHash('md5').update(new Uint8Array(data)).digest('hex')
        assert.deepEqual([actual, checksum], [md5, md5])
      }
      const rows = await database.run('select location from images where location is not null')
      const used = rows.map(({location}) => keyFromLocation(String(location)))
      const names = (await lab().list(container)).map(({name}) => name)
      assert.deepEqual(names.sort(), used.sort())
    }

    for (const name of ['PostgreSQL', 'Swift'] as const) {
      it(`answers 503 without ${name}, and keeps all that it acknowledged`, async () => {
        const network = networks[name]
        const seen = await work(async ({uploads, lists}) => {
          await waitFor(uploads, 204)
          await network.cut()
          await waitFor(uploads, 503)
          await waitFor(lists, name === 'Swift' ? 200 : 503)
          await network.restore()
          await waitFor(uploads, 204)
          await waitFor(lists, 200)
        })
        const others = [...seen.uploads, ...seen.lists].filter(status => ![200, 204, 503].includes(status))
        assert.deepEqual(others, [])
        await waitForRepair()
        await check()
      })
    }
  })
})
