/** Reading data on API v1 by a cache that may have it already. */
import assert from 'node:assert/strict'
import {startService, type TestService} from '../../support/test-service.js'

const ID = '00000001-0000-4000-8000-000000000000'
/** MD5 of `abc`. */
const ETAG = '900150983cd24fb0d6963f7d28e17f72'
const META = {
  'content-type': 'application/octet-stream',
  'x-image-meta-id': ID,
  'x-image-meta-disk_format': 'raw',
  'x-image-meta-container_format': 'bare',
}

describe('If-None-Match', () => {
  let service: TestService
  before(async () => {
    service = await startService()
    const added = await fetch(`${service.url}/v1/images`, {method: 'POST', headers: META, body: 'abc'})
    assert.equal(added.headers.get('etag'), ETAG)
    await fetch(`${service.url}/v1/images/${ID}`, {method: 'PUT', headers: {'x-image-meta-name': 'new'}})
  })
  after(() => service.close())

  const read = (tags: string) => fetch(`${service.url}/v1/images/${ID}`, {headers: {'if-none-match': tags}})

  for (const tags of [ETAG, `"${ETAG}"`, `"other", W/"${ETAG}"`, '*']) {
    it(`with ${tags} gets the metadata alone`, async () => {
      const reply = await read(tags)
      assert.deepEqual([reply.status, await reply.text()], [304, ''])
      assert.equal(reply.headers.get('etag'), ETAG)
      assert.equal(reply.headers.get('x-image-meta-name'), 'new')
    })
  }

  for (const tags of ['"900150983cd24fb0"', '""', 'other']) {
    it(`with ${tags} gets the data`, async () => {
      const reply = await read(tags)
      assert.deepEqual([reply.status, await reply.text()], [200, 'abc'])
    })
  }

  it('does not replace the right to download', async () => {
    const other = await startService({auth: 'fake'})
    const url = `${other.url}/v1/images`
    await fetch(url, {method: 'POST', headers: {...META, 'x-auth-token': 'ann:alpha:member'}, body: 'abc'})
    const asked = {'x-auth-token': 'bob:alpha:reader', 'if-none-match': ETAG}
    assert.equal((await fetch(`${url}/${ID}`, {headers: asked})).status, 403)
    await other.close()
  })
})
