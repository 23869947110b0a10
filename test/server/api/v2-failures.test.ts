/** API v2 with failures, with concurrent requests, and together with v1. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import {readdir} from 'node:fs/promises'
import {createServer as createHttpServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import type {ServerSettings} from '../../../src/server/config.js'
import {openRegistry} from '../../../src/server/registry/sqlite/open.js'
import {imageIdFromKey} from '../../../src/server/stores/data-key.js'
import {exchange, RawConnection} from '../../support/http/raw-http.js'
import {useTempDir} from '../../support/temp-dir.js'
import {startService, type TestService} from '../../support/test-service.js'

const ID = '00000001-0000-4000-8000-000000000000'
type Json = Readonly<Record<string, unknown>>

/** Sends one request, and returns its status and JSON. */
async function ask(
  {port}: TestService,
  method: string,
  path: string,
  body?: string | Buffer,
  headers: readonly string[] = [],
): Promise<readonly [number, Json]> {
  const data = Buffer.from(body ?? '')
  const length = body === undefined ? [] : [`Content-Length: ${data.length}`]
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    'Accept: application/json',
    ...headers,
    ...length,
  ]
  const answer = await exchange(port, `${head.join('\r\n')}\r\n\r\n${data.toString('latin1')}`)
  const isJson = answer.headers.get('content-type') === 'application/json'
  return [answer.status, isJson ? (JSON.parse(answer.body.toString()) as Json) : {}]
}

const OCTETS = 'Content-Type: application/octet-stream'
const PATCH = 'Content-Type: application/openstack-images-v2.1-json-patch'
const fresh = JSON.stringify({id: ID, name: 'x', disk_format: 'raw', container_format: 'bare'})

async function readStatus(service: TestService, id = ID): Promise<unknown> {
  const [, image] = await ask(service, 'GET', `/v2/images/${id}`)
  return image['status']
}

async function waitForStatus(service: TestService, status: string): Promise<void> {
  const deadline = Date.now() + 15_000
  while ((await readStatus(service)) !== status && Date.now() < deadline);
  assert.equal(await readStatus(service), status)
}

