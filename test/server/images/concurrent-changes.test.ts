/** Concurrent changes of one image through both versions of the API. */
import assert from 'node:assert/strict'
import {EventEmitter, once} from 'node:events'
import {setImmediate} from 'node:timers/promises'
import {Access} from '../../../src/server/images/access.js'
import type {ServiceError} from '../../../src/server/images/errors.js'
import {Members} from '../../../src/server/images/members.js'
import {ADMINISTRATOR} from '../../../src/server/images/policy.js'
import {ImportJobs, type ImportJobsParts} from '../../../src/server/jobs/imports.js'
import type {Registry} from '../../../src/server/registry/registry.js'
import {openRegistry} from '../../../src/server/registry/sqlite/open.js'
import type {WritableStore} from '../../../src/server/stores/set/store-set.js'
import {exchange, type RawAnswer} from '../../support/http/raw-http.js'
import {type Served, serve} from '../../support/http/serve.js'
import {startService, type TestService} from '../../support/test-service.js'

const ID = '00000001-0000-4000-8000-000000000000'
const V2 = `/v2/images/${ID}`
const V1 = `/v1/images/${ID}`
const PATCH = 'Content-Type: application/openstack-images-v2.1-json-patch\r\n'
const OCTETS = 'Content-Type: application/octet-stream\r\n'
const KEEP = 'x-glance-registry-purge-props: false\r\n'

type Json = Readonly<Record<string, unknown>>

/** A server with 5 bytes that holds back its response to the nth request until it is released. */
interface HeldSource extends Served {
  readonly asked: Promise<unknown>
  release(): void
}

async function holdSource(nth: number): Promise<HeldSource> {
  const events = new EventEmitter()
  const asked = once(events, 'asked')
  let count = 0
  const source = await serve(async (_request, response) => {
    count += 1
    if (count === nth) {
      const released = once(events, 'release')
      events.emit('asked')
      await released
    }
    response.writeHead(200, {'content-length': 5}).end('01234')
  })
  return {...source, asked, release: () => events.emit('release')}
}

describe('concurrent changes of an image', () => {
  let service: TestService
  let source: HeldSource
  beforeEach(async () => {
    service = await startService({showLocations: true, fetchFromAnywhere: true})
    await ask('POST /v2/images', JSON.stringify({id: ID, disk_format: 'raw', container_format: 'bare'}))
  })
  afterEach(async () => {
    source?.release()
    await service.close()
    await source?.close()
  })

  function ask(line: string, body = '', headers = ''): Promise<RawAnswer> {
    const head = `${line} HTTP/1.1\r\nHost: localhost\r\n${headers}Content-Length: ${body.length}\r\n\r\n`
    return exchange(service.port, head + body)
  }
  const image = async () => JSON.parse((await ask(`GET ${V2}`)).body.toString()) as Json
  const data = async () => (await ask(`GET ${V2}/file`)).body.toString()
  const patch = (...operations: object[]) => ask(`PATCH ${V2}`, JSON.stringify(operations), PATCH)
  const property = (name: string) => ({op: 'add', path: `/${name}`, value: 'v'})
  const location = () => ({op: 'add', path: '/locations/-', value: {url: source.url, metadata: {}}})
  const upload = () => ask(`PUT ${V2}/file`, 'uploaded', OCTETS)

  /** Responses to a request that waits for the source, and to another one that is sent meanwhile. */
  async function sendDuring(held: () => Promise<RawAnswer>, other: () => Promise<RawAnswer>, nth = 1) {
    source = await holdSource(nth)
    const waiting = held()
    await source.asked
    const second = await other()
    source.release()
    return [(await waiting).status, second.status]
  }

  it('keep the property that v1 sets while v2 waits for the server of a location', async () => {
    const statuses = await sendDuring(
      () => patch(location(), property('two')),
      () => ask(`PUT ${V1}`, '', `${KEEP}x-image-meta-property-one: v\r\n`),
    )
    assert.deepEqual(statuses, [200, 200])
    const {one, two, status, size} = await image()
    assert.deepEqual([one, two, status, size], ['v', 'v', 'active', 5])
  })

  it('keep the property that v2 sets while v1 waits for the server of a location', async () => {
    const statuses = await sendDuring(
      () =>
        ask(
          `PUT ${V1}`,
          '',
          `${KEEP}x-image-meta-location: ${source.url}\r\nx-image-meta-property-one: v\r\n`,
        ),
      () => patch(property('two')),
    )
    assert.deepEqual(statuses, [200, 200])
    const {one, two, status, size} = await image()
    assert.deepEqual([one, two, status, size], ['v', 'v', 'active', 5])
  })

  const byV1 = () => ask(`PUT ${V1}`, '', `${KEEP}x-image-meta-location: ${source.url}\r\n`)
  const byCall = () => ask(`POST ${V2}/locations`, JSON.stringify({url: source.url}))
  const refusals: readonly (readonly [string, number, number, () => Promise<RawAnswer>])[] = [
    ['a location by a call', 1, 409, byCall],
    ['a location by v1', 1, 400, byV1],
    ['a location by v1, when it is requested again', 2, 409, byV1],
  ]
  for (const [what, nth, status, held] of refusals) {
    it(`refuse ${what} for an image that received data meanwhile`, async () => {
      assert.deepEqual(await sendDuring(held, upload, nth), [status, 204])
      const {size, stores} = await image()
      assert.deepEqual([size, stores, await data()], [8, 'file', 'uploaded'])
    })
  }

  it('add a location to an image that received data meanwhile, after its own data', async () => {
    assert.deepEqual(await sendDuring(() => patch(location()), upload), [200, 204])
    const {size, stores} = await image()
    assert.deepEqual([size, stores, await data()], [8, 'file,http', 'uploaded'])
  })

  it('refuse data for an image that received a location meanwhile', async () => {
    source = await holdSource(0)
    const [pointed, uploaded] = await Promise.all([byCall(), upload()])
    assert.deepEqual(
      [pointed.status, uploaded.status].sort(),
      pointed.status === 202 ? [202, 409] : [204, 409],
    )
    const {size} = await image()
    assert.equal(size, (await data()).length)
  })

  it('do not find an image that was deleted meanwhile', async () => {
    assert.deepEqual(
      await sendDuring(
        () => patch(location()),
        () => ask(`DELETE ${V2}`),
      ),
      [404, 204],
    )
  })
})

