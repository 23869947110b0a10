/** The wrappers of `send`. */
import assert from 'node:assert/strict'
import {Readable} from 'node:stream'
import {Reply, ReplyHeaders, type Request, type Send} from '../../../src/lib/http/message.js'
import {redactHeader, redactText} from '../../../src/lib/http/redact.js'
import {withHeaders, withReconnect, withSignal, withTrace} from '../../../src/lib/http/wrappers.js'
import {Failure} from '../../../src/lib/model/errors.js'

const url = 'http://h:1/v1/images'

function recorder(headers: Record<string, string> = {}): {send: Send; seen: Request[]} {
  const seen: Request[] = []
  const send: Send = async request => {
    seen.push(request)
    return new Reply(200, new ReplyHeaders(headers), Readable.from([]))
  }
  return {send, seen}
}

describe('wrappers of send', () => {
  it('add headers, but those of the request win', async () => {
    const {send, seen} = recorder()
    await withHeaders(send, {a: '1', b: '2'})({method: 'GET', url, headers: {b: '3'}})
    assert.deepEqual(seen[0]?.headers, {a: '1', b: '3'})
  })

  it('add a signal to every request', async () => {
    const {send, seen} = recorder()
    const {signal} = new AbortController()
    await withSignal(send, signal)({method: 'GET', url})
    assert.equal(seen[0]?.signal, signal)
  })

  it('trace request and response without secrets', async () => {
    const lines: string[] = []
    const {send} = recorder({'x-subject-token': 'gAAAA-subject', 'x-openstack-request-id': 'req-1'})
    await withTrace(
      send,
      line => void lines.push(line),
    )({
      method: 'POST',
      url: 'http://h:1/v1/images?token=secret1&name=x',
      headers: {
        'X-Auth-Token': 'secret2',
        'x-image-meta-location': 'swift://user:secret3@h/c/o',
        'x-image-meta-property-admin_password': 'secret4',
        'x-image-meta-name': 'alpha',
      },
    })
    assert.equal(
      lines[0],
      '-> POST http://h:1/v1/images?token=***&name=x | X-Auth-Token: *** | x-image-meta-location: swift://***@h/c/o | x-image-meta-property-admin_password: *** | x-image-meta-name: alpha',
    )
    assert.match(
      lines[1] ?? '',
      /^<- 200 after \d+ ms \| x-subject-token: \*\*\* \| x-openstack-request-id: req-1$/,
    )
    assert.equal(lines.length, 2)
  })

  it('trace one line each, whatever servers send', async () => {
    const lines: string[] = []
    const {send} = recorder({'x-image-meta-name': 'a\u001b[31mb\u009bc'})
    await withTrace(send, line => void lines.push(line))({method: 'GET', url})
    assert.doesNotMatch(lines.join(''), /[\u0000-\u001f\u007f-\u009f]/)
  })

  it('trace why there was no response', async () => {
    const lines: string[] = []
    const send = withTrace(
      () => Promise.reject(new Failure('unavailable', 'x', {why: 'connection refused'})),
      line => void lines.push(line),
    )
    await assert.rejects(send({method: 'GET', url}))
    assert.match(lines[1] ?? '', /^<- no reply after \d+ ms: connection refused$/)
  })

  const hungUp = new Failure('unavailable', 'x', {cause: Object.assign(new Error('x'), {code: 'ECONNRESET'})})
  const refused = new Failure('unavailable', 'x', {
    cause: Object.assign(new Error('x'), {code: 'ECONNREFUSED'}),
  })

  for (const [what, request, error, attempts] of [
    ['GET is repeated once', {method: 'GET', url}, hungUp, 2],
    ['HEAD is repeated once', {method: 'HEAD', url}, hungUp, 2],
    ['DELETE is not repeated', {method: 'DELETE', url}, hungUp, 1],
    ['POST is not repeated', {method: 'POST', url}, hungUp, 1],
    ['a refused connection is not retried', {method: 'GET', url}, refused, 1],
    ['other errors are not retried', {method: 'GET', url}, new Error('x'), 1],
  ] as [string, Request, Error, number][]) {
    it(what, async () => {
      let tried = 0
      const send = withReconnect(() => {
        tried += 1
        return Promise.reject(error)
      })
      await assert.rejects(send(request))
      assert.equal(tried, attempts)
    })
  }
})

describe('secrets', () => {
  for (const [text, expected] of [
    ['http://user:pw@host/x', 'http://***@host/x'],
    ['swift+https://account%3Auser:p@ss@host/c/o', 'swift+https://***@host/c/o'],
    [
      'see http://host/x?X-Amz-Signature=abc&X-Amz-Date=1',
      'see http://host/x?X-Amz-Signature=***&X-Amz-Date=1',
    ],
    [
      'http://host/x?temp_url_sig=abc&temp_url_expires=9',
      'http://host/x?temp_url_sig=***&temp_url_expires=9',
    ],
    [
      '{"auth": {"password": "a\\"b", "adminPassword": "x", "name": "n"}}',
      '{"auth": {"password": "***", "adminPassword": "***", "name": "n"}}',
    ],
    ['mail a@example.com about http://host/x', 'mail a@example.com about http://host/x'],
    ['name=x&tokens=3', 'name=x&tokens=3'],
  ] as const) {
    it(`are masked in ‘${text}’`, () => assert.equal(redactText(text), expected))
  }

  it('are masked in headers', () => {
    for (const name of ['X-Auth-Token', 'x-subject-token', 'Authorization', 'Set-Cookie', 'x-auth-key']) {
      assert.equal(redactHeader(name, 'v'), '***')
    }
    assert.equal(redactHeader('x-image-meta-name', 'v'), 'v')
  })
})
