/** Uploads that end early, and changes of an image while its data arrives, as recorded (section J). */
import assert from 'node:assert/strict'
import {exchange, RawConnection} from '../../support/http/raw-http.js'
import {startService, type TestService} from '../../support/test-service.js'
import {toId} from '../service-under-test.js'
import {readState} from './replay.js'

/** How the client ends: it closes, closes only its sending side, or resets. */
type End = 'fin' | 'half-close' | 'reset'

interface Cut {
  readonly title: string
  /** Separated by `|`. */
  readonly headers: string
  readonly sent: string
  readonly end: End
  readonly state: string
}

/** J1 to J13. */
const CUTS: readonly Cut[] = [
  {
    title: 'an upload that ends before Content-Length leaves the image killed',
    headers: 'Content-Length: 1000',
    sent: 'x'.repeat(100),
    end: 'fin',
    state: 'status=killed, size=0',
  },
  {
    title: 'a killed image keeps the announced size',
    headers: '*size: 1000|Content-Length: 1000',
    sent: 'x'.repeat(100),
    end: 'fin',
    state: 'status=killed, size=1000',
  },
  {
    title: 'a client that closes only its sending side reads 400',
    headers: 'Content-Length: 1000',
    sent: 'x'.repeat(100),
    end: 'half-close',
    state: 'status=killed, size=0',
  },
  {
    title: 'a half-closed upload keeps the announced size',
    headers: '*size: 1000|Content-Length: 1000',
    sent: 'x'.repeat(100),
    end: 'half-close',
    state: 'status=killed, size=1000',
  },
  {
    title: 'a reset connection leaves the image killed',
    headers: 'Content-Length: 1000',
    sent: 'x'.repeat(100),
    end: 'reset',
    state: 'status=killed, size=0',
  },
  {
    title: 'a reset after 200000 bytes leaves the image killed',
    headers: 'Content-Length: 1000000',
    sent: 'x'.repeat(200_000),
    end: 'reset',
    state: 'status=killed, size=0',
  },
  {
    title: 'a chunked upload that ends between chunks leaves the image killed',
    headers: 'Transfer-Encoding: chunked',
    sent: '3\r\nabc\r\n',
    end: 'fin',
    state: 'status=killed, size=0',
  },
  {
    title: 'a chunked upload that is half-closed between chunks reads 400',
    headers: 'Transfer-Encoding: chunked',
    sent: '3\r\nabc\r\n',
    end: 'half-close',
    state: 'status=killed, size=0',
  },
  {
    title: 'a chunked upload that ends inside a chunk leaves the image killed',
    headers: 'Transfer-Encoding: chunked',
    sent: '10\r\nabc',
    end: 'fin',
    state: 'status=killed, size=0',
  },
  {
    title: 'a chunked upload that is half-closed inside a chunk reads 400',
    headers: 'Transfer-Encoding: chunked',
    sent: '10\r\nabc',
    end: 'half-close',
    state: 'status=killed, size=0',
  },
  {
    title: 'a chunked upload that is reset leaves the image killed',
    headers: 'Transfer-Encoding: chunked',
    sent: '3\r\nabc\r\n',
    end: 'reset',
    state: 'status=killed, size=0',
  },
  {
    title: 'a chunked upload keeps the announced size',
    headers: '*size: 100|Transfer-Encoding: chunked',
    sent: '3\r\nabc\r\n',
    end: 'half-close',
    state: 'status=killed, size=100',
  },
  {
    title: 'an invalid chunk size is 400',
    headers: 'Transfer-Encoding: chunked',
    sent: 'zz\r\nabc\r\n0\r\n\r\n',
    end: 'half-close',
    state: 'status=killed, size=0',
  },
]

/** 76 bytes, as recorded in J3. */
const DISCONNECTED = '400 Bad Request\n\nClient disconnected before sending all data to backend\n\n   '

const UPLOAD = [
  '*name: cut',
  '*disk_format: raw',
  '*container_format: bare',
  'Content-Type: application/octet-stream',
]

