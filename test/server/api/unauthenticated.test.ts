/** Requests without a token: refused before anything of them is read or looked at. */
import assert from 'node:assert/strict'
import {exchange} from '../../support/http/raw-http.js'
import {startService, type TestService} from '../../support/test-service.js'

const ID = '00000001-0000-4000-8000-000000000000'
/** Parsed, this would be an error of its own. */
const NESTED = '['.repeat(100_000)

describe('requests without a token', () => {
  let service: TestService
  before(async () => {
    service = await startService({auth: 'fake', showLocations: true})
  })
  after(() => service.close())

  for (const line of [
    `PUT /v1/images/${ID}`,
    `DELETE /v1/images/${ID}`,
    `PUT /v1/images/${ID}/members`,
    `PUT /v1/images/${ID}/members/beta`,
    `DELETE /v1/images/${ID}/members/beta`,
    'POST /v1/images',
    'POST /v2/images',
    `PATCH /v2/images/${ID}`,
    `PUT /v2/images/${ID}/file`,
    `PUT /v2/images/${ID}/stage`,
    `PUT /v2/images/${ID}/tags/${'t'.repeat(300)}`,
    `POST /v2/images/${ID}/import`,
    `POST /v2/images/${ID}/locations`,
    `POST /v2/images/${ID}/members`,
    `PUT /v2/images/${ID}/members/beta`,
    `GET /v2/images/${ID}/tasks?limit=x`,
    'GET /v2/tasks?limit=x',
    'GET /v2/images?limit=x',
    'GET /v1/images?limit=x',
    'GET /v2/schemas/nosuch',
  ]) {
    it(`${line.slice(0, 80)} are answered with 401`, async () => {
      const head = `${line} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x\r\n`
      const answer = await exchange(
        service.port,
        `${head}Content-Length: ${NESTED.length}\r\n\r\n${line.startsWith('GET') ? '' : NESTED}`,
      )
      assert.equal(answer.status, 401)
    })
  }
})
