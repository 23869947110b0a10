/** Retries: what is repeated, when, and what is not. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import http from 'node:http'
import {Readable} from 'node:stream'
import {NotSent} from '../../../../src/lib/http/errors/transport-errors.js'
import {Reply, ReplyHeaders, type Request, type Send} from '../../../../src/lib/http/message.js'
import {RetryPolicy} from '../../../../src/lib/http/retry/retry-policy.js'
import {withRetry} from '../../../../src/lib/http/retry/with-retry.js'
import {createTransport, type Transport} from '../../../../src/lib/http/send.js'
import {Failure, type FailureKind} from '../../../../src/lib/model/errors.js'
import {failure} from '../../../support/failure.js'
import {type Served, serve, serveSockets} from '../../../support/http/serve.js'

const url = 'http://h:1/v1/images'
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

const createError = (code: string) => Object.assign(new Error(code), {code})
const unsent = (code = 'ECONNREFUSED', kind: FailureKind = 'unavailable') =>
  new NotSent(kind, 'cannot reach', {why: 'connection refused', cause: createError(code)})
const createFailure = (code = 'ECONNRESET') => new Failure('unavailable', 'broke', {cause: createError(code)})

/** Returns these outcomes one after the other: a status with or without `Retry-After`, or a failure. */
function replayOutcomes(...outcomes: (number | [number, string] | Error)[]): {send: Send; tried: Request[]} {
  const tried: Request[] = []
  const send: Send = async request => {
    tried.push(request)
    const next = outcomes[Math.min(tried.length, outcomes.length) - 1]
    if (next instanceof Error) throw next
    const [status, after] = Array.isArray(next) ? next : [next ?? 0, undefined]
    return new Reply(status, new ReplyHeaders({'retry-after': after}), Readable.from([]))
  }
  return {send, tried}
}

