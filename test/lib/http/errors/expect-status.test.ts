/** Response statuses and the failures they mean. */
import assert from 'node:assert/strict'
import {Readable} from 'node:stream'
import {expectStatus} from '../../../../src/lib/http/errors/expect-status.js'
import {Reply, ReplyHeaders} from '../../../../src/lib/http/message.js'
import type {Failure} from '../../../../src/lib/model/errors.js'

function reply(status: number, body = '', headers: Record<string, string> = {}): Reply {
  return new Reply(status, new ReplyHeaders(headers), Readable.from(body === '' ? [] : [Buffer.from(body)]))
}

async function readFailure(given: Reply): Promise<Failure> {
  return expectStatus(given, [200], {what: 'cannot'}).then(
    () => assert.fail('no failure'),
    (error: Failure) => error,
  )
}

describe('a reply', () => {
  it('is returned when its status is expected', async () => {
    const given = reply(204)
    assert.equal(await expectStatus(given, [200, 204], {what: 'cannot'}), given)
  })

  const kinds: [number, string, string, string][] = [
    [400, '', 'failed', 'the server rejected the request as malformed'],
    [
      400,
      'Supplied checksum (0) and checksum generated from uploaded image (1) did not match.',
      'unverified',
      '',
    ],
    [401, '', 'denied', 'not authenticated'],
    [403, '', 'denied', 'not allowed'],
    [403, 'Image 1 is protected and cannot be deleted.', 'conflict', ''],
    [404, '', 'not-found', 'not found'],
    [405, '', 'failed', 'the server does not know this operation'],
    [409, '', 'conflict', 'it conflicts with the current state'],
    [410, '', 'conflict', 'the server answered 410'],
    [412, '', 'conflict', 'it was changed or deleted in the meantime'],
    [413, '', 'failed', 'too large, or over a quota'],
    [429, '', 'unavailable', 'too many requests'],
    [500, '', 'failed', 'the server failed'],
    [502, '', 'unavailable', 'a gateway got no valid response'],
    [503, '', 'unavailable', 'the service is temporarily unavailable'],
    [504, '', 'unavailable', 'a gateway got no response in time'],
    [507, '', 'failed', 'the server answered 507'],
  ]
  for (const [status, said, kind, why] of kinds) {
    it(`of ${status} ${said ? `saying ‘${said}’ ` : ''}means ${kind}`, async () => {
      const failure = await readFailure(reply(status, said))
      assert.deepEqual([failure.kind, failure.status], [kind, status])
      assert.equal(failure.why, said || why)
    })
  }

  it('that redirects names the address, and how to use it', async () => {
    const failure = await readFailure(reply(301, '', {location: 'https://u:p@images.example.com/v1'}))
    assert.equal(failure.why, 'the server redirects to https://***@images.example.com/v1')
    assert.equal(failure.advice, 'Name that address with --url.')
  })

  for (const [status, title, advice] of [
    [403, 'Forbidden', undefined],
    [404, 'Not Found', undefined],
    [411, 'Length Required', 'The server requires the length of the data: give size=BYTES, or --spool.'],
    [
      413,
      'Request Entity Too Large',
      'The web server in front of the service limits the size of requests. Ask its operator to raise the limit.',
    ],
    [502, 'Bad Gateway', undefined],
    [504, 'Gateway Time-out', undefined],
  ] as const) {
    it(`of ${status} from a proxy names the web server`, async () => {
      const text = `${status} ${title}`
      const page = `<html><head><title>${text}</title></head><body><center><h1>${text}</h1></center><hr><center>nginx/1.18.0</center></body></html>`
      const failure = await readFailure(reply(status, page))
      assert.deepEqual(
        [failure.why, failure.advice, failure.code],
        [`${text} (nginx/1.18.0)`, advice, 'from-proxy'],
      )
    })
  }

  it('has no request id that is invalid', async () => {
    for (const [id, shown] of [
      ['req-1', 'req-1'],
      ['r'.repeat(128), 'r'.repeat(128)],
      ['r'.repeat(129), undefined],
      ['a b', undefined],
    ] as const) {
      assert.equal((await readFailure(reply(500, '', {'x-openstack-request-id': id}))).requestId, shown)
    }
  })

  it('that is nested too deeply is refused before it is parsed', async () => {
    const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    assert.equal(JSON.stringify(await reply(200, deep(100)).json()), deep(100))
    assert.deepEqual(await reply(200, '{"a":"\\"[[["}').json(), {a: '"[[['})
    await assert.rejects(reply(200, '['.repeat(1_000_000)).json(), (failure: Failure) => {
      assert.equal(failure.cause instanceof Error && failure.cause.message, 'nested too deeply')
      return true
    })
  })

  it('that asks the client to wait says for how long', async () => {
    assert.equal(
      (await readFailure(reply(503, '', {'retry-after': '120'}))).advice,
      'The service is not available at present. Run the same command again in 120 seconds.',
    )
    assert.equal(
      (await readFailure(reply(503))).advice,
      'The service is not available at present. Run the same command again later.',
    )
    assert.equal(
      (await readFailure(reply(429, '', {'retry-after': '1'}))).advice,
      'Run the same command again in 1 second.',
    )
    assert.equal((await readFailure(reply(429))).advice, undefined)
  })

  it('is read no further than 64 KiB', async () => {
    let taken = 0
    const endless = new Readable({
      read() {
        taken += 16_384
        this.push(Buffer.alloc(16_384, 'x'))
      },
    })
    await readFailure(new Reply(500, new ReplyHeaders({}), endless))
    assert.ok(taken < 200_000, String(taken))
    assert.ok(endless.destroyed)
  })

  it('whose body breaks off still counts', async () => {
    const broken = new Readable({read: () => void broken.destroy(new Error('reset'))})
    assert.equal((await readFailure(new Reply(413, new ReplyHeaders({}), broken))).status, 413)
  })

  it('that is not JSON as expected says what it is', async () => {
    await assert.rejects(reply(200, '<html>Welcome').json(), (failure: Failure) => {
      assert.equal(failure.message, 'cannot parse the response of the service')
      assert.equal(failure.why, 'not JSON: "<html>Welcome"')
      return true
    })
  })
})
