/** `send` against real servers: bytes and headers as they travel. */
import assert from 'node:assert/strict'
import http from 'node:http'
import {Readable} from 'node:stream'
import nock from 'nock'
import {createTransport, type Transport} from '../../../src/lib/http/send.js'
import {NockDispatcher, useNock} from '../../support/http/nock-dispatcher.js'
import {listen, type Served, serve} from '../../support/http/serve.js'

describe('send', () => {
  let transport: Transport
  let served: Served | undefined
  beforeEach(() => {
    transport = createTransport()
  })
  afterEach(async () => {
    await transport.close()
    await served?.close()
    served = undefined
  })

  it('returns status, headers and body', async () => {
    served = await serve((_request, response) => {
      response.writeHead(418, {'X-Kettle': 'on'}).end('short and stout')
    })
    const reply = await transport.send({method: 'GET', url: `${served.url}/tea?milk=no`})
    assert.equal(reply.status, 418)
    assert.equal(reply.headers.get('x-kettle'), 'on')
    assert.equal(reply.headers.get('X-KETTLE'), 'on')
    assert.equal(await reply.text(), 'short and stout')
  })

  it('sends text in headers as UTF-8', async () => {
    let raw = ''
    served = await serve((request, response) => {
      raw = String(request.headers['x-name'])
      response.end()
    })
    await (await transport.send({method: 'GET', url: served.url, headers: {'x-name': 'café 日本'}})).discard()
    assert.equal(raw, 'caf\u00c3\u00a9 \u00e6\u0097\u00a5\u00e6\u009c\u00ac')
  })

  it('reads headers as UTF-8 when they are, else as Latin-1', async () => {
    served = await serve((_request, response) => {
      response.socket?.end(
        'HTTP/1.1 200 OK\r\nx-a: caf\u00c3\u00a9\r\nx-b: caf\u00e9\r\ncontent-length: 0\r\n\r\n',
        'latin1',
      )
    })
    const reply = await transport.send({method: 'GET', url: served.url})
    assert.equal(reply.headers.get('x-a'), 'café')
    assert.equal(reply.headers.get('x-b'), 'café')
  })

  it('sends a stream of known length with Content-Length', async () => {
    let seen: http.IncomingHttpHeaders = {}
    let body = ''
    served = await serve(async (request, response) => {
      seen = request.headers
      for await (const chunk of request) body += chunk
      response.end()
    })
    const stream = Readable.from([Buffer.from('hello '), Buffer.from('world')])
    await (await transport.send({method: 'POST', url: served.url, body: stream, contentLength: 11})).discard()
    assert.equal(body, 'hello world')
    assert.equal(seen['content-length'], '11')
    assert.equal(seen['transfer-encoding'], undefined)
  })

  it('sends a stream of unknown length in chunks', async () => {
    let seen: http.IncomingHttpHeaders = {}
    let body = ''
    served = await serve(async (request, response) => {
      seen = request.headers
      for await (const chunk of request) body += chunk
      response.end()
    })
    const stream = Readable.from([Buffer.from('hello '), Buffer.from('world')])
    await (await transport.send({method: 'PUT', url: served.url, body: stream})).discard()
    assert.equal(body, 'hello world')
    assert.equal(seen['content-length'], undefined)
    assert.equal(seen['transfer-encoding'], 'chunked')
  })

  it('accepts headers as long as v1 metadata can be', async () => {
    const long = 'v'.repeat(15_000)
    served = await serve((_request, response) => {
      for (let n = 0; n < 100; n += 1) response.setHeader(`x-image-meta-property-p${n}`, long)
      response.end()
    })
    const reply = await transport.send({method: 'GET', url: served.url})
    assert.equal(reply.headers.get('x-image-meta-property-p99'), long)
    await reply.discard()
  })

  it('reuses a connection', async () => {
    const ports = new Set<number | undefined>()
    served = await serve((request, response) => {
      ports.add(request.socket.remotePort)
      response.end('x')
    })
    for (let n = 0; n < 3; n += 1) await (await transport.send({method: 'GET', url: served.url})).discard()
    assert.equal(ports.size, 1)
  })

  it('reaches an IPv6 address', async function () {
    const server = http.createServer((request, response) => response.end(request.headers.host))
    served = await listen(server, '::1').catch(() => this.skip())
    const reply = await transport.send({method: 'GET', url: served.url})
    assert.equal(await reply.text(), `[::1]:${served.port}`)
    await transport.close()
  })

  it('sends a second request while the first response is unread', async () => {
    served = await serve((request, response) => {
      response.end(request.url === '/big' ? Buffer.alloc(4_000_000) : 'small')
    })
    const big = await transport.send({method: 'GET', url: `${served.url}/big`})
    const small = await transport.send({method: 'GET', url: `${served.url}/small`})
    assert.equal(await small.text(), 'small')
    big.body.destroy()
  })
})

describe('the dispatcher of the tests', () => {
  useNock()

  it('lets nock see send()', async () => {
    const {send} = createTransport({dispatcher: new NockDispatcher()})
    const scope = nock('http://images.example.com:9292', {reqheaders: {'x-a': '1'}})
      .post('/v1/images', 'hello world')
      .reply(201, {image: {id: 7}}, {'X-B': '2'})
    const body = Readable.from([Buffer.from('hello '), Buffer.from('world')])
    const reply = await send({
      method: 'POST',
      url: 'http://images.example.com:9292/v1/images',
      headers: {'x-a': '1'},
      body,
    })
    assert.equal(reply.status, 201)
    assert.equal(reply.headers.get('x-b'), '2')
    assert.deepEqual(await reply.json(), {image: {id: 7}})
    scope.done()
  })
})
