/** The service with misbehaving clients and disks: early responses, slow readers, a full disk. */
import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {randomUUID} from 'node:crypto'
import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {exchange, RawConnection} from '../support/http/raw-http.js'
import {useTempDir} from '../support/temp-dir.js'
import {startService, type TestService} from '../support/test-service.js'
import {readState} from '../wire/v1/replay.js'

const MiB = 1024 * 1024
const ID = '00000001-0000-4000-8000-000000000000'

function post(id: string, length: number, more = ''): string {
  return (
    `POST /v1/images HTTP/1.1\r\nHost: localhost\r\nx-image-meta-id: ${id}\r\nx-image-meta-is_public: true\r\n` +
    'x-image-meta-disk_format: raw\r\nx-image-meta-container_format: bare\r\n' +
    `Content-Type: application/octet-stream\r\nContent-Length: ${length}\r\n${more}\r\n`
  )
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`

describe('service and misbehaving clients', () => {
  let service: TestService
  let id: string
  before(async () => {
    service = await startService()
  })
  after(() => service.close())
  beforeEach(() => {
    id = randomUUID()
  })
  afterEach(() => service.clear())

  it('sends 100 when it accepts the data (wire/v1.md#f73)', async () => {
    const client = new RawConnection(service.port)
    await client.write(post(id, 3, 'Expect: 100-continue\r\n'))
    const interim = await client.answer()
    assert.equal(interim?.status, 100)
    await client.write('abc')
    const answer = await client.answer()
    assert.equal(answer?.status, 201)
    client.close()
  })

  it('sends the error instead of 100 when it refuses the data', async () => {
    await exchange(service.port, `${post(id, 3)}abc`)
    const client = new RawConnection(service.port)
    await client.write(post(id, 3, 'Expect: 100-continue\r\n'))
    const answer = await client.answer()
    assert.equal(answer?.status, 409)
    assert.equal(answer.headers.get('connection'), 'close')
    client.close()
  })

  it('responds before the body has arrived, and a client that continues sending can read it afterwards', async () => {
    await exchange(service.port, `${post(id, 3)}abc`)
    const client = new RawConnection(service.port)
    await client.write(post(id, 8 * MiB))
    client.socket.pause()
    await client.write(Buffer.alloc(8 * MiB))
    client.socket.resume()
    const answer = await client.answer()
    assert.equal(answer?.status, 409)
    assert.match(answer.body.toString(), /already exists/)
    assert.equal(await client.waitUntilClosed(), undefined)
    client.close()
  })

  it('does not wait forever for a body it refuses', async () => {
    await exchange(service.port, `${post(id, 3)}abc`)
    const client = new RawConnection(service.port)
    await client.write(post(id, 8 * MiB))
    const answer = await client.answer()
    assert.equal(answer?.status, 409)
    await client.waitUntilClosed()
    client.close()
  })

  for (const [how, leave] of [
    ['hangs up', (client: RawConnection) => client.socket.destroy()],
    ['sends no more', (client: RawConnection) => client.socket.end()],
    ['resets the connection', (client: RawConnection) => client.socket.resetAndDestroy()],
  ] as const) {
    it(`closes the connection of a refused body when the client ${how}`, async () => {
      await exchange(service.port, `${post(id, 3)}abc`)
      const client = new RawConnection(service.port)
      await client.write(post(id, 8 * MiB))
      assert.equal((await client.answer())?.status, 409)
      leave(client)
      await service.close()
      service = await startService()
    })
  }

  it('refuses a header line of more than 16384 bytes (wire/v1.md#l32), and headers of more than 65536', async () => {
    for (const size of [17_000, 70_000]) {
      const request = `GET /v1/images HTTP/1.1\r\nHost: localhost\r\nx-image-meta-property-p: ${'v'.repeat(size)}\r\n\r\n`
      const answer = await exchange(service.port, request)
      assert.equal(answer.status, 400)
      assert.equal(answer.headers.get('connection'), 'close')
    }
  })

  it('sends as fast as the client reads, and serves others meanwhile', async () => {
    const size = 32 * MiB
    const upload = new RawConnection(service.port)
    await upload.write(post(id, size))
    await upload.write(Buffer.alloc(size, 'a'))
    assert.equal((await upload.answer())?.status, 201)
    upload.close()
    const slow = new RawConnection(service.port)
    slow.socket.pause()
    await slow.write(get(`/v1/images/${id}`))
    const list = await exchange(service.port, get('/v1/images'))
    assert.equal(list.status, 200)
    slow.socket.resume()
    const answer = await slow.answer()
    assert.equal(answer?.body.length, size)
    slow.close()
  })

  it('closes the data when the reader goes away', async () => {
    const size = 32 * MiB
    const upload = new RawConnection(service.port)
    await upload.write(post(id, size))
    await upload.write(Buffer.alloc(size, 'a'))
    await upload.answer()
    upload.close()
    const reader = new RawConnection(service.port)
    reader.socket.pause()
    await reader.write(get(`/v1/images/${id}`))
    reader.socket.resetAndDestroy()
    const again = await exchange(service.port, get(`/v1/images/${id}`))
    assert.equal(again.body.length, size)
  })

  it('ends an upload at once when its image is deleted', async () => {
    const client = new RawConnection(service.port)
    await client.write(`${post(id, 10)}abc`)
    while ((await readState(id, service.port)) !== 'status=saving, size=0');
    await exchange(service.port, `DELETE /v1/images/${id} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    const answer = await client.answer()
    assert.equal(answer?.status, 412)
    assert.deepEqual(await service.listStored(), [])
    client.close()
  })

  it('logs one line for each request, with the request id', async () => {
    const answer = await exchange(service.port, get('/v1/images?name=%1b%5b31m'))
    const requestId = answer.headers.get('x-openstack-request-id') ?? ''
    assert.match(requestId, /^req-[0-9a-f-]{36}$/)
    await readState(id, service.port)
    const line = service.log.find(text => text.includes(requestId)) ?? ''
    assert.match(
      line,
      /^req-[-0-9a-f]{36} 127\.0\.0\.1 - - "GET \/v1\/images\?name=%1b%5b31m HTTP\/1\.1" 200 \d+ \d+ms$/,
    )
  })
})

describe('service on a full disk', () => {
  let mounted = ''
  let service: TestService
  // Registered before the hook that removes the folder, which would fail while it is mounted.
  afterEach(async () => {
    await service?.close()
    if (mounted !== '') execFileSync('umount', [mounted])
    mounted = ''
  })
  const directory = useTempDir()
  beforeEach(async function () {
    const images = join(directory(), 'images')
    await mkdir(images)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', images], {stdio: 'ignore'})
    } catch {
      this.skip()
    }
    mounted = images
    service = await startService({dataDir: directory()})
  })

  it('responds with 507, leaves nothing, and accepts the next image that fits', async () => {
    const client = new RawConnection(service.port)
    await client.write(post(ID, 8 * MiB))
    await client.write(Buffer.alloc(8 * MiB)).catch(() => {})
    const answer = await client.answer()
    client.close()
    assert.equal(answer?.status, 507)
    assert.equal(answer.title, 'Insufficient Storage')
    assert.match(answer.body.toString(), /Image storage media is full/)
    assert.equal(await readState(ID, service.port), 'status=killed, size=0')
    assert.deepEqual(await service.listStored(), [])
    const next = await exchange(service.port, `${post('00000002-0000-4000-8000-000000000000', 3)}abc`)
    assert.equal(next.status, 201)
  })
})
