/** Which version of the API is spoken, from what a service answers. */
import assert from 'node:assert/strict'
import nock from 'nock'
import {type ImageApiOptions, openImageApi} from '../../../src/lib/api/open-api.js'
import {RetryPolicy} from '../../../src/lib/http/retry/retry-policy.js'
import {failureKind} from '../../support/failure.js'
import {html} from '../../support/html.js'
import {NockDispatcher, useNock} from '../../support/nock-dispatcher.js'
import {serveSockets} from '../../support/serve.js'

const url = 'http://127.0.0.1:9292/image'

const versions = (...ids: string[]) => ({
  versions: ids.map(id => ({id, status: 'SUPPORTED', links: [{rel: 'self', href: 'http://elsewhere/v2/'}]})),
})

const opened = async (connection: Partial<ImageApiOptions> = {}) => {
  const api = await openImageApi({
    url,
    retryPolicy: new RetryPolicy({retries: 0}),
    dispatcher: new NockDispatcher(),
    ...connection,
  })
  return api.version
}

describe('the version of the API', () => {
  useNock()

  const cases: [string, number, string[], 1 | 2 | undefined, 1 | 2][] = [
    ['the newest that both sides know', 300, ['v2.16', 'v2.15', 'v2.0', 'v1.1', 'v1.0'], undefined, 2],
    ['the only one there is', 300, ['v1.1', 'v1.0'], undefined, 1],
    ['not one that we do not know', 200, ['v3.0', 'v2.0'], undefined, 2],
    ['the one in the address', 300, ['v2.16', 'v1.1'], 1, 1],
    ['another when the one in the address is not there', 300, ['v2.16'], 1, 2],
  ]
  for (const [name, status, ids, preferred, version] of cases) {
    it(`is ${name}`, async () => {
      nock(url)
        .get('/')
        .reply(status, versions(...ids))
      const told: number[] = []
      const notes: string[] = []
      const note = (text: string) => notes.push(text)
      assert.equal(await opened({preferred, note, rememberVersion: found => told.push(found)}), version)
      assert.deepEqual(told, [version])
      const another = 'this service has no version 1 of the Image API; using version 2'
      assert.deepEqual(notes, preferred && version !== preferred ? [another] : [])
    })
  }

  it('is not asked for when it is known, or version 2 is in the address', async () => {
    assert.equal(await opened({version: 1}), 1)
    assert.equal(await opened({version: 2}), 2)
    assert.equal(await opened({preferred: 2}), 2)
  })

  it('is told by the answer to a list where the root says nothing', async () => {
    const quiet: [number, nock.Body][] = [
      [404, html('404 Not Found', 'The resource could not be found.')],
      [200, '<html>Welcome to nginx!</html>'],
      [401, ''],
    ]
    for (const [status, body] of quiet) {
      for (const [answer, version] of [
        [200, 2],
        [401, 2],
        [404, 1],
      ] as const) {
        nock(url).get('/').reply(status, body)
        nock(url).get('/v2/images?limit=1').reply(answer, '{}')
        assert.equal(await opened(), version)
      }
      nock(url).get('/').reply(status, body)
      nock(url).get('/v2/images?limit=1').reply(300, versions('v1.0'))
      assert.equal(await opened(), 1)
    }
  })

  it('is the one in the address where the root says nothing', async () => {
    for (const [answer, version] of [
      [200, 1],
      [401, 1],
      [404, 2],
    ] as const) {
      nock(url).get('/').reply(403, '<html>Forbidden</html>')
      nock(url).get('/v1/images?limit=1').reply(answer, '{}')
      assert.equal(await opened({preferred: 1}), version)
    }
    nock(url).get('/').reply(500, '')
    nock(url).get('/v1/images?limit=1').reply(300, versions('v2.0'))
    assert.equal(await opened({preferred: 1}), 2)
  })

  it('is none when the service has others', async () => {
    nock(url).get('/').reply(300, versions('v3.0'))
    await assert.rejects(opened(), failureKind('failed', /^it has v3; this tool supports v1 and v2$/))
    nock(url).get('/').reply(300, versions())
    await assert.rejects(opened(), failureKind('failed', /^it has none;/))
  })

  it('cannot be told while the service fails for a time', async () => {
    nock(url).get('/').reply(503, '')
    await assert.rejects(opened(), failureKind('unavailable'))
  })
})

describe('the version of a service that is not there', () => {
  it('is a failure to reach it', async () => {
    const server = await serveSockets(() => {})
    await server.close()
    await assert.rejects(
      openImageApi({url: server.url, retryPolicy: new RetryPolicy({retries: 0})}),
      failureKind('unavailable', /^connection refused$/),
    )
  })
})
