/** URLs that the service does not fetch for a caller unless configured to, for each request that could cause it. */
import assert from 'node:assert/strict'
import {randomUUID} from 'node:crypto'
import {join} from 'node:path'
import {openRegistry} from '../../../src/server/registry/sqlite/open.js'
import {exchange, type RawAnswer} from '../../support/http/raw-http.js'
import {type Served, serve} from '../../support/http/serve.js'
import {useTempDir} from '../../support/temp-dir.js'
import {startService, type TestService} from '../../support/test-service.js'

const toId = (n: number) => `0000000${n}-0000-4000-8000-000000000000`
const FORMATS = 'x-image-meta-disk_format: raw\r\nx-image-meta-container_format: bare\r\n'
const PATCH = 'Content-Type: application/openstack-images-v2.1-json-patch\r\n'
const FLAG = /allowed_ports, or --fetch-from-anywhere\./

function ask({port}: TestService, line: string, headers = '', body = ''): Promise<RawAnswer> {
  const head = `${line} HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n${headers}Content-Length: ${body.length}\r\n\r\n`
  return exchange(port, head + body, {toHead: line.startsWith('HEAD')})
}

describe('fetching for a caller', () => {
  const dataDir = useTempDir()
  let source: Served
  let hits: number
  let service: TestService
  let strict: TestService
  let lax: TestService
  let id: string
  before(async () => {
    strict = await startService({showLocations: true})
    lax = await startService({showLocations: true, fetchFromAnywhere: true})
  })
  after(() => Promise.all([strict.close(), lax.close()]))
  beforeEach(async () => {
    id = randomUUID()
    hits = 0
    source = await serve((_request, response) => {
      hits += 1
      response.end('0123456789')
    })
  })
  afterEach(async () => {
    if (service !== strict && service !== lax) await service.close()
    await source.close()
  })

  const newImage = () => JSON.stringify({id, disk_format: 'raw', container_format: 'bare'})

  type FetchRequest = readonly [string, () => Promise<RawAnswer>, RegExp]
  const v1 = (headers: string) => ask(service, 'POST /v1/images', FORMATS + headers)
  const put = async (headers: string) => {
    await ask(service, 'POST /v1/images', `${FORMATS}x-image-meta-id: ${id}\r\nx-image-meta-size: 10\r\n`)
    return ask(service, `PUT /v1/images/${id}`, headers)
  }
  const v2 = async (line: string, headers: string, body: object) => {
    await ask(service, 'POST /v2/images', '', newImage())
    return ask(service, line, headers, JSON.stringify(body))
  }
  const value = () => ({url: source.url, metadata: {}})
  const requests: readonly FetchRequest[] = [
    ['v1 location', () => v1(`x-image-meta-location: ${source.url}\r\n`), /^400 Bad Request\n\nhttp:/],
    ['v1 copy_from', () => v1(`x-glance-api-copy-from: ${source.url}\r\n`), /^400 Bad Request\n\nhttp:/],
    [
      'v1 copy_from with a size',
      () => v1(`x-glance-api-copy-from: ${source.url}\r\nx-image-meta-size: 10\r\n`),
      /^400 Bad Request\n\nhttp:/,
    ],
    ['v1 location later', () => put(`x-image-meta-location: ${source.url}\r\n`), /^400 Bad Request\n\nhttp:/],
    [
      'v1 copy_from later',
      () => put(`x-glance-api-copy-from: ${source.url}\r\n`),
      /^400 Bad Request\n\nhttp:/,
    ],
    [
      'v2 location by PATCH',
      () => v2(`PATCH /v2/images/${id}`, PATCH, [{op: 'add', path: '/locations/-', value: value()}]),
      /^400 Bad Request\n\nThe Store URI was malformed\./,
    ],
    [
      'v2 locations by PATCH',
      () => v2(`PATCH /v2/images/${id}`, PATCH, [{op: 'replace', path: '/locations', value: [value()]}]),
      /^400 Bad Request\n\nThe Store URI was malformed\./,
    ],
    [
      'v2 location by a call',
      () => v2(`POST /v2/images/${id}/locations`, '', {url: source.url}),
      /^400 Bad Request\n\nThe Store URI was malformed\./,
    ],
    [
      'v2 import',
      () => v2(`POST /v2/images/${id}/import`, '', {method: {name: 'web-download', uri: source.url}}),
      /^400 Bad Request\n\nURI for web-download does not pass filtering: http:/,
    ],
  ]
  for (const [what, send, words] of requests) {
    it(`${what} is refused, and the error names the setting that allows it`, async () => {
      service = strict
      const {status, body} = await send()
      assert.equal(status, 400, body.toString())
      assert.match(body.toString(), words)
      assert.match(body.toString(), FLAG)
      assert.equal(hits, 0)
      const listed = await ask(service, 'GET /v2/images?status=in:active,saving,importing,killed')
      assert.deepEqual((JSON.parse(listed.body.toString()) as {images: unknown}).images, [])
      assert.deepEqual(service.warnings, [])
    })
    it(`${what} is done if it is allowed`, async () => {
      service = lax
      const {status, body} = await send()
      assert.ok(status < 300, body.toString())
    })
  }

  it('does not read a location that was set while that was allowed', async () => {
    service = await startService({dataDir: dataDir(), fetchFromAnywhere: true})
    await v1(`x-image-meta-id: ${toId(1)}\r\nx-image-meta-location: ${source.url}\r\n`)
    await service.close()
    service = await startService({dataDir: dataDir()})
    hits = 0
    for (const line of [`GET /v1/images/${toId(1)}`, `GET /v2/images/${toId(1)}/file`]) {
      for (const range of ['', 'Range: bytes=0-3\r\n']) {
        const {status, body} = await ask(service, line, range)
        assert.equal(status, 403)
        assert.match(body.toString(), FLAG)
      }
    }
    assert.equal((await ask(service, `HEAD /v1/images/${toId(1)}`)).status, 200)
    assert.equal(hits, 0)
  })

  it('does not start a copy that was requested while that was allowed', async () => {
    service = await startService({dataDir: dataDir()})
    await service.close()
    const registry = await openRegistry(join(dataDir(), 'registry.sqlite'))
    await registry.create({id: toId(1), status: 'queued', location: source.url})
    await registry.close()
    service = await startService({dataDir: dataDir()})
    let status: string | undefined = 'queued'
    while (status === 'queued') {
      status = (await ask(service, `HEAD /v1/images/${toId(1)}`)).headers.get('x-image-meta-status')
    }
    assert.equal(status, 'killed')
    assert.equal(hits, 0)
    assert.match(service.warnings.join(), FLAG)
  })
})