describe('retries', () => {
  let waits: number[]
  let lines: string[]
  beforeEach(() => {
    waits = []
    lines = []
  })
  const wait = async (seconds: number) => void waits.push(seconds)
  const trace = (line: string) => void lines.push(line)

  it('wait longer each time, and print a note', async () => {
    const {send} = replayOutcomes(503, unsent(), [502, 'soon'], 200)
    assert.equal((await withRetry(send, new RetryPolicy({wait}), trace)({method: 'GET', url})).status, 200)
    assert.deepEqual(waits, [0.3, 0.6, 1.2])
    assert.deepEqual(lines, [
      '-- again in 0.3 s (1 of 3): the server answered 503',
      '-- again in 0.6 s (2 of 3): connection refused',
      '-- again in 1.2 s (3 of 3): the server answered 502',
    ])
  })

  it('end after three times with the last response', async () => {
    const {send, tried} = replayOutcomes(503)
    assert.equal((await withRetry(send, new RetryPolicy({wait}))({method: 'GET', url})).status, 503)
    assert.equal(tried.length, 4)
  })

  it('end after the given number of times, with the last failure', async () => {
    const {send, tried} = replayOutcomes(unsent(), unsent(), unsent('ETIMEDOUT'))
    await assert.rejects(
      withRetry(send, new RetryPolicy({wait, retries: 2}))({method: 'GET', url}),
      (error: Failure) => error.cause instanceof Error && error.cause.message === 'ETIMEDOUT',
    )
    assert.equal(tried.length, 3)
  })

  it('never wait longer than half a minute', async () => {
    const {send} = replayOutcomes(503)
    await withRetry(send, new RetryPolicy({wait, retries: 9}))({method: 'GET', url})
    assert.deepEqual(waits, [0.3, 0.6, 1.2, 2.4, 4.8, 9.6, 19.2, 30, 30])
  })

  it('do not start after two minutes', async () => {
    const {hrtime} = process
    let minutes = 0
    process.hrtime = Object.assign((): [number, number] => [minutes * 60, 0], {bigint: hrtime.bigint})
    const advanceClock = async () => {
      minutes += 0.7
    }
    const {send, tried} = replayOutcomes(unsent('UND_ERR_CONNECT_TIMEOUT'))
    await assert.rejects(
      withRetry(send, new RetryPolicy({wait: advanceClock, retries: 9}))({method: 'GET', url}),
    )
    process.hrtime = hrtime
    assert.equal(tried.length, 4)
  })

  it('are switched off by 0', async () => {
    const {send, tried} = replayOutcomes(503)
    assert.equal((await withRetry(send, new RetryPolicy({retries: 0}))({method: 'GET', url})).status, 503)
    assert.equal(tried.length, 1)
  })

  for (const [retries, attempts] of [
    [0, 2],
    [1, 2],
    [3, 4],
  ] as const) {
    it(`--retries ${retries} sends a read ${attempts} times to a server that hangs up`, async () => {
      const {send, tried} = replayOutcomes(createFailure())
      await assert.rejects(withRetry(send, new RetryPolicy({wait, retries}))({method: 'GET', url}))
      assert.equal(tried.length, attempts)
    })
  }

  it('print no secret', async () => {
    const {send} = replayOutcomes(
      new NotSent('unavailable', 'x', {why: 'no http://u:secret@h?token=secret'}),
      200,
    )
    await withRetry(send, new RetryPolicy({wait}), trace)({method: 'GET', url})
    assert.deepEqual(lines, ['-- again in 0.3 s (1 of 3): no http://***@h?token=***'])
  })

  const text = '{"a":1}'
  for (const [what, request, outcome, attempts] of [
    ['a GET after 502', {method: 'GET'}, 502, 2],
    ['a GET after 503', {method: 'GET'}, 503, 2],
    ['a HEAD after 504', {method: 'HEAD'}, 504, 2],
    ['a GET after a broken connection', {method: 'GET'}, createFailure(), 2],
    ['a GET after a time-out', {method: 'GET'}, createFailure('UND_ERR_HEADERS_TIMEOUT'), 2],
    ['a GET after a refused connection', {method: 'GET'}, unsent(), 2],
    ['a GET after a temporary DNS failure', {method: 'GET'}, unsent('EAI_AGAIN'), 2],
    ['a GET after 429 with a time', {method: 'GET'}, [429, '1'], 2],
    ['a GET after 429 without a time', {method: 'GET'}, 429, 2],
    ['a DELETE after 429 without a time', {method: 'DELETE'}, 429, 2],
    ['a GET after 413 with a time', {method: 'GET'}, [413, '1'], 2],
    ['a POST after 413 with a time', {method: 'POST', body: text}, [413, '1'], 2],
    [
      'an idempotent POST after a broken connection',
      {method: 'POST', body: text, idempotent: true},
      createFailure(),
      2,
    ],
    ['an idempotent POST after 502', {method: 'POST', body: text, idempotent: true}, 502, 2],
    ['a DELETE after a refused connection', {method: 'DELETE'}, unsent(), 2],
    ['a POST after a refused connection', {method: 'POST', body: text}, unsent(), 2],
    [
      'a POST after a connection that was reset before it was used',
      {method: 'POST'},
      unsent('ECONNRESET'),
      2,
    ],
    ['a DELETE after 503', {method: 'DELETE'}, 503, 2],
    ['a PUT after 503', {method: 'PUT', body: text}, 503, 2],
    ['a POST after 503 with a time', {method: 'POST', body: text}, [503, '1'], 2],
    ['a PATCH after 503 with a time', {method: 'PATCH', body: text}, [503, '1'], 2],
    ['a POST after 429 with a time', {method: 'POST', body: text}, [429, '1'], 2],

    ['not a GET after 404', {method: 'GET'}, 404, 1],
    ['not a GET after 500', {method: 'GET'}, 500, 1],
    ['not a POST after 429 without a time', {method: 'POST', body: text}, 429, 1],
    ['not a GET after 413 without a time', {method: 'GET'}, 413, 1],
    ['not a GET after a name that does not exist', {method: 'GET'}, unsent('ENOTFOUND'), 1],
    ['not a GET after a refused certificate', {method: 'GET'}, unsent('CERT_HAS_EXPIRED', 'failed'), 1],
    ['not a GET after an internal error', {method: 'GET'}, new TypeError('x'), 1],
    ['not a POST after 503 alone', {method: 'POST', body: text}, 503, 1],
    ['not a PATCH after 503 alone', {method: 'PATCH', body: text}, 503, 1],
    ['not a DELETE after 502', {method: 'DELETE'}, 502, 1],
    ['not a PUT after 504', {method: 'PUT', body: text}, 504, 1],
    ['not a DELETE after a broken connection', {method: 'DELETE'}, createFailure(), 1],
    ['not a PUT after a time-out', {method: 'PUT'}, createFailure('UND_ERR_HEADERS_TIMEOUT'), 1],
  ] as [string, Request, number | [number, string] | Error, number][]) {
    it(`repeat ${what}`, async () => {
      const {send, tried} = replayOutcomes(outcome, 200)
      await withRetry(
        send,
        new RetryPolicy({wait}),
      )({...request, url}).catch(error => assert.equal(error, outcome))
      assert.equal(tried.length, attempts)
    })
  }

  for (const [after, expected] of [
    ['2', [2]],
    ['0', [0.3]],
    ['60', [60]],
    ['61', []],
    ['3600', []],
    ['Thu, 01 Jan 1970 00:00:00 GMT', [0.3]],
    ['Fri, 01 Jan 2100 00:00:00 GMT', []],
    ['later', [0.3]],
  ] as const) {
    it(`respect ‘Retry-After: ${after}’`, async () => {
      const {send} = replayOutcomes([503, after], 200)
      const reply = await withRetry(send, new RetryPolicy({wait}))({method: 'GET', url})
      assert.deepEqual(waits, expected)
      assert.equal(reply.status, expected.length > 0 ? 200 : 503)
    })
  }

  describe('a stream', () => {
    it('that was not read is sent at the next try', async () => {
      const {send, tried} = replayOutcomes(unsent(), 201)
      const body = Readable.from(['abc'])
      await withRetry(send, new RetryPolicy({wait}))({method: 'POST', url, body})
      assert.deepEqual(
        tried.map(request => request.keepBodyIfUnsent),
        [true, true],
      )
    })

    for (const outcome of [503, [503, '1'], [429, '1'], createFailure()] as const) {
      it(`that may have been read is not sent again (${outcome})`, async () => {
        const {send, tried} = replayOutcomes(outcome as number | [number, string] | Error)
        const body = Readable.from(['abc'])
        await withRetry(send, new RetryPolicy({wait}))({method: 'PUT', url, body}).catch(() => {})
        assert.equal(tried.length, 1)
      })
    }

    it('is closed when there is no further try', async () => {
      const {send} = replayOutcomes(unsent('ENOTFOUND'))
      const body = Readable.from(['abc'])
      await assert.rejects(withRetry(send, new RetryPolicy({wait}))({method: 'POST', url, body}))
      assert.ok(body.destroyed)
    })

    it('that breaks during the wait ends it', async () => {
      const {send, tried} = replayOutcomes(unsent())
      const body = Readable.from(['abc']).on('error', () => {})
      const breakBody = async () => void body.destroy(new Error('the disk broke'))
      await assert.rejects(
        withRetry(send, new RetryPolicy({wait: breakBody}))({method: 'POST', url, body}),
        failure('failed', 'cannot read the image data to its end', 'the disk broke'),
      )
      assert.equal(tried.length, 1)
    })
  })

  describe('an interruption', () => {
    const reason = new Failure('interrupted', 'interrupted')

    it('ends a wait at once, and closes the data', async () => {
      const {send} = replayOutcomes(unsent())
      const interruption = new AbortController()
      const body = Readable.from(['abc'])
      const trying = withRetry(send, new RetryPolicy(), () => interruption.abort(reason))
      await assert.rejects(
        trying({method: 'POST', url, body, signal: interruption.signal}),
        error => error === reason,
      )
      assert.ok(body.destroyed)
    })

    it('is not retried', async () => {
      const {send, tried} = replayOutcomes(unsent())
      await assert.rejects(
        withRetry(send, new RetryPolicy({wait}))({method: 'GET', url, signal: AbortSignal.abort(reason)}),
      )
      assert.equal(tried.length, 1)
    })
  })
})

