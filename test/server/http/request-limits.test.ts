/** The limits of the service, and the responses beyond them. */
import assert from 'node:assert/strict'
import type http from 'node:http'
import {createApp} from '../../../src/server/http/app.js'
import {HttpError} from '../../../src/server/http/http-error.js'
import {readJsonBody} from '../../../src/server/http/json-body.js'
import {listen} from '../../../src/server/http/listen.js'
import {exchange, type RawAnswer, RawConnection} from '../../support/http/raw-http.js'
import {type Served, serve} from '../../support/http/serve.js'
import {startService, type TestService} from '../../support/test-service.js'

const ID = '00000001-0000-4000-8000-000000000000'
const PATCH = 'Content-Type: application/openstack-images-v2.1-json-patch\r\n'
const times = <T>(count: number, of: (n: number) => T) => Array.from({length: count}, (_, n) => of(n))

describe('limits of the service', () => {
  let service: TestService
  before(async () => {
    service = await startService({showLocations: true, fetchFromAnywhere: true})
    await ask('POST /v2/images', JSON.stringify({id: ID}))
  })
  after(async () => {
    assert.deepEqual(service.warnings, [])
    await service.close()
  })

  function ask(line: string, body: string | Buffer = '', headers = ''): Promise<RawAnswer> {
    const bytes = Buffer.from(body)
    const length = bytes.length === 0 ? '' : `Content-Length: ${bytes.length}\r\n`
    const head = `${line} HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n${headers}${length}\r\n`
    return exchange(service.port, head + bytes.toString('latin1'))
  }
  const patch = (operations: unknown) => ask(`PATCH /v2/images/${ID}`, JSON.stringify(operations), PATCH)
  const image = (body: unknown) => ask('POST /v2/images', JSON.stringify(body))
  const list = (query: string, version = 2) => ask(`GET /v${version}/images?${query}`)
  const add = (path: string, value: unknown) => ({op: 'add', path, value})
  const nest = (depth: number) => `{"p":${'['.repeat(depth)}${']'.repeat(depth)}}`

  type Limit = readonly [string, number, RegExp, () => Promise<RawAnswer>]
  const limits: readonly Limit[] = [
    ['128 filters of properties', 200, /"images":/, () => list(times(128, n => `p${n}=v`).join('&'))],
    [
      '129 filters of properties',
      400,
      /at most 128 properties/,
      () => list(times(129, n => `p${n}=v`).join('&')),
    ],
    ['two Host headers', 400, /several Host headers/, () => ask('GET /v2/images', '', 'host: localhost\r\n')],
    ['3000 filters of properties', 400, /at most 128/, () => list(times(3000, n => `${n}`).join('&'))],
    ['128 tags in a filter', 200, /"images":/, () => list(times(128, n => `tag=${n}`).join('&'))],
    ['129 tags in a filter', 400, /at most 128 tags/, () => list(times(129, n => `tag=${n}`).join('&'))],
    ['1000 values in five filters', 200, /"images":/, () => list(repeatFilters(1000))],
    [
      '1001 values in a filter',
      400,
      /at most 1000 values/,
      () => list(`name=in:${times(1001, () => 'v').join()}`),
    ],
    [
      '1000 sort keys',
      200,
      /"images":/,
      () =>
        list(
          times(1000, () => 'sort_key=')
            .join('&')
            .replaceAll('=', '=id'),
        ),
    ],
    ['a URL of 16385 bytes', 414, /exceeds 16384 bytes/, () => ask(`GET /v2/images/${'a'.repeat(16_374)}`)],
    ['a URL of 16384 bytes', 404, /No image found/, () => ask(`GET /v2/images/${'a'.repeat(16_373)}`)],
    [
      'a URL of 16385 bytes (v1)',
      414,
      /exceeds 16384 bytes/,
      () => ask(`GET /v1/images/${'a'.repeat(16_374)}`),
    ],
    ['a URL of 70000 bytes', 400, /^$/, () => ask(`GET /v2/images/${'a'.repeat(70_000)}`)],
    ['1001 headers', 431, /more than 1000 headers/, () => ask('GET /v2/images', '', 'a: b\r\n'.repeat(999))],
    [
      'a body of 1 MiB and a byte',
      413,
      /exceeds 1048576 bytes/,
      () => ask('POST /v2/images', `{${' '.repeat(1_048_575)}}`),
    ],
    ['lists 64 deep', 400, /is not of type 'string'/, () => ask('POST /v2/images', nest(63))],
    ['lists 65 deep', 400, /nested deeper than 64 levels/, () => ask('POST /v2/images', nest(65))],
    ['lists 200000 deep', 400, /nested deeper than 64 levels/, () => ask('POST /v2/images', nest(200_000))],
    ['lists without an end', 400, /nested deeper/, () => ask('POST /v2/images', '['.repeat(1000))],
    [
      'brackets in a string',
      201,
      /"status":/,
      () => ask('POST /v2/images', `{"name":"\\"${'['.repeat(100)}"}`),
    ],
    [
      'deep metadata of a location',
      400,
      /nested deeper/,
      () => ask(`PATCH /v2/images/${ID}`, `[${nest(5000)}]`, PATCH),
    ],
    ['a deep membership', 400, /nested deeper/, () => ask(`PUT /v1/images/${ID}/members`, nest(5000))],
    ['1000 operations', 200, /"a":"v"/, () => patch(times(1000, () => add('/a', 'v')))],
    ['1001 operations', 413, /at most 1000 operations/, () => patch(times(1001, () => add('/a', 'v')))],
    [
      '129 properties',
      413,
      /image properties. Attempted: 129/,
      () => image(Object.fromEntries(times(129, n => [`p${n}`, 'v']))),
    ],
    ['256 KiB of properties', 413, /bytes in image properties/, () => image({p: 'ü'.repeat(131_072)})],
    ['129 tags', 413, /image tags. Attempted: 129/, () => image({tags: times(129, String)})],
    ['129 tags by PATCH', 413, /image tags. Attempted: 129/, () => patch([add('/tags', times(129, String))])],
    [
      '11 locations',
      413,
      /image locations. Attempted: 11/,
      () => patch([{op: 'replace', path: '/locations', value: times(11, location)}]),
    ],
    [
      '64 KiB of metadata',
      413,
      /characters in image locations/,
      () => patch([add('/locations/-', {...location(), metadata: {a: 'x'.repeat(65_536)}})]),
    ],
    [
      'a URI of 8193 characters',
      400,
      /at most 8192 characters/,
      () => importFrom(`http://h/${'a'.repeat(8184)}`),
    ],
    [
      '129 members (v1)',
      413,
      /Attempted: 129, Maximum: 128/,
      () => members(times(129, n => ({member_id: `m${n}`}))),
    ],
    ['a member id of 256 characters (v1)', 400, /member_id/, () => members([{member_id: 'm'.repeat(256)}])],
    [
      'a member id of 256 characters',
      400,
      /at most 255/,
      () => ask(`POST /v2/images/${ID}/members`, JSON.stringify({member: 'm'.repeat(256)})),
    ],
  ]
  const location = () => ({url: 'http://127.0.0.1:1/x', metadata: {}})
  const repeatFilters = (count: number) =>
    'id name status container_format disk_format'
      .split(' ')
      .map(name => `${name}=in:${times(count, () => 'v').join()}`)
      .join('&')
  const importFrom = (uri: string) =>
    ask(`POST /v2/images/${ID}/import`, JSON.stringify({method: {name: 'web-download', uri}}))
  const members = (memberships: unknown) => ask(`PUT /v1/images/${ID}/members`, JSON.stringify({memberships}))

  for (const [what, status, words, send] of limits) {
    it(`${what}: ${status}`, async () => {
      const answer = await send()
      assert.equal(answer.status, status, answer.body.toString().slice(0, 300))
      assert.match(answer.body.toString(), words)
    })
  }

  it('more than 128 members: 413, and existing ones can still be changed (v1)', async () => {
    assert.equal((await members(times(128, n => ({member_id: `m${n}`})))).status, 204)
    assert.equal((await ask(`PUT /v1/images/${ID}/members/m0`)).status, 204)
    assert.equal((await ask(`PUT /v1/images/${ID}/members/more`)).status, 413)
  })

  it('an endless body: 413', async () => {
    const client = new RawConnection(service.port)
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
    let ended = false
    const sending = (async () => {
      await client.write('POST /v2/images HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n')
      while (!ended) await client.write(chunk)
    })().catch(() => {})
    assert.equal((await client.answer())?.status, 413)
    await client.waitUntilClosed()
    ended = true
    client.close()
    await sending
  })

  describe('of text', () => {
    const odd: readonly (readonly [string, string])[] = [
      ['U+0000', '\\u0000'],
      ['half a surrogate pair', '\\ud800'],
      ['the other half', 'x\\udc00x'],
    ]
    const requests: readonly (readonly [string, string, string, string])[] = [
      ['a name', 'POST /v2/images', '{"name": "a@b"}', ''],
      ['a property', 'POST /v2/images', '{"p": "a@b"}', ''],
      ['the name of a property', 'POST /v2/images', '{"a@b": "p"}', ''],
      ['a tag', 'POST /v2/images', '{"tags": ["a@b"]}', ''],
      ['an owner', 'POST /v2/images', '{"owner": "a@b"}', ''],
      [
        'a changed name',
        `PATCH /v2/images/${ID}`,
        '[{"op": "replace", "path": "/name", "value": "a@"}]',
        PATCH,
      ],
      ['a changed property', `PATCH /v2/images/${ID}`, '[{"op": "add", "path": "/a@", "value": "v"}]', PATCH],
      [
        'metadata of a location',
        `PATCH /v2/images/${ID}`,
        '[{"op": "add", "path": "/locations/-", "value": {"url": "http://127.0.0.1:1/", "metadata": {"@": 1}}}]',
        PATCH,
      ],
      ['a member', `POST /v2/images/${ID}/members`, '{"member": "a@b"}', ''],
      ['a member (v1)', `PUT /v1/images/${ID}/members`, '{"memberships": [{"member_id": "a@b"}]}', ''],
    ]
    for (const [name, text] of odd) {
      for (const [what, line, body, headers] of requests) {
        it(`${name} in ${what}: 400, and nothing is kept`, async () => {
          const before = await readAll()
          const answer = await ask(line, body.replace('@', text), headers)
          assert.equal(answer.status, 400)
          assert.match(answer.body.toString(), /Text cannot hold U\+0000 or half of a surrogate pair\./)
          assert.equal(await readAll(), before)
        })
      }
    }

    /** Reads all images and members. */
    async function readAll(): Promise<string> {
      const paths = [
        '/v2/images?visibility=all',
        `/v2/images/${ID}/members`,
        '/v1/images/detail?is_public=none',
      ]
      const answers = await Promise.all(paths.map(path => ask(`GET ${path}`)))
      return answers.map(({body}) => body.toString()).join('\n')
    }

    for (const bytes of ['\xff', '\xed\xa0\x80', '\xc3']) {
      it(`bytes that are not UTF-8 (${Buffer.from(bytes, 'latin1').toString('hex')}) are not JSON: 400`, async () => {
        const answer = await ask('POST /v2/images', Buffer.from(`{"name": "${bytes}"}`, 'latin1'))
        assert.equal(answer.status, 400)
        assert.match(answer.body.toString(), /Malformed JSON/)
      })
    }

    it('surrogate pairs and unusual planes are kept', async () => {
      const {status, body} = await ask('POST /v2/images', '{"name": "\\ud83d\\udcbe\\u0001\\uffff"}')
      assert.equal(status, 201)
      assert.equal((JSON.parse(body.toString()) as {name: string}).name, '💾\u0001\uffff')
    })

    const urls = [
      `GET /v2/images/${ID}%00`,
      `DELETE /v2/images/${ID}%00x`,
      `GET /v1/images/${ID}%00`,
      `DELETE /v1/images/${ID}%00`,
      `PUT /v2/images/${ID}/tags/a%00b`,
      `PUT /v2/images/${ID}/tags/%ff`,
      `PUT /v2/images/${ID}/tags/%ED%A0%80`,
      `PUT /v1/images/${ID}/members/a%00b`,
      `GET /v2/images/${ID}/members/%00`,
      'GET /v2/images?name=a%00b',
      'GET /v2/images?p=%ff',
      'GET /v1/images?name=a%00b',
      'GET /v2/tasks/%00',
      'GET /%00',
    ]
    for (const line of urls) {
      it(`${line}: 400`, async () => {
        const {status, body} = await ask(line)
        assert.equal(status, 400)
        assert.match(body.toString(), /escapes that are not UTF-8, or U\+0000/)
        assert.equal((await ask(`GET /v2/images/${ID}`)).status, 200)
      })
    }

    it('U+0000 in a header: 400', async () => {
      const {status} = await ask('POST /v1/images', '', 'x-image-meta-name: a\0b\r\n')
      assert.equal(status, 400)
    })
  })
})

