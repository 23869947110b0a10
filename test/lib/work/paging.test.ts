/** Paging: which pages are fetched, when the user is asked, and when a list ends. */
import assert from 'node:assert/strict'
import {subscribe, unsubscribe} from 'node:diagnostics_channel'
import {openImageApi} from '../../../src/lib/api/open-api.js'
import type {Page} from '../../../src/lib/model/image.js'
import type {ListQuery} from '../../../src/lib/model/list-query.js'
import {fetchPages, type PagingOptions} from '../../../src/lib/work/paging.js'
import {startService} from '../../support/test-service.js'

/** A service with `count` images, which records its queries. */
function createService(count: number) {
  const queries: ListQuery[] = []
  const fetch = async (query: ListQuery): Promise<Page<{readonly id: string}>> => {
    queries.push(query)
    const start = query.marker === undefined ? 0 : Number(query.marker)
    const images = Array.from({length: Math.min(query.limit ?? 25, count - start)}, (_, i) => ({
      id: String(start + i + 1),
    }))
    const next = start + images.length < count ? String(start + images.length) : undefined
    return {images, next}
  }
  return {fetch, queries}
}

async function pages(count: number, options: Partial<PagingOptions<{readonly id: string}>> = {}, limit = 3) {
  const {fetch, queries} = createService(count)
  const all: (readonly number[])[] = []
  for await (const page of fetchPages({fetch, query: {limit}, ...options}))
    all.push(page.map(({id}) => Number(id)))
  return {all, fetched: queries.length, queries}
}

describe('paging', () => {
  it('yields nothing for an empty list', async () => assert.deepEqual((await pages(0)).all, []))

  it('yields every page', async () => {
    assert.deepEqual((await pages(7)).all, [[1, 2, 3], [4, 5, 6], [7]])
  })

  it('ends after the limit, and requests no more images than that', async () => {
    const {all, queries} = await pages(9, {maxItems: 4})
    assert.deepEqual(all, [[1, 2, 3], [4]])
    assert.deepEqual(
      queries.map(({limit, marker}) => [limit, marker]),
      [
        [3, undefined],
        [1, '3'],
      ],
    )
  })

  it('starts after the marker', async () => {
    assert.deepEqual((await pages(5, {query: {limit: 3, marker: '4'}})).all, [[5]])
  })

  it('asks between full pages and stops at a no', async () => {
    const answers = [true, false]
    const {all, fetched} = await pages(20, {
      askForNext: async () => answers.shift() ?? assert.fail('asked too often'),
    })
    assert.deepEqual(all, [
      [1, 2, 3],
      [4, 5, 6],
    ])
    assert.equal(fetched, 2)
  })

  it('does not ask after the last page', async () => {
    const {all} = await pages(3, {askForNext: async () => assert.fail('asked')})
    assert.deepEqual(all, [[1, 2, 3]])
  })

  it('does not ask when the list ends by itself', async () => {
    const {all} = await pages(9, {maxItems: 3, askForNext: async () => assert.fail('asked')})
    assert.deepEqual(all, [[1, 2, 3]])
  })

  it('ends with an error before a page that comes again', async () => {
    const answers: Page<{readonly id: string}>[] = ['a', 'b', 'a'].map(id => ({images: [{id}], next: id}))
    const seen: string[] = []
    const read = async () => {
      const fetch = async () => answers.shift() ?? assert.fail('fetched too often')
      for await (const page of fetchPages({fetch, query: {limit: 1}})) seen.push(...page.map(({id}) => id))
    }
    await assert.rejects(read, {
      message: 'the list is not complete',
      why: 'the service returned the same page again',
      exitCode: 1,
    })
    assert.deepEqual(seen, ['a', 'b'])
  })

  it('requests one page ahead of the reader', async () => {
    const {fetch, queries} = createService(100)
    for await (const _ of fetchPages({fetch, query: {limit: 10}})) break
    assert.equal(queries.length, 2)
  })

  it('requests no page ahead of a question', async () => {
    const {fetch, queries} = createService(100)
    const askForNext = async () => assert.fail('asked')
    for await (const _ of fetchPages({fetch, query: {limit: 10}, askForNext})) break
    assert.equal(queries.length, 1)
  })

  it('yields a page before the failure of the next one', async () => {
    const {fetch} = createService(100)
    const failing = async (query: ListQuery) => {
      if (query.marker !== undefined) throw new Error('no next page')
      return fetch(query)
    }
    const seen: string[] = []
    await assert.rejects(
      async () => {
        for await (const page of fetchPages({fetch: failing, query: {limit: 2}}))
          seen.push(...page.map(({id}) => id))
      },
      {message: 'no next page'},
    )
    assert.deepEqual(seen, ['1', '2'])
  })

  it('ignores the failure of a page that nothing reads', async () => {
    const {fetch} = createService(100)
    const failing = async (query: ListQuery) => {
      if (query.marker !== undefined) throw new Error('no next page')
      return fetch(query)
    }
    for await (const _ of fetchPages({fetch: failing, query: {limit: 2}})) break
    // An unhandled rejection would be reported at the end of this turn.
    await new Promise(setImmediate)
  })

  for (const version of [1, 2] as const)
    it(`sends the request for the next page before a page is read, on version ${version}`, async () => {
      const service = await startService()
      const api = await openImageApi({url: service.url, version})
      let sent = 0
      const count = () => void sent++
      try {
        for (let n = 0; n < 5; n++)
          await api.add({
            name: `i${n}`,
            diskFormat: 'raw',
            containerFormat: 'bare',
            isPublic: true,
            properties: {},
          })
        subscribe('undici:client:sendHeaders', count)
        const seen: number[] = []
        const sort = [{key: 'name' as const, direction: 'asc' as const}]
        const options = {fetch: (query: ListQuery) => api.details(query), query: {limit: 2, sort}}
        for await (const _ of fetchPages(options)) seen.push(sent)
        assert.deepEqual(seen.slice(0, 2), [2, 3])
      } finally {
        unsubscribe('undici:client:sendHeaders', count)
        await api.close()
        await service.close()
      }
    })
})