describe('service of API v2', () => {
  let service: TestService
  const start = async (settings: Partial<ServerSettings> = {}) => {
    service = await startService(settings)
  }
  afterEach(() => service.close())

  for (const [path, during] of [
    ['file', 'saving'],
    ['stage', 'uploading'],
  ] as const) {
    it(`makes an image queued again when its ${path} breaks off, and accepts a second try`, async () => {
      await start()
      await ask(service, 'POST', '/v2/images', fresh)
      const client = new RawConnection(service.port)
      const head = `PUT /v2/images/${ID}/${path} HTTP/1.1\r\nHost: localhost\r\n${OCTETS}\r\nContent-Length: 1000000\r\n\r\n`
      await client.write(head + 'x'.repeat(300_000))
      await waitForStatus(service, during)
      client.close()
      await waitForStatus(service, 'queued')
      const folders = ['images', 'staging'].map(name => readdir(join(service.dataDir, name)))
      assert.deepEqual((await Promise.all(folders)).flat(), [])
      const [status] = await ask(service, 'PUT', `/v2/images/${ID}/${path}`, 'whole', [OCTETS])
      assert.equal(status, 204)
    })
  }

  it('responds with 410 to an upload whose image was deleted meanwhile', async () => {
    await start()
    await ask(service, 'POST', '/v2/images', fresh)
    const client = new RawConnection(service.port)
    await client.write(
      `PUT /v2/images/${ID}/file HTTP/1.1\r\nHost: localhost\r\n${OCTETS}\r\nContent-Length: 10\r\n\r\nhalf`,
    )
    await waitForStatus(service, 'saving')
    assert.deepEqual((await ask(service, 'DELETE', `/v2/images/${ID}`))[0], 204)
    assert.equal((await client.answer())?.status, 410)
    client.close()
    assert.deepEqual(await service.listStored(), [])
  })

  it('removes staged data with its image', async () => {
    await start()
    await ask(service, 'POST', '/v2/images', fresh)
    await ask(service, 'PUT', `/v2/images/${ID}/stage`, 'staged', [OCTETS])
    assert.deepEqual((await readdir(join(service.dataDir, 'staging'))).map(imageIdFromKey), [ID])
    await ask(service, 'DELETE', `/v2/images/${ID}`)
    assert.deepEqual(await readdir(join(service.dataDir, 'staging')), [])
  })

  it('loses none of many concurrent changes', async () => {
    await start()
    await ask(service, 'POST', '/v2/images', fresh)
    const names = Array.from({length: 20}, (_, n) => `p${n}`)
    const patch = (name: string) => JSON.stringify([{op: 'add', path: `/${name}`, value: 'v'}])
    await Promise.all(names.map(name => ask(service, 'PATCH', `/v2/images/${ID}`, patch(name), [PATCH])))
    const [, image] = await ask(service, 'GET', `/v2/images/${ID}`)
    assert.deepEqual(
      names.filter(name => image[name] !== 'v'),
      [],
    )
  })

  it('ignores digests that a new image names', async () => {
    await start()
    const image = {id: ID, os_hash_algo: 'sha512', os_hash_value: 'ab'}
    const [status, made] = await ask(service, 'POST', '/v2/images', JSON.stringify(image))
    assert.deepEqual([status, made['os_hash_algo'], made['os_hash_value']], [201, null, null])
  })

  it('accepts a deleted image as the marker of a list', async () => {
    await start()
    await ask(service, 'POST', '/v2/images', JSON.stringify({name: 'older'}))
    await ask(service, 'POST', '/v2/images', fresh)
    await ask(service, 'DELETE', `/v2/images/${ID}`)
    const [status, {images}] = await ask(service, 'GET', `/v2/images?marker=${ID}`)
    assert.equal(status, 200)
    assert.deepEqual(
      (images as Json[]).map(({name}) => name),
      ['older'],
    )
  })

  it('shows in each API what was created in the other', async () => {
    await start()
    await ask(service, 'POST', '/v1/images', 'data', [
      `x-image-meta-id: ${ID}`,
      'x-image-meta-name: one',
      'x-image-meta-is_public: true',
      'x-image-meta-disk_format: raw',
      'x-image-meta-container_format: ovf',
      'x-image-meta-property-distro: lucid',
      OCTETS,
    ])
    const [, one] = await ask(service, 'GET', `/v2/images/${ID}`)
    assert.deepEqual(
      [one['name'], one['visibility'], one['distro'], one['size'], one['status'], one['os_hash_algo']],
      ['one', 'public', 'lucid', 4, 'active', 'sha512'],
    )
    const [, two] = await ask(
      service,
      'POST',
      '/v2/images',
      '{"name": "two", "visibility": "public", "k": "v"}',
    )
    const [, {images}] = await ask(service, 'GET', '/v1/images/detail')
    const [newest] = images as Json[]
    assert.deepEqual(
      [newest?.['id'], newest?.['name'], newest?.['is_public'], newest?.['properties']],
      [two['id'], 'two', true, {k: 'v'}],
    )
  })

  it('shares through v1 what v2 made private', async () => {
    await start({auth: 'fake'})
    const as = (project: string) => `X-Auth-Token: u:${project}:member`
    const make = fresh.replace('{', '{"visibility": "private", ')
    await ask(service, 'POST', '/v2/images', make, [as('alpha')])
    const visibility = async () =>
      (await ask(service, 'GET', `/v2/images/${ID}`, undefined, [as('alpha')]))[1]['visibility']
    await ask(service, 'PUT', `/v1/images/${ID}/members`, '{"memberships": []}', [as('alpha')])
    assert.equal(await visibility(), 'private')
    const [shared] = await ask(service, 'PUT', `/v1/images/${ID}/members/beta`, undefined, [as('alpha')])
    assert.deepEqual([shared, await visibility()], [204, 'shared'])
    assert.equal((await ask(service, 'GET', `/v2/images/${ID}`, undefined, [as('beta')]))[0], 200)
  })

  it('hides images of others from callers of v1 as well', async () => {
    await start({auth: 'fake'})
    const as = (project: string) => `X-Auth-Token: u:${project}:member`
    await ask(service, 'POST', '/v1/images', undefined, [as('alpha'), `x-image-meta-id: ${ID}`])
    const ofBeta = await ask(service, 'GET', '/v1/images?is_public=none', undefined, [as('beta')])
    assert.deepEqual(ofBeta, [200, {images: []}])
    assert.equal((await ask(service, 'DELETE', `/v1/images/${ID}`, undefined, [as('beta')]))[0], 404)
    assert.equal((await ask(service, 'GET', '/v1/images'))[0], 401)
    for (const [token, status] of [
      ['u%3Aalpha%3Amember', 200],
      ['u:alpha', 401],
      ['u:alpha:member:more', 401],
      ['::', 401],
    ] as const) {
      const [seen] = await ask(service, 'GET', '/v2/images', undefined, [`X-Auth-Token: ${token}`])
      assert.equal(seen, status, token)
    }
    const [, image] = await ask(service, 'GET', `/v2/images/${ID}`, undefined, [as('alpha')])
    assert.equal(image['owner'], 'alpha')
  })

  const qcow2 = Buffer.alloc(512)
  qcow2.write('QFI\xfb', 'latin1')
  qcow2.writeUInt32BE(3, 4)
  qcow2.writeBigUInt64BE(10_737_418_240n, 24)

  it('reads the size of the disk in the data', async () => {
    await start({checkContent: true})
    await ask(service, 'POST', '/v2/images', fresh.replace('raw', 'qcow2'))
    const [status] = await ask(service, 'PUT', `/v2/images/${ID}/file`, qcow2, [OCTETS])
    const [, image] = await ask(service, 'GET', `/v2/images/${ID}`)
    assert.deepEqual([status, image['size'], image['virtual_size']], [204, 512, 10_737_418_240])
  })

  for (const [format, checkContent, expected] of [
    ['iso', true, 415],
    ['vmdk', true, 415],
    ['raw', true, 204],
    ['iso', false, 204],
  ] as const) {
    const how = checkContent ? 'checked' : 'not checked'
    it(`responds with ${expected} to a qcow2 declared as ${format} when it is ${how}`, async () => {
      await start({checkContent})
      await ask(service, 'POST', '/v2/images', fresh.replace('raw', format))
      const [status] = await ask(service, 'PUT', `/v2/images/${ID}/file`, qcow2, [OCTETS])
      assert.equal(status, expected)
      assert.equal(await readStatus(service), expected === 204 ? 'active' : 'queued')
      assert.deepEqual(await service.listStored(), expected === 204 ? [ID] : [])
    })
  }
})