describe('an import from a URL that is not fetched', () => {
  it('says first what the caller may do with the image', async () => {
    const service = await startService({auth: 'fake'})
    const send = async (line: string, user: string, body: object) => {
      const headers = `X-Auth-Token: ${user}\r\nContent-Type: application/json\r\n`
      const answer = await ask(service, line, headers, JSON.stringify(body))
      return {status: answer.status, body: answer.body.toString()}
    }
    const formats = {disk_format: 'raw', container_format: 'bare'}
    const make = async (more: object) => {
      const {body} = await send('POST /v2/images', 'root:ops:admin', {...formats, ...more})
      return (JSON.parse(body) as {id: string}).id
    }
    const method = {name: 'web-download', uri: 'http://127.0.0.1/x'}
    const statuses: number[] = []
    for (const [id, user] of [
      [toId(9), 'bob:beta:member'],
      [await make({visibility: 'private'}), 'bob:beta:member'],
      [await make({visibility: 'public'}), 'bob:beta:member'],
      [await make({visibility: 'public'}), 'ann:ops:member'],
    ] as const) {
      const {status, body} = await send(`POST /v2/images/${id}/import`, user, {method})
      if (status !== 400) assert.doesNotMatch(body, /127\.0\.0\.1/)
      statuses.push(status)
    }
    assert.deepEqual(statuses, [404, 404, 403, 400])
    await service.close()
  })
})