describe('retries with real servers', () => {
  let transport: Transport
  let served: Served | undefined
  beforeEach(() => {
    transport = createTransport({timeoutSeconds: 5})
  })
  afterEach(async () => {
    await transport.close()
    await served?.close()
    served = undefined
  })

  /** A server that is down until the first wait. */
  async function startLateServer(): Promise<{url: string; send: Send; bodies: string[]; close: () => void}> {
    const gone = await serveSockets(() => {})
    await gone.close()
    const bodies: string[] = []
    const server = http.createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      bodies.push(`${request.method} ${body}`)
      response.end('ok')
    })
    const wait = async () => {
      if (!server.listening) await once(server.listen(gone.port, '127.0.0.1'), 'listening')
    }
    return {
      url: gone.url,
      send: withRetry(transport.send, new RetryPolicy({wait})),
      bodies,
      close: () => server.close(),
    }
  }

  for (const [what, request, expected] of [
    ['a GET', () => ({method: 'GET'}), 'GET '],
    ['a DELETE', () => ({method: 'DELETE'}), 'DELETE '],
    ['a stream of unknown length', () => ({method: 'POST', body: Readable.from(['ab', 'c'])}), 'POST abc'],
    ['a stream', () => ({method: 'PUT', body: Readable.from(['ab', 'c']), contentLength: 3}), 'PUT abc'],
  ] as [string, () => Omit<Request, 'url'>, string][]) {
    it(`send ${what} once the server is up`, async () => {
      const {url: address, send, bodies, close} = await startLateServer()
      const reply = await send({...request(), url: address})
      assert.equal(await reply.text(), 'ok')
      assert.deepEqual(bodies, [expected])
      close()
    })
  }

  it('close a stream when the server never comes up', async () => {
    const gone = await serveSockets(() => {})
    await gone.close()
    const body = Readable.from(['abc'])
    const send = withRetry(transport.send, new RetryPolicy({wait: async () => {}}))
    await assert.rejects(
      send({method: 'POST', url: gone.url, body}),
      failure('unavailable', `cannot reach the Image service at ${gone.url}`, 'connection refused'),
    )
    assert.ok(body.destroyed)
  })

  it('do not warn of listeners, however often they happen', async () => {
    const warnings: Error[] = []
    const note = (warning: Error) => warnings.push(warning)
    process.on('warning', note)
    const gone = await serveSockets(() => {})
    await gone.close()
    const body = Readable.from(['abc'])
    const signal = new AbortController().signal
    const send = withRetry(transport.send, new RetryPolicy({wait: async () => {}, retries: 20}))
    await assert.rejects(send({method: 'POST', url: gone.url, body, signal}))
    await new Promise(resolve => setImmediate(resolve))
    process.off('warning', note)
    assert.deepEqual(warnings, [])
  })

  it('wait for the time that a busy server names, and use the same connection', async () => {
    const ports = new Set<number | undefined>()
    let busy = 2
    served = await serve((request, response) => {
      ports.add(request.socket.remotePort)
      busy -= 1
      response.writeHead(busy < 0 ? 200 : 503, {'retry-after': '1'}).end('x'.repeat(50_000))
    })
    const waits: number[] = []
    const send = withRetry(transport.send, new RetryPolicy({wait: async seconds => void waits.push(seconds)}))
    assert.equal((await send({method: 'DELETE', url: served.url})).status, 200)
    assert.deepEqual(waits, [1, 1])
    assert.equal(ports.size, 1)
  })

  it('do not repeat an upload that a server cut off', async () => {
    let connections = 0
    served = await serveSockets(socket => {
      connections += 1
      socket.once('data', () => socket.resetAndDestroy())
    })
    const send = withRetry(transport.send, new RetryPolicy({wait: async () => {}}))
    const body = new Readable({read: () => void body.push(Buffer.alloc(65_536))})
    await assert.rejects(send({method: 'POST', url: served.url, body}))
    await assert.rejects(send({method: 'DELETE', url: served.url}))
    assert.equal(connections, 2)
  })

  it('read again from a server that hangs up on the first requests', async () => {
    let connections = 0
    served = await serveSockets(socket => {
      connections += 1
      const isGood = connections > 3
      socket.once('data', () => (isGood ? socket.end(OK) : socket.resetAndDestroy()))
    })
    const send = withRetry(transport.send, new RetryPolicy({wait: async () => {}}))
    assert.equal(await (await send({method: 'GET', url: served.url})).text(), 'ok')
    assert.equal(connections, 4)
  })

  it('wait by the real clock', async () => {
    let busy = true
    served = await serve((_request, response) => {
      response.writeHead(busy ? 503 : 200).end()
      busy = false
    })
    assert.equal(
      (await withRetry(transport.send, new RetryPolicy())({method: 'GET', url: served.url})).status,
      200,
    )
  })
})