describe('a service that checks content', () => {
  let service: TestService
  beforeEach(async () => {
    service = await startService({checkContent: true, fetchFromAnywhere: true})
  })
  afterEach(() => service.close())

  const backed = Buffer.alloc(512)
  backed.write('QFI\xfb\0\0\0\x03\0\0\0\0\0\0\x02', 'latin1')

  it('refuses data that names another file through v2', async () => {
    await ask(service, 'POST', '/v2/images', fresh)
    const [status, error] = await ask(service, 'PUT', `/v2/images/${ID}/file`, backed, [OCTETS])
    assert.equal(status, 415)
    assert.match(
      String(error['message']),
      /^Image failed safety checks: it contains only the differences from a backing file<br/,
    )
    assert.deepEqual([await readStatus(service), await service.listStored()], ['queued', []])
  })

  it('refuses it through v1', async () => {
    const headers = [
      ...['name: x', 'disk_format: raw', 'container_format: bare', `id: ${ID}`].map(
        one => `x-image-meta-${one}`,
      ),
      OCTETS,
    ]
    const [status] = await ask(service, 'POST', '/v1/images', backed, headers)
    assert.deepEqual([status, await service.listStored()], [415, []])
    assert.equal(await readStatus(service), 'killed')
  })

  it('refuses it in a copy', async () => {
    const source = createHttpServer((_request, response) => response.end(backed))
    await once(source.listen(0, '127.0.0.1'), 'listening')
    const {port} = source.address() as AddressInfo
    const headers = [
      ...['name: x', 'disk_format: raw', 'container_format: bare', `id: ${ID}`].map(
        one => `x-image-meta-${one}`,
      ),
      `x-glance-api-copy-from: http://127.0.0.1:${port}/x`,
    ]
    const [status] = await ask(service, 'POST', '/v1/images', undefined, headers)
    assert.equal(status, 201)
    await waitForStatus(service, 'killed')
    assert.deepEqual(await service.listStored(), [])
    source.close()
  })

  it('refuses it in an import', async () => {
    await ask(service, 'POST', '/v2/images', fresh)
    await ask(service, 'PUT', `/v2/images/${ID}/stage`, backed, [OCTETS])
    await ask(service, 'POST', `/v2/images/${ID}/import`, '{"method": {"name": "glance-direct"}}')
    const readTask = async () =>
      ((await ask(service, 'GET', `/v2/images/${ID}/tasks`))[1]['tasks'] as Json[])[0]
    let task = await readTask()
    while (task?.['message'] === '') task = await readTask()
    await waitForStatus(service, 'queued')
    assert.deepEqual([task?.['status'], await service.listStored()], ['failure', []])
    assert.match(String(task?.['message']), /^Image failed safety checks/)
  })
})

