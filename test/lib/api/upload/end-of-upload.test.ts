/** The end of an upload: what counts as stored, and what is deleted, when the reply to the data does not decide it. */
import assert from 'node:assert/strict'
import type http from 'node:http'
import {buffer} from 'node:stream/consumers'
import type {ImageData} from '../../../../src/lib/api/image-api.js'
import {openImageApi} from '../../../../src/lib/api/open-api.js'
import {findStored} from '../../../../src/lib/api/upload/find-stored.js'
import {poll} from '../../../../src/lib/api/upload/poll.js'
import {imageFrom} from '../../../../src/lib/api/v2/documents.js'
import {RetryPolicy} from '../../../../src/lib/http/retry/retry-policy.js'
import {Failure} from '../../../../src/lib/model/errors.js'
import {file, pipe} from '../../../support/data.js'
import {failureKind} from '../../../support/failure.js'
import {type Served, serve} from '../../../support/http/serve.js'

const ID = 'f9cec318-413d-4ca1-941e-d11d7b73edda'
const DRAFT = {diskFormat: 'raw', containerFormat: 'bare', properties: {}}
const DATA = '0123456789'

const image = (status: string) => imageFrom({id: ID, status, size: 10}, 'http://127.0.0.1:1')
const timeout = Object.assign(new Error('silence'), {code: 'UND_ERR_HEADERS_TIMEOUT'})

/** Statuses in turn; the last one again and again. */
const inTurn = (statuses: string[]) => () => (statuses.length > 1 ? statuses.shift() : statuses[0]) ?? ''

describe('the end of an upload', () => {
  let server: Served
  let requests: string[]
  let lengths: (string | undefined)[]
  let nextStatus: () => string
  let replyToData: (response: http.ServerResponse, request: http.IncomingMessage) => void
  let logins: number

  beforeEach(async () => {
    requests = []
    lengths = []
    nextStatus = () => 'active'
    replyToData = response => response.writeHead(204).end()
    logins = 0
    server = await serve(respond)
  })
  afterEach(() => server.close())

  async function respond(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const {method = '', url = '', headers} = request
    await buffer(request).catch(() => {})
    const isData = url.endsWith('/file') || (url === '/v1/images' && method === 'POST')
    if (isData) lengths.push(headers['content-length'])
    requests.push(isData ? `${method} data` : method)
    if (isData && url.startsWith('/v2')) return replyToData(response, request)
    if (method === 'DELETE') response.writeHead(204).end()
    else if (method === 'HEAD')
      response.writeHead(200, {'x-image-meta-id': ID, 'x-image-meta-status': nextStatus()}).end()
    else if (url.startsWith('/v1/images') && method === 'POST')
      response.writeHead(201).end(JSON.stringify({image: {id: ID, status: nextStatus(), size: DATA.length}}))
    else if (method === 'POST') response.writeHead(201).end(JSON.stringify({id: ID, status: 'queued'}))
    else if (url.startsWith('/v1')) response.writeHead(404).end()
    else {
      const status = nextStatus()
      const body = JSON.stringify({id: ID, status, size: DATA.length})
      response.writeHead(status === 'gone' ? 404 : 200).end(body)
    }
  }

  async function add(version: 1 | 2, {data = file(DATA), size}: {data?: ImageData; size?: number} = {}) {
    const retryPolicy = new RetryPolicy({retries: 0, wait: async () => {}})
    const renewHeaders = async () => {
      logins += 1
      return {'x-auth-token': `token${logins}`}
    }
    const api = await openImageApi({url: server.url, version, retryPolicy, renewHeaders, token: 'token0'})
    const draft = size === undefined ? DRAFT : {...DRAFT, size}
    return api.add(draft, data).finally(() => api.close())
  }

  for (const version of [1, 2] as const) {
    for (const [status, why] of [
      ['killed', /^the service accepted it, and then failed to store it: the image is killed$/],
      ['queued', /^the service accepted it, and the image is still queued without data$/],
      ['deleted', /^the image was deleted in the meantime$/],
    ] as const) {
      it(`removes an image of v${version} that is ${status} afterwards`, async () => {
        nextStatus = () => status
        await assert.rejects(add(version), failureKind('unverified', why))
        assert.equal(requests.at(-1), 'DELETE')
      })
    }

    it(`waits while an image of v${version} is saving`, async () => {
      nextStatus = inTurn(['saving', 'saving', 'active'])
      assert.equal((await add(version)).status, 'active')
      assert.equal(requests.includes('DELETE'), false)
    })

    it(`sends the announced size of a pipe as its length, with v${version}`, async () => {
      assert.equal((await add(version, {data: pipe('01234', '56789'), size: 10})).status, 'active')
      assert.deepEqual(lengths, ['10'])
    })

    for (const [size, why] of [
      [9, 'it has more than 9 bytes, and size=9 was given'],
      [11, 'it has 10 bytes, and size=11 was given'],
    ] as const) {
      it(`leaves nothing of a pipe of another size than ${size}, with v${version}`, async () => {
        await assert.rejects(add(version, {data: pipe('01234', '56789'), size}), (error: Failure) => {
          assert.deepEqual([error.kind, error.why], ['unverified', why])
          return true
        })
        assert.equal(requests.at(-1), 'DELETE')
      })
    }
  }

  it('looks at the image when the reply is lost, also without retries', async () => {
    replyToData = (_, request) => void request.socket.destroy()
    nextStatus = inTurn(['saving', 'active'])
    assert.equal((await add(2)).status, 'active')
    assert.deepEqual(requests, ['POST', 'PUT data', 'GET', 'GET'])
  })

  it('logs in again when the token expires meanwhile, and sends a file again', async () => {
    const tokens: unknown[] = []
    replyToData = (response, request) => {
      tokens.push(request.headers['x-auth-token'])
      response.writeHead(tokens.length === 1 ? 401 : 204).end()
    }
    nextStatus = inTurn(['queued', 'active'])
    assert.equal((await add(2)).status, 'active')
    assert.deepEqual([tokens, logins], [['token0', 'token1'], 1])
  })

  it('creates the record again when it is gone after a new login', async () => {
    replyToData = response => response.writeHead(lengths.length === 1 ? 401 : 204).end()
    nextStatus = inTurn(['gone', 'active'])
    assert.equal((await add(2)).status, 'active')
    assert.deepEqual(requests, ['POST', 'PUT data', 'GET', 'POST', 'PUT data', 'GET'])
  })

  it('logs in again once only', async () => {
    replyToData = response => response.writeHead(401).end()
    nextStatus = () => 'queued'
    await assert.rejects(add(2), failureKind('denied'))
    assert.equal(lengths.length, 2)
  })

  it('advises --spool for a pipe whose token expires', async () => {
    replyToData = response => response.writeHead(401).end()
    await assert.rejects(add(2, {data: pipe(DATA)}), (error: Failure) => {
      assert.equal(error.kind, 'denied')
      assert.match(error.advice ?? '', /Use --spool to keep a copy on disk/)
      return true
    })
    assert.equal(lengths.length, 1)
  })
})

