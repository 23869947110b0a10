/** What callers cannot claim: properties with names of the service, its read-only store, the owner `null`. */
import assert from 'node:assert/strict'
import {pathToFileURL} from 'node:url'
import {exchange} from '../../support/http/raw-http.js'
import {findDataFile, startService, type TestService} from '../../support/test-service.js'

const ID = '00000001-0000-4000-8000-000000000000'
const V1 = `/v1/images/${ID}`
const V2 = `/v2/images/${ID}`
const META = `x-image-meta-id: ${ID}\r\nx-image-meta-disk_format: raw\r\nx-image-meta-container_format: bare\r\n`
const OCTETS = 'Content-Type: application/octet-stream\r\n'
const PATCH = 'Content-Type: application/openstack-images-v2.1-json-patch\r\n'

describe('a service that keeps what is its own apart', () => {
  let service: TestService
  beforeEach(async () => {
    service = await startService({showLocations: true, fetchFromAnywhere: true})
  })
  afterEach(() => service.close())

  const ask = (line: string, headers = '', body = '') =>
    exchange(
      service.port,
      `${line} HTTP/1.1\r\nHost: localhost\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`,
    )
  const show = async () => JSON.parse((await ask(`GET ${V2}`)).body.toString())

  for (const name of [
    'direct_url',
    'locations',
    'stores',
    'self',
    'file',
    'schema',
    'os_glance_import_task',
  ]) {
    it(`refuses a property ${name} of v1`, async () => {
      const property = `x-image-meta-property-${name}: x\r\n`
      const created = await ask('POST /v1/images', META + property)
      assert.deepEqual([created.status, (await ask(`GET ${V2}`)).status], [403, 404])
      assert.match(created.body.toString(), new RegExp(`Property '${name}' is reserved\\.`))
      await ask('POST /v1/images', META)
      assert.equal((await ask(`PUT ${V1}`, property)).status, 403)
    })
  }

  it('keeps the progress of an import when v1 replaces all properties, and does not show it there', async () => {
    await ask('POST /v1/images', `${META}x-image-meta-property-old: v\r\n`)
    const body = '{"method": {"name": "web-download", "uri": "http://127.0.0.1:1/none"}}'
    assert.equal((await ask(`POST ${V2}/import`, 'Content-Type: application/json\r\n', body)).status, 202)
    let image = await show()
    while (image.os_glance_failed_import !== 'file') image = await show()
    const changed = await ask(`PUT ${V1}`, 'x-image-meta-property-new: v\r\n')
    assert.deepEqual(JSON.parse(changed.body.toString()).image.properties, {new: 'v'})
    const {old, new: added, os_glance_failed_import: failed} = await show()
    assert.deepEqual([old, added, failed], [undefined, 'v', 'file'])
  })

  it('shows the tasks of an image, which state sources of data, to its project only', async () => {
    await service.close()
    service = await startService({auth: 'fake', fetchFromAnywhere: true})
    const as = (token: string) => `X-Auth-Token: ${token}\r\n`
    const [owner, stranger] = [as('ann:alpha:admin'), as('eve:gamma:member')]
    await ask('POST /v1/images', `${owner}${META}x-image-meta-is_public: true\r\n`)
    const body = '{"method": {"name": "web-download", "uri": "http://127.0.0.1:1/none?key=secret"}}'
    const json = 'Content-Type: application/json\r\n'
    assert.equal((await ask(`POST ${V2}/import`, owner + json, body)).status, 202)
    const list = async (token: string) => JSON.parse((await ask(`GET ${V2}/tasks`, token)).body.toString())
    assert.equal((await list(owner)).tasks.length, 1)
    assert.deepEqual((await list(stranger)).tasks, [])
  })

  it('does not store data for the read-only store', async () => {
    const store = 'x-image-meta-store: http\r\n'
    const answer = await ask('POST /v1/images', META + store + OCTETS, 'abc')
    assert.equal(answer.status, 400)
    assert.match(answer.body.toString(), /Required store http is invalid/)
    assert.equal((await ask(`GET ${V2}`)).status, 404)
    const copy = 'x-glance-api-copy-from: http://127.0.0.1:1/none\r\n'
    assert.equal((await ask('POST /v1/images', META + store + copy)).status, 400)
    await ask('POST /v1/images', META)
    assert.equal((await ask(`PUT ${V1}`, store + OCTETS, 'abc')).status, 400)
    assert.deepEqual([(await show()).status, await service.listStored()], ['queued', []])
  })

  it('takes the owner null of v1 for none', async () => {
    const created = await ask('POST /v1/images', `${META}x-image-meta-owner: null\r\n`)
    assert.equal(JSON.parse(created.body.toString()).image.owner, null)
    assert.equal((await show()).owner, null)
  })

  it('replaces the metadata of its own location, but not the location', async () => {
    await ask('POST /v1/images', META + OCTETS, 'abc')
    const [{url}] = (await show()).locations
    const replace = (value: object[]) =>
      ask(`PATCH ${V2}`, PATCH, JSON.stringify([{op: 'replace', path: '/locations', value}]))
    const changed = await replace([{url, metadata: {a: 'b'}}])
    assert.equal(changed.status, 200, changed.body.toString())
    const {locations, size, status} = await show()
    assert.deepEqual([locations, size, status], [[{url, metadata: {a: 'b', store: 'file'}}], 3, 'active'])
    assert.equal((await replace([{url: `${url}x`, metadata: {}}])).status, 400)
    const more = [
      {url, metadata: {}},
      {url, metadata: {}},
    ]
    assert.equal((await replace(more)).status, 400)
    const again = [{op: 'add', path: '/locations/-', value: {url, metadata: {}}}]
    const added = await ask(`PATCH ${V2}`, PATCH, JSON.stringify(again))
    assert.equal(added.status, 400)
    assert.match(added.body.toString(), /already exists/)
    assert.equal((await ask(`GET ${V2}/file`)).body.toString(), 'abc')
  })
})

