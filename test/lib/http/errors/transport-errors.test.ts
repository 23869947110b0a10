/** Errors between client and server, and their messages. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import type net from 'node:net'
import {Readable} from 'node:stream'
import {setTimeout as sleep, setImmediate as tick} from 'node:timers/promises'
import {toTransportFailure} from '../../../../src/lib/http/errors/transport-errors.js'
import type {Request} from '../../../../src/lib/http/message.js'
import {createTransport, type Transport} from '../../../../src/lib/http/send.js'
import {withReconnect} from '../../../../src/lib/http/wrappers.js'
import {Failure} from '../../../../src/lib/model/errors.js'
import {failure} from '../../../support/failure.js'
import {type Served, serve, serveSockets} from '../../../support/http/serve.js'

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const HUNG_UP = 'the server closed it before all data was sent, and gave no reason'

describe('transport errors', () => {
  let transport: Transport
  let served: Served | undefined
  let received: string

  beforeEach(() => {
    transport = createTransport({timeoutSeconds: 1})
    received = ''
  })
  afterEach(async () => {
    await transport.close()
    await served?.close()
    served = undefined
  })

  async function sockets(handler: (socket: net.Socket) => void): Promise<string> {
    served = await serveSockets(socket => {
      socket
        .once('end', () => socket.end())
        .on('data', chunk => {
          received += chunk.toString('latin1')
        })
      handler(socket)
    })
    return served.url
  }

  const broke = (url: string) => `the connection to the Image service at ${url} broke`

  it('no server listens on the port', async () => {
    const gone = await serveSockets(() => {})
    await gone.close()
    await assert.rejects(transport.send({method: 'GET', url: gone.url}), (error: Failure) => {
      assert.equal(error.message, `cannot reach the Image service at ${gone.url}`)
      assert.equal(error.why, 'connection refused')
      assert.equal(
        error.advice,
        "Check that it is running. Start one with 'glance serve', or name another with --host, --port or --url.",
      )
      assert.equal(error.kind, 'unavailable')
      assert.equal(error.exitCode, 6)
      return true
    })
  })

  for (const hangUp of ['destroy', 'resetAndDestroy'] as const) {
    it(`the server hangs up in the middle of an upload (${hangUp})`, async () => {
      const url = await sockets(socket => socket.once('data', () => socket[hangUp]()))
      const body = new Readable({read: () => void body.push(Buffer.alloc(65536))})
      const sending = transport.send({method: 'POST', url, body, contentLength: 1e9})
      await assert.rejects(sending, failure('unavailable', broke(url), HUNG_UP))
      assert.ok(body.destroyed)
    })
  }

  it('the server hangs up without an answer', async () => {
    const url = await sockets(socket => socket.once('data', () => socket.end()))
    const why = 'the server closed it without a response'
    await assert.rejects(transport.send({method: 'GET', url}), failure('unavailable', broke(url), why))
  })

  it('the server hangs up in the middle of its answer', async () => {
    const url = await sockets(socket =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc')),
    )
    const reply = await transport.send({method: 'GET', url})
    await assert.rejects(reply.text(), failure('unavailable', broke(url), /./))
  })

  it('the peer is not an HTTP server', async () => {
    const url = await sockets(socket => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
    const why = 'the reply is not HTTP'
    await assert.rejects(transport.send({method: 'GET', url}), failure('failed', broke(url), why))
  })

  describe('the data cannot be read to its end', () => {
    const what = 'cannot read the image data to its end'

    it('in chunks: the last chunk is never sent', async () => {
      let closed: Promise<unknown> = Promise.resolve()
      const url = await sockets(socket => {
        closed = once(socket, 'end')
      })
      const body = new Readable({read() {}})
      body.push('abc')
      const sending = transport.send({method: 'POST', url, body})
      await waitUntil(() => received.includes('abc'))
      body.destroy(new Error('the producer died'))
      await assert.rejects(sending, failure('failed', what, 'the producer died'))
      await closed
      assert.match(received, /\r\n3\r\nabc$/)
    })

    it('with a length: what was announced never arrives', async () => {
      let closed: Promise<unknown> = Promise.resolve()
      const url = await sockets(socket => {
        closed = once(socket, 'end')
      })
      const body = new Readable({read() {}})
      body.push('abc')
      const sending = transport.send({method: 'POST', url, body, contentLength: 10})
      await waitUntil(() => received.endsWith('abc'))
      body.destroy(new Error('the disk broke'))
      await assert.rejects(sending, failure('failed', what, 'the disk broke'))
      await closed
      assert.match(received, /content-length: 10\r\n\r\nabc$/)
    })

    for (const [length, word] of [
      [10, 'shorter'],
      [2, 'longer'],
    ] as const) {
      it(`it is ${word} than announced`, async () => {
        const url = await sockets(() => {})
        const body = Readable.from([Buffer.from('ab'), Buffer.from('c')])
        const sending = transport.send({method: 'POST', url, body, contentLength: length})
        await assert.rejects(sending, failure('failed', what, 'its length differs from the announced one'))
      })
    }

    it('it breaks before the first byte', async () => {
      const url = await sockets(() => {})
      const body = new Readable({read: () => void body.destroy(new Error('EISDIR'))})
      await assert.rejects(transport.send({method: 'POST', url, body}), failure('failed', what, 'EISDIR'))
    })
  })

  describe('an interruption', () => {
    const reason = new Failure('interrupted', 'interrupted')

    it('before anything is sent', async () => {
      const url = await sockets(() => {})
      const body = new Readable({read() {}})
      const sending = transport.send({method: 'POST', url, body, signal: AbortSignal.abort(reason)})
      await assert.rejects(sending, error => error === reason)
      assert.ok(body.destroyed)
      assert.equal(received, '')
    })

    it('during an upload', async () => {
      const url = await sockets(() => {})
      const body = new Readable({read() {}})
      body.push('abc')
      const interruption = new AbortController()
      const sending = transport.send({method: 'POST', url, body, signal: interruption.signal})
      await waitUntil(() => received.includes('abc'))
      interruption.abort(reason)
      await assert.rejects(sending, error => error === reason)
      assert.ok(body.destroyed)
      assert.doesNotMatch(received, /\r\n0\r\n/)
    })

    it('during an answer', async () => {
      const url = await sockets(socket =>
        socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc')),
      )
      const interruption = new AbortController()
      const reply = await transport.send({method: 'GET', url, signal: interruption.signal})
      const reading = reply.text()
      interruption.abort(reason)
      await assert.rejects(reading, error => error === reason)
    })
  })

  describe('silence', () => {
    it('of a server that does not answer', async () => {
      const url = await sockets(() => {})
      const why = 'no response within the time allowed'
      await assert.rejects(transport.send({method: 'GET', url}), failure('unavailable', broke(url), why))
    })

    it('of a server that stops in the middle', async () => {
      const url = await sockets(socket =>
        socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc')),
      )
      const reply = await transport.send({method: 'GET', url})
      await assert.rejects(
        reply.text(),
        failure('unavailable', broke(url), 'the response stopped before its end'),
      )
    })

    it('of a server that stops reading', async () => {
      const url = await sockets(socket => socket.pause())
      const body = new Readable({read: () => void body.push(Buffer.alloc(65536))})
      const why = 'no response within the time allowed'
      await assert.rejects(
        transport.send({method: 'POST', url, body}),
        failure('unavailable', broke(url), why),
      )
    })

    it('does not count while a server sends a little at a time, however long it takes', async () => {
      served = await serve((_request, response) => {
        let left = 30
        const drip = setInterval(() => {
          response.write('x'.repeat(1024))
          left -= 1
          if (left > 0) return
          clearInterval(drip)
          response.end()
        }, 70)
      })
      const reply = await transport.send({method: 'GET', url: served.url})
      assert.equal((await reply.text()).length, 30 * 1024)
    })

    it('of a server is counted from the end of the data', async () => {
      const url = await sockets(() => {})
      const body = Readable.from(
        (async function* () {
          yield Buffer.from('a')
          await sleep(1700)
          yield Buffer.from('b')
        })(),
      )
      const why = 'no response within the time allowed'
      const sending = transport.send({method: 'POST', url, body})
      await assert.rejects(sending, failure('unavailable', broke(url), why))
      assert.match(received, /\r\nb\r\n0\r\n\r\n$/)
    })

    it('of the data source does not count as silence of the server', async () => {
      served = await serve(async (request, response) => {
        for await (const chunk of request) received += chunk
        response.end('ok')
      })
      const body = Readable.from(
        (async function* () {
          yield Buffer.from('a')
          await sleep(3000)
          yield Buffer.from('b')
        })(),
      )
      const reply = await transport.send({method: 'POST', url: served.url, body})
      assert.equal(await reply.text(), 'ok')
      assert.equal(received, 'ab')
    })
  })

  describe('a reader', () => {
    it('that is slow slows the server', async () => {
      let written = 0
      served = await serve((_request, response) => {
        const more = () => {
          while (written < 500 && response.write(Buffer.alloc(1_000_000))) written += 1
          response.once('drain', more)
        }
        more()
      })
      const reply = await transport.send({method: 'GET', url: served.url})
      await waitUntilQuiet(() => written)
      assert.ok(written < 50, `${written} MB were taken though nobody read`)
      reply.body.destroy()
    })

    it('that goes away closes the connection', async () => {
      let closed: Promise<unknown> = Promise.resolve()
      const url = await sockets(socket => {
        closed = once(socket, 'close')
        socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc'))
      })
      const reply = await transport.send({method: 'GET', url})
      reply.body.destroy()
      await closed
    })
  })

  describe('an idle connection that the server closed', () => {
    /** Responds to the first request of each connection, and hangs up on the second. */
    function forgetful(): Promise<string> {
      let connections = 0
      return sockets(socket => {
        connections += 1
        const second = connections === 1 ? () => socket.resetAndDestroy() : () => socket.write(OK)
        socket.once('data', () => {
          socket.write(OK)
          socket.once('data', second)
        })
      })
    }

    it('repeats a GET once', async () => {
      const url = await forgetful()
      const send = withReconnect(transport.send)
      await (await send({method: 'GET', url})).discard()
      assert.equal(await (await send({method: 'GET', url})).text(), 'ok')
      assert.equal(received.match(/GET /g)?.length, 3)
    })

    for (const method of ['DELETE', 'PUT', 'POST'] as const) {
      it(`does not repeat a ${method}`, async () => {
        const url = await forgetful()
        const send = withReconnect(transport.send)
        await (await send({method: 'GET', url})).discard()
        await assert.rejects(
          send({method, url}),
          failure('unavailable', broke(url), /closed it without a response/),
        )
      })
    }

    it('repeats only once', async () => {
      const url = await sockets(socket => socket.once('data', () => socket.resetAndDestroy()))
      const send = withReconnect(transport.send)
      await assert.rejects(send({method: 'GET', url}), failure('unavailable', broke(url), /closed it/))
      assert.equal(received.match(/GET /g)?.length, 2)
    })
  })

  describe('gets an error message', () => {
    const request: Request = {method: 'GET', url: 'https://images.example.com:9292/v1/images?x=1'}
    const cases: [string, string, string, string][] = [
      ['ENOTFOUND', 'unavailable', 'cannot reach', 'unknown host name'],
      ['EHOSTUNREACH', 'unavailable', 'cannot reach', 'no route to the host'],
      ['UND_ERR_CONNECT_TIMEOUT', 'unavailable', 'cannot reach', 'no connection within the time allowed'],
      [
        'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
        'failed',
        'cannot reach',
        'the server requires a client certificate',
      ],
    ]
    for (const [code, kind, start, why] of cases) {
      it(code, () => {
        const found = toTransportFailure(Object.assign(new Error('x'), {code}), request, 'the Image service')
        assert.deepEqual([found.kind, found.why], [kind, why])
        assert.equal(found.message, `${start} the Image service at https://images.example.com:9292`)
      })
    }
  })
})

async function waitUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await tick()
}

/** Waits until a value has stayed the same for a thousand turns of the event loop, which moves all data that can move. */
async function waitUntilQuiet(value: () => number): Promise<void> {
  for (let [turns, last] = [0, value()]; turns < 1000; last = value()) {
    await tick()
    turns = value() === last ? turns + 1 : 0
  }
}
