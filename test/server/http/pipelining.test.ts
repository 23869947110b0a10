/** Pipelined requests: carried out one at a time, and only if they are answered, however their connection ends. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import {Readable} from 'node:stream'
import type {FastifyRequest} from 'fastify'
import {type App, createApp} from '../../../src/server/http/app.js'
import {listen} from '../../../src/server/http/listen.js'
import {RawConnection} from '../../support/http/raw-http.js'

const request = (path: string, more = '') => `DELETE ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`

describe('pipelined requests', () => {
  let app: App
  let client: RawConnection
  let port: number
  let executed: string[]
  let log: string[]
  let answerHeld: () => void
  let holding: Promise<FastifyRequest>

  beforeEach(async () => {
    executed = []
    log = []
    const rewriteUrl = ({url = '/'}: {readonly url?: string | undefined}) => url
    const write = (line: string) => log.push(line.replace(/^\S+ \S+ \S+ /, '').replace(/ \d+ \d+ms/, ''))
    app = createApp({rewriteUrl, toHttpError: () => undefined, host: 'localhost', log: write, warn: () => {}})
    const held = new Promise<void>(resolve => {
      answerHeld = resolve
    })
    holding = new Promise(resolve => {
      app.fastify.delete('/held', async incoming => {
        executed.push('/held')
        resolve(incoming)
        await held
        return ''
      })
    })
    app.fastify.delete('/:name', async incoming => {
      executed.push(incoming.url)
      return ''
    })
    port = await listen(app.fastify, '127.0.0.1', 0)
    client = new RawConnection(port)
  })
  afterEach(async () => {
    client.close()
    answerHeld()
    await app.fastify.close()
  })

  const statuses = async () => {
    const all: (number | undefined)[] = []
    for (let answer = await client.answer(); answer; answer = await client.answer()) all.push(answer.status)
    return all
  }

  it('are carried out in turn, and answered to a client that closes its half', async () => {
    await client.write(request('/held') + request('/b') + request('/c'))
    client.socket.end()
    await holding
    assert.deepEqual(executed, ['/held'])
    answerHeld()
    assert.deepEqual(await statuses(), [200, 200, 200])
    assert.deepEqual(executed, ['/held', '/b', '/c'])
    assert.equal(log.length, 3)
  })

  it('are not carried out after `Connection: close`, in one packet or another', async () => {
    await client.write(request('/held', 'Connection: close\r\n') + request('/b'))
    await holding
    await client.write(request('/c'))
    answerHeld()
    assert.deepEqual(await statuses(), [200])
    assert.deepEqual(executed, ['/held'])
    assert.deepEqual(log, ['"DELETE /held HTTP/1.1" 200'])
  })

  it('are not carried out after garbage', async () => {
    await client.write(`${request('/held')}${request('/b')}\x01\x02 garbage\r\n\r\n`)
    await holding
    answerHeld()
    assert.deepEqual(await statuses(), [200])
    assert.deepEqual(executed, ['/held'])
  })

  it('are not carried out once the connection is reset, and let the service stop', async () => {
    await client.write(request('/held') + request('/b').repeat(50))
    const {socket} = (await holding).raw
    client.socket.resetAndDestroy()
    socket.destroy()
    await once(socket, 'close')
    answerHeld()
    await app.connections.whenIdle()
    await app.fastify.close()
    assert.deepEqual(executed, ['/held'])
    assert.deepEqual(log, ['"DELETE /held HTTP/1.1" - (cut off)'])
  })

  it('are not carried out when the service stops', async () => {
    await client.write(request('/held') + request('/b'))
    await holding
    const closed = app.fastify.close()
    while (app.fastify.server.listening) await new Promise(resolve => setImmediate(resolve))
    answerHeld()
    assert.deepEqual(await statuses(), [200])
    await closed
    await app.connections.whenIdle()
    assert.deepEqual(executed, ['/held'])
  })

  it('wait in the network while one is carried out', async () => {
    await client.write(request('/held') + request('/b'))
    const {socket} = (await holding).raw
    const received = socket.bytesRead
    await client.write(request('/c').repeat(100))
    const other = new RawConnection(port)
    await other.write(request('/d'))
    await other.answer()
    other.close()
    assert.equal(socket.bytesRead, received)
    answerHeld()
    for (let n = 0; n < 102; n++) assert.equal((await client.answer())?.status, 200)
  })

  it('with a body are carried out after the one before', async () => {
    await client.write(`${request('/held')}${request('/b', 'Content-Length: 3\r\n')}abc`)
    await holding
    answerHeld()
    assert.equal((await client.answer())?.status, 200)
    assert.equal((await client.answer())?.status, 200)
  })
})

function* endless(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(65_536)
}

describe('readers of responses', () => {
  it('are disconnected after a time without progress', async () => {
    const log: string[] = []
    const rewriteUrl = ({url = '/'}: {readonly url?: string | undefined}) => url
    const app = createApp({
      rewriteUrl,
      toHttpError: () => undefined,
      host: 'localhost',
      log: line => log.push(line),
      warn: () => {},
      readTimeout: 50,
    })
    app.fastify.get('/', async () => Readable.from(endless()))
    const client = new RawConnection(await listen(app.fastify, '127.0.0.1', 0))
    client.socket.pause()
    const requested = once(app.fastify.server, 'request')
    await client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await requested
    await app.connections.whenIdle()
    assert.match(log[0] ?? '', /"GET \/ HTTP\/1.1" 200 \d+ \d+ms \(cut off\)$/)
    client.close()
    await app.fastify.close()
  })
})
