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

  it('that asks the client to wait says for how long', async () => {
    assert.equal(
      (await readFailure(reply(503, '', {'retry-after': '120'}))).advice,
      'Try again in 120 seconds.',
    )
    assert.equal((await readFailure(reply(503))).advice, 'Try again later.')
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