describe('formats that do not go together', () => {
  let service: TestService
  before(async () => {
    service = await startService({fetchFromAnywhere: true, showLocations: true})
    const mixed = {id: ID, disk_format: 'ami', container_format: 'ovf'}
    await ask(service, 'POST', '/v2/images', JSON.stringify(mixed))
  })
  after(() => service.close())

  const url = 'http://127.0.0.1:1/x'
  const add = [{op: 'add', path: '/locations/-', value: {url, metadata: {}}}]
  for (const [method, path, body, type] of [
    ['PUT', 'file', 'data', OCTETS],
    ['POST', 'import', JSON.stringify({method: {name: 'web-download', uri: url}}), ''],
    ['POST', 'locations', JSON.stringify({url}), ''],
    ['PATCH', '', JSON.stringify(add), PATCH],
  ] as const) {
    it(`get no data by ${method} ${path || 'of a location'}`, async () => {
      const at = `/v2/images/${ID}${path && `/${path}`}`
      const [status, error] = await ask(service, method, at, body, type === '' ? [] : [type])
      assert.equal(status, 400)
      assert.match(String(error['message']), /^Invalid mix of disk and container formats\. /)
      assert.equal(await readStatus(service), 'queued')
    })
  }
})

describe('formats of Amazon', () => {
  it('go together, and a disk of them goes into a bare container, as the real service has it', async () => {
    const service = await startService()
    const pairs = ['ari ami', 'vhd ami', 'raw aki', 'ami bare']
    const statuses: unknown[] = []
    for (const [n, pair] of pairs.entries()) {
      const [disk_format, container_format] = pair.split(' ')
      const id = ID.replace(/^./, String(n))
      await ask(service, 'POST', '/v2/images', JSON.stringify({id, disk_format, container_format}))
      statuses.push((await ask(service, 'PUT', `/v2/images/${id}/file`, 'data', [OCTETS]))[0])
    }
    assert.deepEqual(statuses, [204, 204, 204, 204])
    await service.close()
  })
})

describe('service of API v2 after a crash', () => {
  const directory = useTempDir()

  it('makes interrupted uploads queued again, and fails imports that it cannot repeat', async () => {
    const first = await startService({dataDir: directory()})
    await first.close()
    const registry = await openRegistry(join(directory(), 'registry.sqlite'))
    const toId = (n: number) => `0000000${n}-0000-4000-8000-000000000000`
    await registry.create({id: toId(1), status: 'saving', onFailure: 'queued'})
    await registry.create({id: toId(2), status: 'saving'})
    await registry.create({id: toId(3), status: 'uploading'})
    await registry.create({id: toId(4), status: 'importing', location: 'file:///staged'})
    await registry.create({id: toId(5), status: 'uploading', location: 'file:///staged'})
    const task = {type: 'api_image_import', owner: null, userId: null, requestId: 'req', input: '{}'}
    await registry.createTask({...task, id: 't', imageId: toId(4)}, () => ({
      properties: {os_glance_import_task: 't', os_glance_importing_to_stores: 'file'},
    }))
    await registry.close()
    const service = await startService({dataDir: directory()})
    const readTask = async () =>
      ((await ask(service, 'GET', `/v2/images/${toId(4)}/tasks`))[1]['tasks'] as readonly Json[])[0] ?? {}
    while ((await readTask())['status'] !== 'failure');
    const seen = await Promise.all([1, 2, 3, 4, 5].map(n => readStatus(service, toId(n))))
    assert.deepEqual(seen, ['queued', 'killed', 'queued', 'queued', 'uploading'])
    const [, image] = await ask(service, 'GET', `/v2/images/${toId(4)}`)
    assert.equal(image['os_glance_failed_import'], 'file')
    assert.equal(
      (await readTask())['message'],
      'The service ended before the import did, and cannot repeat it.',
    )
    await service.close()
  })
})