describe('the location of data on v1', () => {
  it('is shown with --show-locations alone, once the image has data', async () => {
    for (const showLocations of [true, false]) {
      const service = await startService({showLocations})
      const get = (path: string) => fetch(`${service.url}${path}`, {method: path === V1 ? 'HEAD' : 'GET'})
      const headers = {
        'x-image-meta-id': ID,
        'x-image-meta-disk_format': 'raw',
        'x-image-meta-is_public': 'True',
      }
      const image = {...headers, 'x-image-meta-container_format': 'bare'}
      await fetch(`${service.url}/v1/images`, {method: 'POST', headers: image})
      assert.equal((await get(V1)).headers.get('x-image-meta-location'), null)
      const data = {method: 'PUT', body: 'abc', headers: {'content-type': 'application/octet-stream'}}
      const changed = (await (await fetch(`${service.url}${V1}`, data)).json()) as {
        image: {location?: string}
      }
      const [listed] = ((await (await get('/v1/images/detail')).json()) as {images: {location?: string}[]})
        .images
      const shown = [
        (await get(V1)).headers.get('x-image-meta-location'),
        listed?.location,
        changed.image.location,
      ]
      const location = pathToFileURL(await findDataFile(service.dataDir, ID)).href
      assert.deepEqual(shown, showLocations ? [location, location, location] : [null, undefined, undefined])
      await service.close()
    }
  })
})

describe('an image without an owner', () => {
  it('is visible to everybody by its id, and left out of the lists of others', async () => {
    const service = await startService({auth: 'fake'})
    const ask = (line: string, token: string, headers = '') =>
      exchange(
        service.port,
        `${line} HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: ${token}\r\n${headers}\r\n`,
      )
    const created = await ask('POST /v1/images', 'root:ops:admin', `${META}x-image-meta-owner:\r\n`)
    assert.equal(created.status, 201)
    const statuses = [await ask(`GET ${V2}`, 'eve:beta:member'), await ask(`HEAD ${V1}`, 'eve:beta:member')]
    assert.deepEqual(
      statuses.map(({status}) => status),
      [200, 200],
    )
    const listed = await ask('GET /v2/images', 'eve:beta:member')
    assert.deepEqual(JSON.parse(listed.body.toString()).images, [])
    assert.equal((await ask(`DELETE ${V2}`, 'eve:beta:member')).status, 403)
    await service.close()
  })
})
