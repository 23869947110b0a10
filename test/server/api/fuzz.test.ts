/** Random requests: none of them may cause a response of 5xx, a report of an internal error, or the end of the service. */
import assert from 'node:assert/strict'
import {randomUUID} from 'node:crypto'
import {mkdir, rm} from 'node:fs/promises'
import {join} from 'node:path'
import fc from 'fast-check'
import type {Backends} from '../../../src/server/backends.js'
import {openRegistry} from '../../../src/server/registry/sqlite/open.js'
import {createServerWith} from '../../../src/server/server.js'
import {ANYWHERE} from '../../../src/server/stores/fetch-policy.js'
import {FilesystemStore} from '../../../src/server/stores/filesystem-store.js'
import {HttpStore} from '../../../src/server/stores/http-store.js'
import {
  type FuzzRequest,
  fuzzRequest,
  headers,
  ID,
  newImage,
  patch,
  query,
  request,
} from '../../support/fuzz-requests.js'
import {exchange, type RawAnswer, RawConnection} from '../../support/http/raw-http.js'
import {toStoreSet} from '../../support/store-set.js'
import {temporaryFolder} from '../../support/test-service.js'

const RUNS = 250
const PATIENCE = 120_000

describe('random requests', () => {
  let port: number
  let folder: string
  let stop: () => Promise<void>
  const warnings: string[] = []

  before(async () => {
    folder = await temporaryFolder()
    const settings = {
      host: '127.0.0.1',
      port: 0,
      dataDir: folder,
      shutdownSeconds: 5,
      pid: 1,
      showLocations: true,
    }
    const reporter = {log: () => {}, warn: (line: string) => warnings.push(line)}
    const server = await createServerWith(await openBackends(folder), settings, reporter)
    port = Number(new URL(await server.listen()).port)
    stop = () => server.close()
  })
  after(async () => {
    await stop()
    await rm(folder, {recursive: true})
  })

  function send({method, path, headers: lines, body}: FuzzRequest): Promise<RawAnswer> {
    const bytes = Buffer.from(body)
    const head = [
      `${method} ${path} HTTP/1.1`,
      'Host: localhost',
      ...lines,
      `Content-Length: ${bytes.length}`,
    ]
    const text = `${head.join('\r\n')}\r\n\r\n${bytes.toString('latin1')}`
    return exchange(port, text, {toHead: method === 'HEAD'})
  }

  async function assertNoServerError(given: FuzzRequest): Promise<void> {
    const {status, body} = await send(given)
    assert.ok(status >= 200 && status < 500, `${status} ${body.toString().slice(0, 500)}`)
    assert.deepEqual(warnings, [])
  }

  /** The same with an image for each request, since it may be deleted. */
  async function assertImageSurvives({path, body, ...rest}: FuzzRequest): Promise<void> {
    const id = randomUUID()
    const image = JSON.stringify({id, disk_format: 'raw', container_format: 'bare'})
    await assertNoServerError({method: 'POST', path: '/v2/images', headers: [], body: image})
    await assertNoServerError({...rest, path: path.replaceAll(ID, id), body: body.replaceAll(ID, id)})
  }

  const check = (requests: fc.Arbitrary<FuzzRequest>, assertion = assertNoServerError) =>
    fc.assert(fc.asyncProperty(requests, assertion), {numRuns: RUNS})

  it('of any kind get no server error', () => check(fuzzRequest, assertImageSurvives)).timeout(PATIENCE)

  const one = `/v2/images/${ID}`
  const old = `/v1/images/${ID}`
  const none = fc.constant([])
  const empty = fc.constant('')

  it('for lists get no server error', () => {
    const lists = fc.constantFrom(
      '/v2/images',
      '/v1/images',
      '/v1/images/detail',
      '/v2/tasks',
      `${one}/tasks`,
    )
    const path = fc.tuple(lists, query).map(([resource, search]) => `${resource}?${search}`)
    return check(fc.record({method: fc.constant('GET'), path, headers: none, body: empty}))
  }).timeout(PATIENCE)

  it('for new images get no server error', () => {
    const v2 = fc.record({
      method: fc.constant('POST'),
      path: fc.constant('/v2/images'),
      headers: none,
      body: newImage,
    })
    const v1 = fc.record({method: fc.constant('POST'), path: fc.constant('/v1/images'), headers, body: empty})
    return check(fc.oneof(v1, v2))
  }).timeout(PATIENCE)

  it('that change images get no server error', () => {
    const kinds = fc
      .constantFrom('1', '0')
      .map(minor => [`content-type: application/openstack-images-v2.${minor}-json-patch`])
    const v2 = fc.record({method: fc.constant('PATCH'), path: fc.constant(one), headers: kinds, body: patch})
    const v1 = fc.record({method: fc.constant('PUT'), path: fc.constant(old), headers, body: empty})
    return check(fc.oneof(v1, v2, v2), assertImageSurvives)
  }).timeout(PATIENCE)

  it('for members, imports and locations get no server error', () => {
    const calls = ['POST /members', 'PUT /members/m', 'POST /import', 'POST /locations'].map(call =>
      call.replace(' ', ` ${one}`),
    )
    const path = fc.constantFrom(...calls, `PUT ${old}/members`, `PUT ${old}/members/m`)
    const requests = fc.tuple(path, request).map(([call, body]) => {
      const [method = '', resource = ''] = call.split(' ')
      return {method, path: resource, headers: [], body}
    })
    return check(requests, assertImageSurvives)
  }).timeout(PATIENCE)

  it('for data get no server error', () => {
    const calls = fc.constantFrom(
      `PUT ${one}/file`,
      `PUT ${one}/stage`,
      `PUT ${old}`,
      `GET ${one}/file`,
      `GET ${old}`,
    )
    const requests = fc.tuple(calls, headers, fc.boolean()).map(([call, lines, isData]) => {
      const [method = '', path = ''] = call.split(' ')
      const type = isData ? ['content-type: application/octet-stream'] : []
      return {method, path, headers: [...type, ...lines.slice(isData ? 0 : 1)], body: 'data'}
    })
    return check(requests, assertImageSurvives)
  }).timeout(PATIENCE)

  it('that are not HTTP get no server error', async () => {
    const broken = fc
      .tuple(fuzzRequest, fc.nat(300), fc.uint8Array({maxLength: 9}))
      .map(([given, at, more]) => {
        const text = `${given.method} ${given.path} HTTP/1.1\r\n${given.headers.join('\r\n')}\r\n\r\n`
        return Buffer.concat([
          Buffer.from(text.slice(0, at), 'latin1'),
          more,
          Buffer.from(text.slice(at), 'latin1'),
        ])
      })
    const noise = fc.uint8Array({maxLength: 200}).map(bytes => Buffer.from(bytes))
    const assertEnded = async (garbage: Buffer) => {
      const client = new RawConnection(port)
      await client.write(garbage)
      client.socket.end()
      const answer = await client.answer()
      assert.ok((answer?.status ?? 0) < 500, answer?.body.toString())
      await client.waitUntilClosed()
      client.close()
      assert.deepEqual(warnings, [])
    }
    await fc.assert(fc.asyncProperty(fc.oneof(broken, noise), assertEnded), {numRuns: RUNS})
    await assertNoServerError({method: 'GET', path: '/v2/images', headers: [], body: ''})
  }).timeout(PATIENCE)
})

/** Uses a registry in memory, since durability is not tested here and would be slow. */
async function openBackends(folder: string): Promise<Backends> {
  const folders = ['images', 'staging'].map(name => join(folder, name))
  for (const path of folders) await mkdir(path)
  const [store, staging] = folders.map(path => new FilesystemStore(path)) as [
    FilesystemStore,
    FilesystemStore,
  ]
  const registry = await openRegistry(':memory:')
  const stores = toStoreSet(store, folders[0])
  return {registry, stores, staging, remoteStores: [new HttpStore(ANYWHERE)], close: () => registry.close()}
}