describe('silence after the last byte', () => {
  /** @param statuses of the image, in turn */
  async function find(statuses: string[]) {
    let waited = 0
    const wait = async (seconds: number) => {
      waited += seconds
    }
    const next = inTurn(statuses)
    const steps = {id: ID, look: async () => image(next())}
    const error = new Failure('unavailable', 'the connection broke', {why: 'no response', cause: timeout})
    const upload = {steps, retryPolicy: new RetryPolicy({wait}), signal: undefined}
    const found = await findStored(upload, error).catch((thrown: Failure) => thrown)
    return {found, waited}
  }

  it('is waited out while the image is saving, or still queued', async () => {
    for (const status of ['saving', 'queued']) {
      const {found, waited} = await find([...Array(60).fill(status), 'active'])
      assert.deepEqual([(found as {status?: unknown}).status, waited > 200], ['active', true])
    }
  })

  it('counts as failed when the image is queued after ten minutes', async () => {
    const {found, waited} = await find(['queued'])
    assert.equal(found, undefined)
    assert.ok(waited >= 600 && waited < 610, String(waited))
  })

  it('keeps an image that is saving for more than an hour', async () => {
    const {found} = await find(['saving'])
    assert.ok(found instanceof Failure)
    assert.deepEqual(
      [found.code, found.advice],
      ['in-progress', `The image is kept. Look at it later with: glance show ${ID}`],
    )
  })
})

describe('polling', () => {
  const wait = async () => {}
  const unavailable = new Failure('unavailable', 'busy')

  it('survives an outage of some minutes', async () => {
    let looks = 0
    const look = async () => {
      if (++looks < 100) throw unavailable
      return 'there'
    }
    assert.equal(await poll(look, {wait, signal: undefined}), 'there')
  })

  it('ends with the failure after a longer one, or with any other failure', async () => {
    let looks = 0
    const look = (error: Failure) => async () => {
      looks += 1
      throw error
    }
    await assert.rejects(poll(look(unavailable), {wait, signal: undefined}), unavailable)
    assert.ok(looks > 100, String(looks))
    looks = 0
    const denied = new Failure('denied', 'no')
    await assert.rejects(poll(look(denied), {wait, signal: undefined}), denied)
    assert.equal(looks, 1)
  })

  it('ends without a result at its limit', async () => {
    assert.equal(await poll(async () => undefined, {wait, signal: undefined, limit: 60}), undefined)
  })
})
