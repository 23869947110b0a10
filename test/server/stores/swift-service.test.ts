/** The service with its data in Swift: what callers see, and what remains, when Swift fails. */
import assert from 'node:assert/strict'
import {rm} from 'node:fs/promises'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {type FakeSwift, type Fault, startFakeSwift} from '../../support/fake-swift.js'
import {startService, type TestService, temporaryFolder} from '../../support/test-service.js'

const OCTETS = {'content-type': 'application/octet-stream'}

describe('service with data in swift', () => {
  let swift: FakeSwift
  let service: TestService
  let dataDir: string
  let start: () => Promise<TestService>
  beforeEach(async () => {
    dataDir = await temporaryFolder()
    swift = await startFakeSwift()
    const assignments = [
      'default_store=swift',
      'swift_store_auth_version=1',
      `swift_store_auth_address=${swift.url}/auth/v1.0`,
      'swift_store_user=test:tester',
      'swift_store_large_object_size=1',
      'swift_store_large_object_chunk_size=1',
    ]
    const env = {GLANCE_SWIFT_STORE_KEY: 'testing'}
    start = () => startService({dataDir, given: new GivenSettings({assignments, env})})
    service = await start()
  })
  afterEach(async () => {
    await Promise.all([service.close(), swift.close()])
    await rm(dataDir, {recursive: true})
  })

  const create = async (): Promise<string> => {
    const body = '{"disk_format": "raw", "container_format": "bare"}'
    const headers = {'content-type': 'application/json'}
    const reply = await fetch(`${service.url}/v2/images`, {method: 'POST', headers, body})
    return ((await reply.json()) as {id: string}).id
  }
  const upload = (id: string, body: string | Uint8Array<ArrayBuffer>) =>
    fetch(`${service.url}/v2/images/${id}/file`, {method: 'PUT', headers: OCTETS, body})
  const show = async (id: string) =>
    (await (await fetch(`${service.url}/v2/images/${id}`)).json()) as Record<string, unknown>
  const answerTo =
    (method: string, status: number): Fault =>
    (request, response) => {
      if (request.method !== method || request.url?.startsWith('/auth')) return false
      left -= 1
      if (left > 0) return false
      request.resume()
      response.writeHead(status).end()
      return true
    }
  let left = 0

  it('uploads, downloads and deletes', async () => {
    const id = await create()
    const bytes = new Uint8Array(2.5 * 1024 * 1024).fill(7)
    assert.equal((await upload(id, bytes)).status, 204)
    const {status, size, checksum} = await show(id)
    assert.deepEqual([status, size, checksum], ['active', 2_621_440, '771b0078b861fcaa2ed7d7561911ce6e'])
    const reply = await fetch(`${service.url}/v2/images/${id}/file`)
    assert.ok(Buffer.from(await reply.arrayBuffer()).equals(bytes))
    const part = await fetch(`${service.url}/v2/images/${id}/file`, {
      headers: {range: 'bytes=1048575-1048576'},
    })
    assert.deepEqual([part.status, (await part.arrayBuffer()).byteLength], [206, 2])
    assert.equal((await fetch(`${service.url}/v2/images/${id}`, {method: 'DELETE'})).status, 204)
    assert.equal(swift.objects.size, 0)
  })

  for (const [status, expected, text] of [
    [500, 503, /The image storage is not available: Swift answered 500\./],
    [403, 503, /The image storage is not available: Swift rejects its user\./],
    [413, 413, /Image storage media is full/],
  ] as const) {
    it(`answers ${expected} to an upload when Swift answers ${status} in its middle, and leaves nothing`, async () => {
      const id = await create()
      left = 2
      swift.fault = answerTo('PUT', status)
      const reply = await upload(id, new Uint8Array(2.5 * 1024 * 1024))
      assert.equal(reply.status, expected)
      assert.match(await reply.text(), text)
      assert.equal((await show(id))['status'], 'queued')
      assert.equal(swift.objects.size, 0)
      swift.fault = () => false
      assert.equal((await upload(id, 'again')).status, 204)
    })
  }

  it('kills the image on v1', async () => {
    left = 2
    swift.fault = answerTo('PUT', 500)
    const headers = {
      ...OCTETS,
      'x-image-meta-name': 'n',
      'x-image-meta-disk_format': 'raw',
      'x-image-meta-container_format': 'bare',
    }
    const body = new Uint8Array(2.5 * 1024 * 1024)
    const reply = await fetch(`${service.url}/v1/images`, {method: 'POST', headers, body})
    assert.equal(reply.status, 503)
    assert.match(await reply.text(), /not available: Swift answered 500/)
    assert.equal(swift.objects.size, 0)
  })

  it('answers 503 to a download while Swift is away', async () => {
    const id = await create()
    await upload(id, 'x')
    await swift.close()
    const reply = await fetch(`${service.url}/v2/images/${id}/file`)
    assert.equal(reply.status, 503)
    assert.match(
      await reply.text(),
      /The image storage is not available: Swift cannot be used: connection refused\./,
    )
  })

  it('deletes data later that Swift did not delete', async () => {
    const id = await create()
    await upload(id, 'x')
    left = 1
    swift.fault = answerTo('DELETE', 500)
    assert.equal((await fetch(`${service.url}/v2/images/${id}`, {method: 'DELETE'})).status, 204)
    assert.equal(swift.objects.size, 1)
    swift.fault = () => false
    assert.ok(service.warnings.some(line => /cannot delete unused data at swift:.*will try again/.test(line)))
    // Uploads do not wait for it: it is tried again every minute, and at the start.
    await upload(await create(), 'y')
    await service.close()
    service = await start()
    assert.equal(swift.objects.size, 1)
  })

  it('shows no secret in its log', async () => {
    await upload(await create(), 'x')
    assert.doesNotMatch([...service.log, ...service.warnings].join('\n'), /testing|token-1/)
  })
})
