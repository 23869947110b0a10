/** The choice of the version of the API from the responses of a service. */
import assert from 'node:assert/strict'
import nock from 'nock'
import type {FoundVersion} from '../../../src/lib/api/discovery.js'
import {type ImageApiOptions, openImageApi} from '../../../src/lib/api/open-api.js'
import {RetryPolicy} from '../../../src/lib/http/retry/retry-policy.js'
import {failureKind} from '../../support/failure.js'
import {html} from '../../support/html.js'
import {NockDispatcher, useNock} from '../../support/http/nock-dispatcher.js'
import {serveSockets} from '../../support/http/serve.js'

const url = 'http://127.0.0.1:9292/image'

const versions = (...ids: string[]) => ({
  versions: ids.map(id => ({id, status: 'SUPPORTED', links: [{rel: 'self', href: 'http://elsewhere/v2/'}]})),
})

const openVersion = async (connection: Partial<ImageApiOptions> = {}) => {
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

  const cases: [string, number, string[], 1 | 2 | undefined, 1 | 2, number][] = [
    ['the newest that both sides support', 300, ['v2.9', 'v2.16', 'v2.0', 'v1.1', 'v1.0'], undefined, 2, 16],
    ['the only one', 300, ['v1.1', 'v1.0'], undefined, 1, 1],
    ['not an unsupported one', 200, ['v3.0', 'v2.0'], undefined, 2, 0],
    ['the one in the address', 300, ['v2.16', 'v1.1'], 1, 1, 1],
    ['another when the one in the address is missing', 300, ['v2.16'], 1, 2, 16],
  ]
  for (const [name, status, ids, preferred, version, minor] of cases) {
    it(`is ${name}`, async () => {
      nock(url)
        .get('/')
        .reply(status, versions(...ids))
      const remembered: FoundVersion[] = []
      const notes: string[] = []
      const note = (text: string) => notes.push(text)
      assert.equal(
        await openVersion({preferred, note, rememberVersion: found => remembered.push(found)}),
        version,
      )
      assert.deepEqual(remembered, [{major: version, minor}])
      const another = 'this service has no version 1 of the Image API; using version 2'
      assert.deepEqual(notes, preferred && version !== preferred ? [another] : [])
    })
  }

  it('is not requested when it is known, or version 2 is in the address', async () => {
    assert.equal(await openVersion({version: 1}), 1)
    assert.equal(await openVersion({version: 2}), 2)
    assert.equal(await openVersion({preferred: 2}), 2)
  })

  it('is found by a list request when the root document does not say it', async () => {
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
        assert.equal(await openVersion(), version)
      }
      nock(url).get('/').reply(status, body)
      nock(url).get('/v2/images?limit=1').reply(300, versions('v1.0'))
      assert.equal(await openVersion(), 1)
    }
  })

  it('is the one in the address when the root document does not say it', async () => {
    for (const [answer, version] of [
      [200, 1],
      [401, 1],
      [404, 2],
    ] as const) {
      nock(url).get('/').reply(403, '<html>Forbidden</html>')
      nock(url).get('/v1/images?limit=1').reply(answer, '{}')
      assert.equal(await openVersion({preferred: 1}), version)
    }
    nock(url).get('/').reply(500, '')
    nock(url).get('/v1/images?limit=1').reply(300, versions('v2.0'))
    assert.equal(await openVersion({preferred: 1}), 2)
  })

  it('fails when the service has only other versions', async () => {
    nock(url).get('/').reply(300, versions('v3.0'))
    await assert.rejects(openVersion(), failureKind('failed', /^it has v3; this tool supports v1 and v2$/))
    nock(url).get('/').reply(300, versions())
    await assert.rejects(openVersion(), failureKind('failed', /^it has none;/))
  })

  it('is unknown while the service is temporarily unavailable', async () => {
    nock(url).get('/').reply(503, '')
    await assert.rejects(openVersion(), failureKind('unavailable'))
  })
})

describe('the version of an unreachable service', () => {
  it('fails as unavailable', async () => {
    const server = await serveSockets(() => {})
    await server.close()
    await assert.rejects(
      openImageApi({url: server.url, retryPolicy: new RetryPolicy({retries: 0})}),
      failureKind('unavailable', /^connection refused$/),
    )
  })
})
