/** Requests that the service refuses as a whole: text that cannot be stored, too many filters, unusual transfer codings. */
import assert from 'node:assert/strict'
import {exchange, RawConnection} from '../../support/http/raw-http.js'
import {startService, type TestService} from '../../support/test-service.js'

const ID = '00000001-0000-4000-8000-000000000000'
const IMAGE = `x-image-meta-id: ${ID}\r\nx-image-meta-disk_format: raw\r\nx-image-meta-container_format: bare\r\n`

function request(line: string, body = '', more = ''): string {
  const length = body === '' ? '' : `Content-Length: ${body.length}\r\n`
  return `${line} HTTP/1.1\r\nHost: localhost\r\n${more}${length}\r\n${body}`
}

describe('member ids that cannot be', () => {
  let service: TestService
  before(async () => {
    service = await startService()
    await exchange(service.port, request('POST /v1/images', '', IMAGE))
    await exchange(service.port, request(`PUT /v1/images/${ID}/members/bob`))
  })
  after(() => service.close())

  const cases: readonly (readonly [string, string, string])[] = [
    ['too long', `PUT /v1/images/${ID}/members/${'m'.repeat(256)}`, ''],
    ['empty', `PUT /v1/images/${ID}/members`, '{"memberships":[{"member_id":"x"},{"member_id":""}]}'],
  ]
  for (const [what, line, body] of cases) {
    it(`${what} are refused, and nothing changes`, async () => {
      const answer = await exchange(service.port, request(line, body))
      assert.equal(answer.status, 400)
      assert.match(answer.body.toString(), /Invalid membership association: 'member_id'/)
      const {body: members} = await exchange(service.port, request(`GET /v1/images/${ID}/members`))
      assert.equal(members.toString(), '{"members":[{"member_id":"bob","can_share":false}]}')
    })
  }
})

describe('a list with very many filters', () => {
  let service: TestService
  before(async () => {
    service = await startService()
  })
  after(() => service.close())

  const list = (count: number) => {
    const filters = Array.from({length: count}, (_, n) => `property-p${n}=v`)
    return exchange(service.port, request(`GET /v1/images?${filters.join('&')}`))
  }

  it('may have 128 of properties', async () => {
    const answer = await list(128)
    assert.equal(answer.status, 200)
    assert.equal(answer.body.toString(), '{"images":[]}')
  })

  for (const count of [129, 1000]) {
    it(`is refused with ${count} of properties`, async () => {
      const answer = await list(count)
      assert.equal(answer.status, 400)
      assert.match(answer.body.toString(), /at most 128 properties/)
      assert.deepEqual(service.warnings, [])
    })
  }
})

describe('a body in a transfer coding', () => {
  let service: TestService
  before(async () => {
    service = await startService()
  })
  after(() => service.close())

  const DATA = `${IMAGE}Content-Type: application/octet-stream\r\n`
  const CHUNKS = '3\r\nabc\r\n0\r\n\r\n'
  const cases: readonly (readonly [string, string, number])[] = [
    ['gzip', 'abc', 400],
    ['chunked, gzip', CHUNKS, 400],
    ['identity', 'abc', 400],
    ['gzip, chunked', CHUNKS, 501],
    ['Chunked', CHUNKS, 201],
  ]
  for (const [coding, body, status] of cases) {
    it(`'${coding}' is answered with ${status}`, async () => {
      const client = new RawConnection(service.port)
      await client.write(
        `${request('POST /v1/images', '', `${DATA}Transfer-Encoding: ${coding}\r\n`)}${body}`,
      )
      const answer = await client.answer()
      client.close()
      assert.equal(answer?.status, status, answer?.body.toString())
      assert.deepEqual(await service.listStored(), status === 201 ? [ID] : [])
    })
  }
})
