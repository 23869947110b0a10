/** Listening on all addresses of a name, which serve clients alike. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import net, {type AddressInfo} from 'node:net'
import {type App, createApp} from '../../../src/server/http/app.js'
import {HttpError} from '../../../src/server/http/http-error.js'
import {listen} from '../../../src/server/http/listen.js'
import {BodyAborted, RequestBody} from '../../../src/server/http/request-body.js'
import {RawConnection} from '../../support/http/raw-http.js'

const ADDRESSES = ['127.0.0.1', '::1']

/** An app that echoes a body, and refuses one at `/no` before it is read. */
function echo(): App {
  const toHttpError = (error: unknown) => {
    if (error instanceof HttpError) return error
    return error instanceof BodyAborted ? new HttpError(400, {explanation: 'broken'}) : undefined
  }
  const rewrite = ({url = '/'}: {readonly url?: string | undefined}) => url
  const app = createApp({rewriteUrl: rewrite, toHttpError, host: 'localhost', log: () => {}, warn: () => {}})
  app.fastify.put('/', async request => {
    const chunks: Buffer[] = []
    for await (const chunk of new RequestBody(request.raw)) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks)
  })
  app.fastify.put('/no', async () => {
    throw new HttpError(409)
  })
  return app
}

describe('listening', () => {
  let app: App
  let port: number
  let client: RawConnection
  beforeEach(async function () {
    if (!(await hasAddress('::1'))) this.skip()
    app = echo()
    port = await listen(app.fastify, 'localhost', 0, async () => ADDRESSES)
  })
  afterEach(async () => {
    client?.close()
    await app?.fastify.close()
  })

  const put = (path: string, more: string) => `PUT ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n${more}\r\n`

  for (const address of ADDRESSES) {
    it(`on localhost responds at ${address}`, async () => {
      client = new RawConnection(port, address)
      await client.write(`${put('/', 'Content-Length: 5\r\n')}hello`)
      assert.equal((await client.answer())?.body.toString(), 'hello')
    })

    it(`at ${address} sends 100 only when the body is read`, async () => {
      client = new RawConnection(port, address)
      await client.write(put('/no', 'Content-Length: 5\r\nExpect: 100-continue\r\n'))
      assert.equal((await client.answer())?.status, 409)
      client.close()
      client = new RawConnection(port, address)
      await client.write(put('/', 'Content-Length: 5\r\nExpect: 100-continue\r\n'))
      assert.equal((await client.answer())?.status, 100)
      await client.write('hello')
      assert.equal((await client.answer())?.body.toString(), 'hello')
    })

    it(`at ${address} still responds to a client that closes its half early`, async () => {
      client = new RawConnection(port, address)
      await client.write(`${put('/', 'Content-Length: 50\r\n')}hello`)
      client.socket.end()
      assert.equal((await client.answer())?.status, 400)
    })

    it(`at ${address} responds early to a client that is still sending`, async () => {
      client = new RawConnection(port, address)
      await client.write(`${put('/no', 'Content-Length: 5000000\r\n')}hello`)
      const answer = await client.answer()
      assert.deepEqual([answer?.status, answer?.headers.get('connection')], [409, 'close'])
    })

    it(`at ${address} finishes running requests, and accepts no new ones, when it is closed`, async () => {
      client = new RawConnection(port, address)
      await client.write(`${put('/', 'Content-Length: 5\r\nExpect: 100-continue\r\n')}`)
      assert.equal((await client.answer())?.status, 100)
      const closed = app.fastify.close()
      for (const other of ADDRESSES) await waitUntilRefused(other)
      await client.write('hello')
      assert.equal((await client.answer())?.body.toString(), 'hello')
      await closed
    })
  }

  async function waitUntilRefused(host: string): Promise<void> {
    for (;;) {
      const socket = net.connect({port, host})
      const error = await new Promise<NodeJS.ErrnoException | undefined>(resolve => {
        socket.once('error', resolve).once('connect', () => resolve(undefined))
      })
      socket.destroy()
      if (error?.code === 'ECONNREFUSED') return
    }
  }

  it('fails when another program has the port on one of the addresses', async () => {
    const other = net.createServer().listen(0, '::1')
    await once(other, 'listening')
    const taken = (other.address() as AddressInfo).port
    const late = echo()
    const listening = listen(late.fastify, 'localhost', taken, async () => ADDRESSES)
    await assert.rejects(listening, {code: 'EADDRINUSE'})
    await late.fastify.close()
    other.close()
  })

  it('skips addresses that the machine does not have', async () => {
    const other = echo()
    const taken = await listen(other.fastify, 'localhost', 0, async () => ['127.0.0.1', '192.0.2.1'])
    assert.ok(taken > 0)
    await other.fastify.close()
  })
})

async function hasAddress(address: string): Promise<boolean> {
  const server = net.createServer()
  try {
    server.listen(0, address)
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
