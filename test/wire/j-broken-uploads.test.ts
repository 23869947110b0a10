/** Section J of the recorded exchanges: uploads that break off, and other races. */
import assert from 'node:assert/strict'
import {exchange, RawConnection} from '../support/raw-http.js'
import {startService, type TestService} from '../support/service.js'
import {stateOf} from './witness.js'

/** How the client goes away behind what it sent: closes, closes only its sending side, or resets. */
type End = 'fin' | 'half-close' | 'reset'

const CUTS: readonly (readonly [
  id: number,
  what: string,
  headers: string,
  sent: string,
  end: End,
  state: string,
])[] = [
  [1, 'Content-Length', 'Content-Length: 1000', 'x'.repeat(100), 'fin', 'status=killed, size=0'],
  [
    2,
    'the size announced',
    '*size: 1000|Content-Length: 1000',
    'x'.repeat(100),
    'fin',
    'status=killed, size=1000',
  ],
  [3, 'half-closed', 'Content-Length: 1000', 'x'.repeat(100), 'half-close', 'status=killed, size=0'],
  [4, 'both', '*size: 1000|Content-Length: 1000', 'x'.repeat(100), 'half-close', 'status=killed, size=1000'],
  [5, 'reset', 'Content-Length: 1000', 'x'.repeat(100), 'reset', 'status=killed, size=0'],
  [6, 'reset after more', 'Content-Length: 1000000', 'x'.repeat(200_000), 'reset', 'status=killed, size=0'],
  [
    7,
    'chunked, between chunks',
    'Transfer-Encoding: chunked',
    '3\r\nabc\r\n',
    'fin',
    'status=killed, size=0',
  ],
  [8, '... half-closed', 'Transfer-Encoding: chunked', '3\r\nabc\r\n', 'half-close', 'status=killed, size=0'],
  [9, 'chunked, in a chunk', 'Transfer-Encoding: chunked', '10\r\nabc', 'fin', 'status=killed, size=0'],
  [10, '... half-closed', 'Transfer-Encoding: chunked', '10\r\nabc', 'half-close', 'status=killed, size=0'],
  [11, 'chunked, reset', 'Transfer-Encoding: chunked', '3\r\nabc\r\n', 'reset', 'status=killed, size=0'],
  [
    12,
    'size',
    '*size: 100|Transfer-Encoding: chunked',
    '3\r\nabc\r\n',
    'half-close',
    'status=killed, size=100',
  ],
  [
    13,
    'no chunk size',
    'Transfer-Encoding: chunked',
    'zz\r\nabc\r\n0\r\n\r\n',
    'half-close',
    'status=killed, size=0',
  ],
]

/** 76 bytes, as recorded in J3. */
const DISCONNECTED = '400 Bad Request\n\nClient disconnected before sending all data to backend\n\n   '

const UPLOAD = [
  '*name: cut',
  '*disk_format: raw',
  '*container_format: bare',
  'Content-Type: application/octet-stream',
]

describe('v1 wire J. Uploads that break off, and other races', () => {
  let service: TestService
  before(async () => {
    service = await startService()
  })
  after(() => service.close())

  function head(method: string, path: string, headers: readonly string[]): string {
    const lines = headers.map(header => header.replace(/^\*/, 'x-image-meta-'))
    return `${[`${method} ${path} HTTP/1.1`, 'Host: localhost', ...lines].join('\r\n')}\r\n\r\n`
  }

  /** Waits until the image is in that state, which comes soon or never. */
  async function reaches(id: string, state: string): Promise<void> {
    const deadline = Date.now() + 5000
    let now = await stateOf(id, service.port)
    while (now !== state && Date.now() < deadline) now = await stateOf(id, service.port)
    assert.equal(now, state)
  }

  for (const [number, what, headers, sent, end, state] of CUTS) {
    it(`J${number} POST cut: ${what}, ${end}`, async () => {
      const id = idOf(203 + number)
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
      await reaches(id, state)
      assert.deepEqual(await service.stored(), [])
    })
  }

  for (const [number, size] of [
    [14, 0],
    [15, 1000],
  ] as const) {
    it(`J${number} PUT into a queued image cut, size ${size} announced`, async () => {
      const id = idOf(203 + number)
      await exchange(service.port, head('POST', '/v1/images', [`*id: ${id}`, ...UPLOAD]))
      const connection = new RawConnection(service.port)
      const sizes = size > 0 ? [`*size: ${size}`] : []
      const headers = ['Content-Type: application/octet-stream', ...sizes, 'Content-Length: 1000']
      await connection.write(head('PUT', `/v1/images/${id}`, headers) + 'x'.repeat(100))
      connection.socket.destroy()
      await reaches(id, `status=killed, size=${size}`)
      assert.deepEqual(await service.stored(), [])
    })
  }

  it('J16 both Content-Length and Transfer-Encoding [differs: refused, two lengths are how requests are smuggled]', async () => {
    const headers = [`*id: ${idOf(219)}`, ...UPLOAD, 'Content-Length: 3', 'Transfer-Encoding: chunked']
    const request = `${head('POST', '/v1/images', headers)}3\r\nabc\r\n0\r\n\r\n`
    const {status} = await exchange(service.port, request)
    assert.equal(status, 400)
    assert.equal(await stateOf(idOf(219), service.port), 'none')
  })

  it('J17 to J21 a stalled upload: saving, listed, not readable, not to be replaced, renamed, ended', async () => {
    const id = idOf(220)
    const upload = await stalled(id)
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

  it('J22, J23 DELETE of an image that is being saved: the upload ends with 412', async () => {
    const id = idOf(221)
    const before = await service.stored()
    const upload = await stalled(id)
    const gone = await exchange(service.port, head('DELETE', `/v1/images/${id}`, []))
    assert.equal(gone.status, 200)
    assert.equal(await stateOf(id, service.port), 'status=deleted, size=0, deleted=True')
    await upload.write('defghij')
    const answer = await upload.answer()
    assert.equal(answer?.status, 412)
    assert.equal(answer.title, 'Precondition Failed')
    assert.equal(
      answer.body.toString(),
      '412 Precondition Failed\n\nImage 00000221-0000-4000-8000-000000000000 could not be found after upload. ' +
        'The image may have been deleted during the upload.\n\n   ',
    )
    assert.equal(await stateOf(id, service.port), 'status=deleted, size=0, deleted=True')
    assert.deepEqual(await service.stored(), before)
    upload.close()
  })

  it('lists none of them', async () => {
    const list = await exchange(service.port, head('GET', '/v1/images?is_public=None', []))
    const {images} = JSON.parse(list.body.toString()) as {images: {id: string}[]}
    assert.deepEqual(
      images.map(image => image.id),
      [idOf(220)],
    )
  })

  /** An upload of which 3 of 10 bytes were sent, and taken. */
  async function stalled(id: string): Promise<RawConnection> {
    const connection = new RawConnection(service.port)
    await connection.write(
      `${head('POST', '/v1/images', [`*id: ${id}`, ...UPLOAD, 'Content-Length: 10'])}abc`,
    )
    await reaches(id, 'status=saving, size=0')
    return connection
  }
})

function idOf(number: number): string {
  return `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`
}
