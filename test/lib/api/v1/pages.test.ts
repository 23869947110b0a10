/** Lists of servers that limit the page size to an undocumented cap. */
import assert from 'node:assert/strict'
import {Readable} from 'node:stream'
import {V1Api} from '../../../../src/lib/api/v1/v1-api.js'
import {Reply, ReplyHeaders} from '../../../../src/lib/http/message.js'

/** A server with `total` images and a page cap, which counts its requests. */
function serveCapped(total: number, cap: number): {api: V1Api; requests(): number} {
  let requests = 0
  const ids = Array.from({length: total}, (_, n) => String(total - n))
  const api = new V1Api('http://h', async ({url}) => {
    requests += 1
    const query = new URL(url).searchParams
    const begin = query.has('marker') ? ids.indexOf(query.get('marker') ?? '') + 1 : 0
    const size = Math.min(cap, Number(query.get('limit') ?? 25))
    const images = ids.slice(begin, begin + size).map(id => ({id: Number(id)}))
    return new Reply(200, new ReplyHeaders({}), Readable.from([Buffer.from(JSON.stringify({images}))]))
  })
  return {api, requests: () => requests}
}

describe('pages of version 1', () => {
  const cases: [total: number, cap: number, limit: number | undefined, requests: number][] = [
    [0, 1000, 100, 1],
    [7, 1000, 100, 2],
    [7, 1000, undefined, 2],
    [25, 10, undefined, 4],
    [100, 1000, 100, 2],
    [101, 1000, 100, 3],
    [10, 1000, 5, 3],
    [11, 1000, 5, 4],
    [91, 30, 100, 5],
    [2500, 1000, 5000, 4],
  ]
  for (const [total, cap, limit, expected] of cases) {
    it(`${total} images, a cap of ${cap}, asked for ${limit}: ${expected} requests`, async () => {
      const {api, requests} = serveCapped(total, cap)
      const seen: string[] = []
      let marker: string | undefined
      do {
        const page = await api.index({limit, marker})
        seen.push(...page.images.map(({id}) => id))
        marker = page.next
      } while (marker !== undefined)
      assert.equal(seen.length, total)
      assert.equal(new Set(seen).size, total)
      assert.equal(requests(), expected)
    })
  }

  it('end with an error when a server ignores the marker', async () => {
    const api = new V1Api('http://h', async () => {
      const images = [{id: 2}, {id: 1}]
      return new Reply(200, new ReplyHeaders({}), Readable.from([Buffer.from(JSON.stringify({images}))]))
    })
    const seen: string[] = []
    await assert.rejects(
      async () => {
        for await (const {id} of api.findByDigest({size: 1, digests: {}})) seen.push(id)
      },
      {why: 'the service returned the same page again'},
    )
    assert.deepEqual(seen, ['2', '1'])
  })
})
