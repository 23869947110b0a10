/** Responses that arrive byte by byte, without an end: by a clock of the test, each byte takes a minute. */
import assert from 'node:assert/strict'
import type http from 'node:http'
import {type ClosableImageApi, openImageApi} from '../../../src/lib/api/open-api.js'
import {RetryPolicy} from '../../../src/lib/http/retry/retry-policy.js'
import {StallGuard} from '../../../src/lib/http/stall-guard.js'
import {file} from '../../support/data.js'
import {type Served, serve} from '../../support/http/serve.js'

const IMAGE = {id: '00000000-0000-4000-8000-000000000001', status: 'active', size: 5}
const QUEUED = {...IMAGE, status: 'queued', size: null}

describe('a response without end, a byte a minute', () => {
  let served: Served
  let api: ClosableImageApi
  let minutes: number
  let writeByte: () => void

  beforeEach(async () => {
    minutes = 0
    writeByte = () => {}
    served = await serve((request, response) => {
      request.resume()
      const {method, url = ''} = request
      if (method === 'DELETE') response.writeHead(204).end()
      else if (url.includes('?') || url.endsWith('/file')) drip(response)
      else response.end(JSON.stringify(method === 'POST' ? QUEUED : IMAGE))
    })
    api = await openImageApi({
      url: served.url,
      version: 2,
      retryPolicy: new RetryPolicy({retries: 0}),
      now: () => {
        setImmediate(() => writeByte())
        return ++minutes * 60_000
      },
    })
  })
  afterEach(async () => {
    await api.close()
    await served.close()
  })

  function drip(response: http.ServerResponse): void {
    writeByte = () => response.write(' ')
    writeByte()
  }

  const isBroken = {
    kind: 'unavailable',
    message: /^the connection to the Image service at http:\S+ broke$/,
    why: 'the response is too slow: less than 1 KiB arrived within the time allowed',
    advice: /^Wait longer with --timeout SECONDS\./,
  }

  it('ends a list', async () => {
    await assert.rejects(api.index({}), isBroken)
    assert.equal(minutes, 6)
  })

  it('ends a download', async () => {
    const {data} = await api.download(IMAGE.id)
    await assert.rejects(data.toArray(), isBroken)
  })

  it('ends the reply to an upload, after which the image is looked at', async () => {
    const draft = {diskFormat: 'raw', containerFormat: 'bare', properties: {}}
    assert.equal((await api.add(draft, file('hello'))).status, 'active')
    assert.ok(minutes < 60, `${minutes} minutes`)
  })
})

describe('the guard against responses that stall', () => {
  let time: number
  const guard = (timeout: number) => new StallGuard({timeout, now: () => time}, () => {})

  beforeEach(() => {
    time = 0
  })

  it('counts bytes by time, not in total', () => {
    const counting = guard(100)
    assert.equal(counting.isStalledAfter(5_000_000), false)
    time = 100
    assert.equal(counting.isStalledAfter(1), false)
    time = 199
    assert.equal(counting.isStalledAfter(1000), false)
    time = 200
    assert.equal(counting.isStalledAfter(23), true)
  })

  it('accepts 1 KiB within the time allowed', () => {
    const counting = guard(100)
    time = 100
    assert.equal(counting.isStalledAfter(1024), false)
  })

  it('does not count the time in which the reader waits', () => {
    const counting = guard(100)
    counting.pause()
    time = 1000
    counting.resume()
    assert.equal(counting.isStalledAfter(1), false)
    time = 1100
    assert.equal(counting.isStalledAfter(1), true)
  })

  it('never ends a response without a limit', () => {
    const counting = guard(0)
    time = 1e9
    assert.equal(counting.isStalledAfter(1), false)
  })
})
