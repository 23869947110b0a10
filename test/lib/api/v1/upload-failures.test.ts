/** Version 1 when the creation of an image has no readable reply, or the user interrupts it: nothing remains untold. */
import assert from 'node:assert/strict'
import type http from 'node:http'
import {type ClosableImageApi, openImageApi} from '../../../../src/lib/api/open-api.js'
import {RetryPolicy} from '../../../../src/lib/http/retry/retry-policy.js'
import {Failure} from '../../../../src/lib/model/errors.js'
import {file} from '../../../support/data.js'
import {type Served, serve} from '../../../support/http/serve.js'

const DRAFT = {name: 'disk', properties: {}}
const JSON_OF_99 = {'content-type': 'application/json', 'content-length': 99}
const DELETED = /^Its image record, [-0-9a-f]{36}, was deleted\.$/
const MAY_APPEAR =
  /^No image record ([-0-9a-f]{36}) was found, but it may still appear\. If it does, delete it with: glance delete \1$/

describe('version 1 when requests fail', () => {
  let server: Served
  let api: ClosableImageApi
  let interrupt: AbortController
  let answerPost: http.RequestListener
  let deletion: number
  let asked: string[]
  let sentId: string | undefined

  beforeEach(async () => {
    asked = []
    deletion = 200
    server = await serve((request, response) => {
      const {method = ''} = request
      asked.push(method)
      if (method === 'POST') {
        sentId = String(request.headers['x-image-meta-id'])
        answerPost(request, response)
      } else if (method === 'DELETE') {
        assert.equal(request.url, `/v1/images/${sentId}`)
        response.writeHead(deletion).end()
      } else response.end('{"images": []}')
    })
    interrupt = new AbortController()
    const retryPolicy = new RetryPolicy({retries: 0})
    api = await openImageApi({url: server.url, version: 1, retryPolicy, signal: interrupt.signal})
  })
  afterEach(async () => {
    await api.close()
    await server.close()
  })

  /** Answers once the whole request has arrived. */
  const whenComplete = (then: (response: http.ServerResponse) => void): http.RequestListener => {
    return (request, response) => void request.resume().on('end', () => then(response))
  }
  const interruptNow = () => interrupt.abort(new Failure('interrupted', 'interrupted by SIGINT'))
  const respond = (response: http.ServerResponse, body: string) =>
    response.writeHead(201, {'content-type': 'application/json'}).end(body)
  const advised = (advice: RegExp) => (error: Failure) => {
    assert.match(error.advice ?? '', advice)
    return true
  }

  for (const [what, answer] of [
    ['is missing', response => void response.destroy()],
    [
      'breaks off',
      response => void response.writeHead(201, JSON_OF_99).write('{"image"', () => response.destroy()),
    ],
    ['is not an image', response => void respond(response, '"portal"')],
    [
      'is a page',
      response => void response.writeHead(201, {'content-type': 'text/html'}).end('<p>Hello</p>'),
    ],
    ['is a failure of a proxy', response => void response.writeHead(504).end()],
  ] as [string, (response: http.ServerResponse) => void][]) {
    it(`deletes a record without data if the reply ${what}`, async () => {
      answerPost = whenComplete(answer)
      await assert.rejects(api.add(DRAFT), advised(/Its image record, [-0-9a-f]{36}, was deleted\.$/))
      assert.deepEqual(asked, ['GET', 'POST', 'DELETE'])
    })
  }

  it('deletes a record without data that was created while the user interrupted', async () => {
    answerPost = whenComplete(response => {
      interruptNow()
      respond(response, JSON.stringify({image: {id: sentId, name: 'disk', status: 'queued'}}))
    })
    await assert.rejects(api.add(DRAFT), advised(DELETED))
    assert.deepEqual(asked, ['GET', 'POST', 'DELETE'])
  })

  it('deletes nothing if the service refused the record', async () => {
    answerPost = whenComplete(response => void response.writeHead(400).end())
    await assert.rejects(api.add(DRAFT), {status: 400})
    assert.deepEqual(asked, ['GET', 'POST'])
  })

  it('tells the id of an image that a proxy may still pass on', async () => {
    deletion = 404
    answerPost = whenComplete(interruptNow)
    await assert.rejects(api.add(DRAFT, file('hello')), advised(MAY_APPEAR))
    assert.deepEqual(asked, ['GET', 'POST', 'DELETE', 'DELETE'])
  })

  it('does not tell an id if the service replied and has no record', async () => {
    deletion = 404
    answerPost = whenComplete(response => void response.writeHead(500).end())
    await assert.rejects(api.add(DRAFT, file('hello')), (error: Failure) => {
      assert.doesNotMatch(error.advice ?? '', /record/)
      return true
    })
  })
})
