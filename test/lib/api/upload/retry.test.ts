/** How often the data of an image is sent or requested again, after which delay, and with which messages. */
import assert from 'node:assert/strict'
import type http from 'node:http'
import {buffer} from 'node:stream/consumers'
import {type ClosableImageApi, openImageApi} from '../../../../src/lib/api/open-api.js'
import {imageFrom} from '../../../../src/lib/api/v2/documents.js'
import {RetryPolicy} from '../../../../src/lib/http/retry/retry-policy.js'
import {Failure} from '../../../../src/lib/model/errors.js'
import {openRange, streamBytes} from '../../../../src/lib/work/download/stream.js'
import {file} from '../../../support/data.js'
import {failureKind} from '../../../support/failure.js'
import {glance} from '../../../support/fake-io.js'
import {type Served, serve} from '../../../support/http/serve.js'

const ID = 'f9cec318-413d-4ca1-941e-d11d7b73edda'
const DRAFT = {diskFormat: 'raw', containerFormat: 'bare', properties: {}}
const DATA = '0123456789'

/** Replies to the request that carries the data. */
type ReplyToData = (response: http.ServerResponse, request: http.IncomingMessage) => void

const hangUp: ReplyToData = (_, request) => void request.socket.destroy()
const reply =
  (status: number, headers: http.OutgoingHttpHeaders = {}): ReplyToData =>
  response =>
    void response.writeHead(status, headers).end()

describe('a transfer that is repeated', () => {
  let server: Served
  let api: ClosableImageApi | undefined
  /** Replies to the data, in turn; the last one again and again. */
  let replies: ReplyToData[]
  /** Statuses of the image after the first data, in turn. */
  let statuses: string[]
  let sent: string[]
  let deleted: number
  let waits: number[]
  let notes: string[]

  beforeEach(async () => {
    replies = []
    statuses = []
    sent = []
    deleted = 0
    waits = []
    notes = []
    server = await serve(respond)
  })
  afterEach(async () => {
    await api?.close()
    await server.close()
  })

  async function respond(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const {method, url = ''} = request
    const body = await buffer(request)
    const isData = url.endsWith('/file') || (url === '/v1/images' && method === 'POST')
    if (isData && method !== 'GET') {
      sent.push(String(body))
      return replies[Math.min(sent.length, replies.length) - 1]?.(response, request)
    }
    if (method === 'DELETE') {
      deleted += 1
      response.end()
    } else if (method === 'HEAD') {
      const status = statuses.shift() ?? 'active'
      response.writeHead(200, {'x-image-meta-id': ID, 'x-image-meta-status': status}).end()
    } else if (url === `/v2/images/${ID}` || method === 'POST') {
      const status = method === 'POST' ? 'queued' : (statuses.shift() ?? 'active')
      response.writeHead(200).end(JSON.stringify({id: ID, status, size: DATA.length}))
    } else response.writeHead(404).end()
  }

  async function add(version: 1 | 2, retries = 3): Promise<string> {
    const wait = async (seconds: number) => void waits.push(seconds)
    const retryPolicy = new RetryPolicy({retries, wait})
    api = await openImageApi({url: server.url, version, retryPolicy})
    return (await api.add(DRAFT, file(DATA), {onNote: text => notes.push(text)})).status
  }

  for (const version of [1, 2] as const) {
    for (const retries of [0, 1, 3]) {
      it(`sends data ${retries + 1} times to a service of v${version} that hangs up, with ${retries} retries`, async () => {
        replies = [hangUp]
        // Version 1 makes a new record for each attempt.
        statuses = Array(2 * retries + 1).fill(version === 1 ? 'killed' : 'queued')
        await assert.rejects(add(version, retries), failureKind('unavailable'))
        assert.deepEqual(sent, Array(retries + 1).fill(DATA))
        assert.equal(notes.length, retries)
        assert.equal(deleted, version === 1 ? retries + 1 : 1)
      })
    }

    it(`waits as long as a busy service of v${version} asks`, async () => {
      const image = JSON.stringify({image: {id: ID, status: 'active', size: DATA.length}})
      replies = [
        reply(503, {'retry-after': '8'}),
        version === 1 ? response => void response.writeHead(201).end(image) : reply(204),
      ]
      statuses = [version === 1 ? 'killed' : 'queued']
      assert.equal(await add(version), 'active')
      assert.deepEqual(waits, [8])
      assert.deepEqual(sent, [DATA, DATA])
    })

    it(`does not wait for more than a minute, with v${version}`, async () => {
      replies = [reply(503, {'retry-after': '61'})]
      await assert.rejects(add(version), failureKind('unavailable'))
      assert.deepEqual([waits, sent, notes], [[], [DATA], []])
    })

    it(`sends nothing again, and prints no note, when the service of v${version} has the data after all`, async () => {
      replies = [reply(504)]
      statuses = ['saving', 'active']
      assert.equal(await add(version), 'active')
      assert.deepEqual([notes, sent, deleted], [[], [DATA], 0])
    })
  }

  it('sends data again after 413 and 429, if they are temporary', async () => {
    replies = [reply(413, {'retry-after': '2'}), reply(429), reply(204)]
    statuses = ['queued', 'queued']
    assert.equal(await add(2), 'active')
    assert.deepEqual(waits, [2, 0.6])
    assert.deepEqual(notes, [
      `cannot upload the data of image ${ID}: too large, or over a quota; sending the data again (1 of 3)`,
      `cannot upload the data of image ${ID}: too many requests; sending the data again (2 of 3)`,
    ])
  })

  it('follows --retries', async () => {
    const stdin = DATA
    for (const retries of [0, 1]) {
      sent = []
      replies = [hangUp]
      statuses = Array(2 * retries + 1).fill('queued')
      const flags = ['--url', `${server.url}/v2`, '--retries', String(retries)]
      const ran = await glance([...flags, 'add', 'name=x', 'disk_format=raw'], {stdin, kind: 'file'})
      assert.equal(ran.code, 6, ran.stderr)
      assert.equal(sent.length, retries + 1, ran.stderr)
    }
  })

  describe('a download', () => {
    let opened: number
    beforeEach(() => {
      opened = 0
    })

    /** The bytes from a service that breaks off after one byte each time. */
    async function read(retries: number): Promise<string> {
      const broken = await serve((_request, response) => {
        opened += 1
        response.writeHead(200, {'content-length': DATA.length})
        response.write(DATA.slice(0, opened), () => response.destroy())
      })
      const wait = async (seconds: number) => void waits.push(seconds)
      const retryPolicy = new RetryPolicy({retries, wait})
      api = await openImageApi({url: broken.url, version: 2, retryPolicy})
      const image = imageFrom({id: ID, status: 'active', size: DATA.length}, broken.url)
      const source = {api, image, signal: new AbortController().signal}
      let text = ''
      try {
        for await (const chunk of streamBytes(source, {first: 0}, await openRange(source, {first: 0})))
          text += chunk
      } catch (error) {
        assert.ok(error instanceof Failure && error.kind === 'unavailable', String(error))
      } finally {
        await broken.close()
      }
      return text
    }

    for (const [retries, expected] of [
      [0, []],
      [1, [0.3]],
      [3, [0.3, 0.6, 1.2]],
    ] as const) {
      it(`that breaks off is requested again ${retries} times`, async () => {
        assert.equal(await read(retries), DATA.slice(0, retries + 1))
        assert.deepEqual([opened, waits], [retries + 1, expected])
      })
    }
  })
})