describe('changes of several steps, with a slow registry', () => {
  let registry: Registry
  let parts: {readonly registry: Registry; readonly access: Access}
  beforeEach(async () => {
    const fast = await openRegistry(':memory:')
    const get = (target: Registry, name: keyof Registry) => {
      const method = target[name] as (...given: unknown[]) => Promise<unknown>
      return async (...given: unknown[]) => {
        await setImmediate()
        return method.apply(target, given)
      }
    }
    registry = new Proxy(fast, {get: (target, name) => get(target, name as keyof Registry)})
    parts = {registry, access: new Access(registry)}
    await registry.create({id: ID, diskFormat: 'raw', containerFormat: 'bare'})
  })
  afterEach(() => registry.close())

  const codes = (settled: readonly PromiseSettledResult<unknown>[]) =>
    settled.flatMap(result => (result.status === 'rejected' ? [(result.reason as ServiceError).code] : []))

  it('allow 128 members, however many are added at once', async () => {
    const members = new Members({...parts, sharedOnly: true})
    const adding = Array.from({length: 140}, (_, n) => members.add(ADMINISTRATOR, ID, `m${n}`))
    assert.deepEqual(codes(await Promise.allSettled(adding)), Array(12).fill('limit-exceeded'))
    assert.equal((await members.list(ADMINISTRATOR, ID)).length, 128)
  })

  it('start one of two imports', async () => {
    const queue = {requireRoom: async () => {}, wake: () => {}}
    const quotas = {admit: async () => undefined}
    const plugins = {listSkipped: () => []}
    const imports = new ImportJobs({...parts, queue, quotas, plugins} as unknown as ImportJobsParts)
    const source = {method: 'web-download', uri: 'http://localhost/'} as const
    const store = {name: 'file'} as WritableStore
    const starting = [1, 2].map(n =>
      imports.start(
        ADMINISTRATOR,
        ID,
        {source, stores: [store], isAll: false, allMustSucceed: true},
        `req-${n}`,
      ),
    )
    assert.deepEqual(codes(await Promise.allSettled(starting)), ['not-importable'])
  })
})
