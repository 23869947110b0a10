/** Foreign web servers as a store, against servers on the loopback interface. */
import assert from 'node:assert/strict'
import diagnostics from 'node:diagnostics_channel'
import {once} from 'node:events'
import {type ClientRequest, createServer, type RequestListener, type Server} from 'node:http'
import net, {type AddressInfo} from 'node:net'
import {buffer} from 'node:stream/consumers'
import {mock} from 'node:test'
import {ANYWHERE} from '../../../src/server/stores/fetch-policy.js'
import {HttpStore} from '../../../src/server/stores/http-store.js'

describe('HTTP store', () => {
  const servers: (Server | net.Server)[] = []
  const store = new HttpStore(ANYWHERE, {maxRedirects: 2})
  const hasty = new HttpStore(ANYWHERE, {idleTimeout: 400})
  let asked: string[] = []

  beforeEach(() => {
    asked = []
  })
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
    }
  })

  async function listen(server: Server | net.Server): Promise<string> {
    servers.push(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  function serve(answer: RequestListener): Promise<string> {
    return listen(
      createServer((request, response) => {
        asked.push(`${request.method} ${request.url}`)
        answer(request, response)
      }),
    )
  }

  it('reads the data and its size', async () => {
    const base = await serve((_, response) => response.setHeader('content-length', 5).end('hello'))
    const {data, size} = await store.get(`${base}/image?x=1`)
    assert.equal(size, 5)
    assert.equal((await buffer(data)).toString(), 'hello')
    assert.deepEqual(asked, ['GET /image?x=1'])
  })

  it('reads data of unknown size', async () => {
    const base = await serve((_, response) => {
      response.write('hel')
      response.end('lo')
    })
    const {data, size} = await store.get(base)
    assert.equal(size, undefined)
    assert.equal((await buffer(data)).toString(), 'hello')
  })

  it('requests the size alone', async () => {
    const base = await serve((_, response) => response.setHeader('content-length', 12345678901).end())
    assert.equal(await store.getSize(`${base}/image`), 12345678901)
    assert.deepEqual(asked, ['HEAD /image'])
  })

  it('requests the size with GET when HEAD is refused', async () => {
    const base = await serve((request, response) => {
      response.statusCode = request.method === 'HEAD' ? 405 : 200
      response.setHeader('content-length', request.method === 'HEAD' ? 0 : 5).end('hello')
    })
    assert.equal(await store.getSize(base), 5)
    assert.deepEqual(asked, ['HEAD /', 'GET /'])
  })

  it('requests the size with GET when HEAD does not give it', async () => {
    const base = await serve((request, response) => {
      if (request.method === 'GET') response.setHeader('content-length', 5)
      response.end(request.method === 'GET' ? 'hello' : '')
    })
    assert.equal(await store.getSize(base), 5)
  })

  it('fails when the size is not a number of bytes', async () => {
    const base = await serve((_, response) => response.setHeader('content-length', '99999999999999999').end())
    await assert.rejects(store.getSize(base), {
      name: 'StoreUnreachable',
      message: /does not report its size$/,
    })
  })

  it('fails when the size is not given', async () => {
    const base = await serve((_, response) => {
      response.write('hello')
      response.end()
    })
    await assert.rejects(store.getSize(`${base}/a?token=secret`), {
      name: 'StoreUnreachable',
      message: `${base}/a does not report its size`,
    })
  })

  for (const status of [404, 410]) {
    it(`reads ${status} as missing`, async () => {
      const base = await serve((_, response) => response.writeHead(status).end())
      await assert.rejects(store.get(base), {name: 'StoreMissing'})
      await assert.rejects(store.getSize(base), {name: 'StoreMissing'})
    })
  }

  for (const status of [204, 206, 304, 401, 403, 500, 503]) {
    it(`reads ${status} as unreachable`, async () => {
      const base = await serve((_, response) => response.writeHead(status).end())
      const expected = {name: 'StoreUnreachable', message: `${base}/ answered ${status}`}
      await assert.rejects(store.get(base), expected)
      await assert.rejects(store.getSize(base), expected)
    })
  }

  for (const status of [301, 302, 303, 307, 308]) {
    it(`follows ${status}`, async () => {
      const base = await serve((request, response) => {
        if (request.url === '/to/b') response.end('hello')
        else response.writeHead(status, {location: 'to/b'}).end()
      })
      assert.equal((await buffer((await store.get(`${base}/a`)).data)).toString(), 'hello')
      assert.deepEqual(asked, ['GET /a', 'GET /to/b'])
    })
  }

  it('does not follow an endless chain of redirects', async () => {
    const base = await serve((_, response) => response.writeHead(302, {location: '/'}).end())
    await assert.rejects(store.get(base), {name: 'StoreUnreachable', message: `${base}/ redirects too often`})
    assert.equal(asked.length, 3)
  })

  for (const location of ['file:///etc/hostname', 'ftp://127.0.0.1/x', 'http://']) {
    it(`does not follow a redirect to ${location}`, async () => {
      const base = await serve((_, response) => response.writeHead(302, {location}).end())
      await assert.rejects(store.get(base), {name: 'StoreUnreachable', message: /is not a web address$/})
    })
  }

  it('refuses what is not a web address', async () => {
    await assert.rejects(store.get('file:///etc/hostname'), {name: 'StoreUnreachable'})
    await assert.rejects(store.getSize('nonsense'), {name: 'StoreUnreachable'})
  })

  it('cannot reach a closed port, and does not reveal the password', async () => {
    const server = net.createServer()
    const base = await listen(server)
    server.close()
    await once(server, 'close')
    const location = `${base}/a`.replace('http://', 'http://user:secret@')
    const expected = {name: 'StoreUnreachable', message: new RegExp(`^cannot read ${base}/a: .*ECONNREFUSED`)}
    await assert.rejects(store.get(location), expected)
    await assert.rejects(store.getSize(location), expected)
  })

  it('does not read another protocol as a response', async () => {
    const base = await listen(net.createServer(socket => socket.end('SSH-2.0-OpenSSH\r\n')))
    await assert.rejects(store.get(base), {name: 'StoreUnreachable'})
    await assert.rejects(store.get(base.replace('http:', 'https:')), {name: 'StoreUnreachable'})
  })

  it('times out on a silent server', async () => {
    const base = await listen(net.createServer(socket => socket.on('error', () => {})))
    await assert.rejects(hasty.get(base), {name: 'StoreUnreachable', message: /received nothing for 400 ms$/})
  })

  /** The requests of the store, whose timers a test fires itself. */
  const requests: ClientRequest[] = []
  const noteRequest = (message: unknown) => requests.push((message as {request: ClientRequest}).request)
  before(() => diagnostics.subscribe('http.client.request.start', noteRequest))
  after(() => diagnostics.unsubscribe('http.client.request.start', noteRequest))
  const becomeIdle = () => requests.at(-1)?.emit('timeout')

  it('times out on a server that becomes silent', async () => {
    const base = await serve((_, response) => response.writeHead(200, {'content-length': 100}).write('hello'))
    const {data} = await store.get(base)
    await once(data, 'readable')
    data.read()
    becomeIdle()
    await assert.rejects(buffer(data), {
      name: 'StoreUnreachable',
      message: /received nothing for 60000 ms$/,
    })
  })

  it('waits for a slow reader', async () => {
    const size = 4 * 1024 * 1024
    const base = await serve((_, response) => response.end(Buffer.alloc(size)))
    const {data} = await store.get(base)
    await once(data, 'readable')
    for (let n = 0; n < 3; n++) becomeIdle()
    assert.equal((await buffer(data)).length, size)
  })

  describe('with a clock that the test moves', () => {
    const impatient = new HttpStore(ANYWHERE, {paceTimeout: 100, minBytes: 1000})
    beforeEach(() => mock.timers.enable({apis: ['setInterval']}))
    afterEach(() => mock.timers.reset())

    it('does not read data that drips', async () => {
      const base = await serve((_, response) => response.write('x'))
      const {data} = await impatient.get(base)
      await once(data, 'readable')
      data.read()
      mock.timers.tick(100)
      await assert.rejects(buffer(data), {
        name: 'StoreUnreachable',
        message: `cannot read ${base}/: received less than 1000 bytes in 100 ms`,
      })
    })

    it('does not wait for headers that drip', async () => {
      const server = net.createServer(socket => {
        socket.on('error', () => {}).write('HTTP/1.1 102 Processing\r\n\r\n')
        mock.timers.tick(100)
      })
      const base = await listen(server)
      await assert.rejects(impatient.get(base), {message: /no response within 100 ms$/})
    })

    it('waits for a slow reader of data that has arrived', async () => {
      const base = await serve((_, response) => response.end(Buffer.alloc(4 * 1024 * 1024)))
      const {data} = await impatient.get(base)
      await once(data, 'readable')
      mock.timers.tick(300)
      assert.equal((await buffer(data)).length, 4 * 1024 * 1024)
    })
  })

  it('does not accept a part as the whole', async () => {
    let hangUp = () => {}
    const base = await serve((_, response) => {
      response.writeHead(200, {'content-length': 100}).write('hello')
      hangUp = () => response.destroy()
    })
    const {data} = await store.get(base)
    hangUp()
    await assert.rejects(buffer(data), {code: 'ECONNRESET'})
  })
})