describe('API v1 on the wire: uploads that end early', () => {
  let service: TestService
  before(async () => {
    service = await startService()
  })
  after(() => service.close())

  function head(method: string, path: string, headers: readonly string[]): string {
    const lines = headers.map(header => header.replace(/^\*/, 'x-image-meta-'))
    return `${[`${method} ${path} HTTP/1.1`, 'Host: localhost', ...lines].join('\r\n')}\r\n\r\n`
  }

  async function waitForState(id: string, state: string): Promise<void> {
    const deadline = Date.now() + 5000
    let now = await readState(id, service.port)
    while (now !== state && Date.now() < deadline) now = await readState(id, service.port)
    assert.equal(now, state)
  }

  for (const [n, {title, headers, sent, end, state}] of CUTS.entries()) {
    it(`J${n + 1} ${title}`, async () => {
      const id = toId(204 + n)
      const connection = new RawConnection(service.port)
      const own = [`*id: ${id}`, ...UPLOAD, ...headers.split('|')]
      await connection.write(head('POST', '/v1/images', own) + sent)
      if (end === 'half-close') {
        connection.socket.end()
        const answer = await connection.answer()
        assert.equal(answer?.status, 400)
        assert.equal(answer.headers.get('content-type'), 'text/plain; charset=UTF-8')
        assert.equal(answer.body.toString(), DISCONNECTED)
      } else if (end === 'fin') connection.socket.destroy()
      else connection.socket.resetAndDestroy()
      await waitForState(id, state)
      assert.deepEqual(await service.listStored(), [])
    })
  }

  for (const [number, size] of [
    [14, 0],
    [15, 1000],
  ] as const) {
    it(`J${number} an upload into a queued image that ends early leaves it killed with size ${size}`, async () => {
      const id = toId(203 + number)
      await exchange(service.port, head('POST', '/v1/images', [`*id: ${id}`, ...UPLOAD]))
      const connection = new RawConnection(service.port)
      const sizes = size > 0 ? [`*size: ${size}`] : []
      const headers = ['Content-Type: application/octet-stream', ...sizes, 'Content-Length: 1000']
      await connection.write(head('PUT', `/v1/images/${id}`, headers) + 'x'.repeat(100))
      connection.socket.destroy()
      await waitForState(id, `status=killed, size=${size}`)
      assert.deepEqual(await service.listStored(), [])
    })
  }

  it('J16 Content-Length is ignored in favour of Transfer-Encoding [differs: refused, because two lengths allow request smuggling]', async () => {
    const headers = [`*id: ${toId(219)}`, ...UPLOAD, 'Content-Length: 3', 'Transfer-Encoding: chunked']
    const request = `${head('POST', '/v1/images', headers)}3\r\nabc\r\n0\r\n\r\n`
    const {status} = await exchange(service.port, request)
    assert.equal(status, 400)
    assert.equal(await readState(toId(219), service.port), 'none')
  })

  it('J17 to J21 an image is saving while its data arrives: it is listed, can be renamed, but not read or replaced', async () => {
    const id = toId(220)
    const upload = await startUpload(id)
    const list = await exchange(service.port, head('GET', '/v1/images?is_public=None', []))
    assert.ok(list.body.toString().includes(id))
    const get = await exchange(service.port, head('GET', `/v1/images/${id}`, []))
    assert.equal(get.status, 404)
    assert.match(get.body.toString(), /Image 00000220-0000-4000-8000-000000000000 is not active/)
    const second = ['Content-Type: application/octet-stream', 'Content-Length: 3']
    const put = await exchange(service.port, `${head('PUT', `/v1/images/${id}`, second)}zzz`)
    assert.equal(put.status, 409)
    assert.match(put.body.toString(), /Cannot upload to an unqueued image/)
    const rename = await exchange(service.port, head('PUT', `/v1/images/${id}`, ['*name: late']))
    assert.equal(rename.status, 200)
    await upload.write('defghij')
    const answer = await upload.answer()
    assert.equal(answer?.status, 201)
    assert.equal(answer.headers.get('etag'), 'a925576942e94b2ef57a066101b48876')
    assert.match(answer.body.toString(), /"name":"late","status":"active","size":10/)
    upload.close()
  })

  it('J22, J23 DELETE of an image that is saving ends its upload with 412', async () => {
    const id = toId(221)
    const before = await service.listStored()
    const upload = await startUpload(id)
    const gone = await exchange(service.port, head('DELETE', `/v1/images/${id}`, []))
    assert.equal(gone.status, 200)
    assert.equal(await readState(id, service.port), 'status=deleted, size=0, deleted=True')
    await upload.write('defghij')
    const answer = await upload.answer()
    assert.equal(answer?.status, 412)
    assert.equal(answer.title, 'Precondition Failed')
    assert.equal(
      answer.body.toString(),
      '412 Precondition Failed\n\nImage 00000221-0000-4000-8000-000000000000 could not be found after upload. ' +
        'The image may have been deleted during the upload.\n\n   ',
    )
    assert.equal(await readState(id, service.port), 'status=deleted, size=0, deleted=True')
    assert.deepEqual(await service.listStored(), before)
    upload.close()
  })

  it('killed and deleted images are not listed', async () => {
    const list = await exchange(service.port, head('GET', '/v1/images?is_public=None', []))
    const {images} = JSON.parse(list.body.toString()) as {images: {id: string}[]}
    assert.deepEqual(
      images.map(image => image.id),
      [toId(220)],
    )
  })

  /** Starts an upload of 10 bytes and sends 3 of them. */
  async function startUpload(id: string): Promise<RawConnection> {
    const connection = new RawConnection(service.port)
    await connection.write(
      `${head('POST', '/v1/images', [`*id: ${id}`, ...UPLOAD, 'Content-Length: 10'])}abc`,
    )
    await waitForState(id, 'status=saving, size=0')
    return connection
  }
})