describe('timeouts of the service', () => {
  let port: number
  let close: () => Promise<unknown>
  let client: RawConnection
  before(async () => {
    const rewrite = ({url = '/'}: http.IncomingMessage) => url
    const toHttpError = (error: unknown) => (error instanceof HttpError ? error : undefined)
    const app = createApp({
      rewriteUrl: rewrite,
      toHttpError,
      host: '127.0.0.1',
      log: () => {},
      warn: () => {},
      headersTimeout: 100,
    })
    app.fastify.get('/', async () => 'here')
    port = await listen(app.fastify, '127.0.0.1', 0)
    close = () => app.fastify.close()
  })
  after(() => close())
  afterEach(() => client.close())

  it('close a connection whose headers do not end', async () => {
    client = new RawConnection(port)
    await client.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
    const drip = setInterval(() => client.socket.write('x'), 5)
    const answer = await client.answer()
    clearInterval(drip)
    assert.deepEqual([answer?.status, answer?.headers.get('connection')], [408, 'close'])
    await client.waitUntilClosed()
  })

  it('close a connection without a request', async () => {
    client = new RawConnection(port)
    await client.waitUntilClosed()
  })

  it('close a connection whose second request has headers that do not end', async () => {
    client = new RawConnection(port)
    await client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    assert.equal((await client.answer())?.status, 200)
    await client.write('GET / HT')
    assert.equal((await client.answer())?.status, 408)
  })

  it('close a connection whose JSON does not end', async () => {
    const server: Served = await serve((request, response) => {
      readJsonBody(request, {timeout: 50}).catch((error: HttpError) => response.writeHead(error.status).end())
    })
    client = new RawConnection(server.port)
    await client.write('PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n{')
    const drip = setInterval(() => client.socket.write(' '), 5)
    assert.equal((await client.answer())?.status, 408)
    clearInterval(drip)
    await server.close()
  })
})
