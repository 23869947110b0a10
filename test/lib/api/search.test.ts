/** Searches based on lists: the queries that each version of the API sends, and the notes on omitted images. */
import assert from 'node:assert/strict'
import {Readable} from 'node:stream'
import {FeatureLevel} from '../../../src/lib/api/feature-level.js'
import type {ImageApi} from '../../../src/lib/api/image-api.js'
import {V1Api} from '../../../src/lib/api/v1/v1-api.js'
import {V2Api} from '../../../src/lib/api/v2/v2-api.js'
import {Reply, ReplyHeaders, type Send} from '../../../src/lib/http/message.js'

interface ListedImage {
  readonly id: string
  readonly name?: string
  readonly owner?: string
  readonly visibility?: string
}

/** Answers each request with the next of these pages, then with empty ones, and records the queries. */
function serveList(pages: readonly (readonly ListedImage[])[], next?: string, level = new FeatureLevel()) {
  const queries: string[] = []
  const left = [...pages]
  const send: Send = async ({url}) => {
    queries.push(decodeURIComponent(new URL(url).search))
    const images = left.shift() ?? []
    const body = JSON.stringify({images, ...(left.length > 0 && {next})})
    return new Reply(200, new ReplyHeaders({}), Readable.from([Buffer.from(body)]))
  }
  return {
    queries,
    v1: new V1Api('http://h', send),
    v2: new V2Api('http://h', send, {externalSend: send, level}),
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

const ids = (images: readonly {readonly id: string}[]) => images.map(({id}) => id)

describe('a search by name', () => {
  it('is one list of public and other images in version 1', async () => {
    const {v1, queries} = serveList([
      [
        {id: '1', name: 'a'},
        {id: '2', name: 'A'},
        {id: '3', name: 'a'},
      ],
    ])
    assert.deepEqual(ids(await v1.findByName('a')), ['1', '3'])
    assert.deepEqual(queries, ['?is_public=none&name=a&limit=10'])
  })

  it('ends with the first list that has a match in version 2', async () => {
    const {v2, queries} = serveList([[{id: '1', name: 'A'}], [{id: '2', name: 'a'}]])
    assert.deepEqual(ids(await v2.findByName('a')), ['2'])
    assert.deepEqual(queries, ['?name=a&limit=10', '?os_hidden=true&name=a&limit=10'])
  })

  it('begins with the images shared with the caller when asked to, and ends with those of the community', async () => {
    const {v2, queries} = serveList([])
    assert.deepEqual(await v2.findByName('a', true), [])
    assert.deepEqual(queries, [
      '?member_status=all&name=a&visibility=shared&limit=10',
      '?member_status=all&os_hidden=true&name=a&visibility=shared&limit=10',
      '?name=a&limit=10',
      '?os_hidden=true&name=a&limit=10',
      '?name=a&visibility=community&limit=10',
    ])
  })
})

describe('a search by digest', () => {
  const digests = {md5: 'm', sha512: 's', sha256: 'x'}

  it('is a search by size in version 1', async () => {
    const {v1, queries} = serveList([[{id: '1'}]])
    assert.deepEqual(ids(await collect(v1.findByDigest({size: 5, digests}))), ['1'])
    assert.deepEqual(queries, [
      '?is_public=none&size_min=5&size_max=5&limit=500',
      '?is_public=none&size_min=5&size_max=5&limit=500&marker=1',
    ])
    await collect(v1.findByDigest({size: undefined, digests}))
    assert.equal(queries.at(-1), '?is_public=none&limit=500')
  })

  it('is by the MD5, then by the default hash in version 2, over all pages, and ends with hidden images', async () => {
    const {v2, queries} = serveList([[{id: '1'}], [{id: '2'}]], '/v2/images?marker=1')
    assert.deepEqual(ids(await collect(v2.findByDigest({size: 5, digests}))), ['1', '2'])
    assert.deepEqual(queries, [
      '?checksum=m&visibility=all&limit=500',
      '?checksum=m&visibility=all&limit=500&marker=1',
      '?os_hash_value=s&visibility=all&limit=500',
      '?checksum=m&os_hidden=true&visibility=all&limit=500',
      '?os_hash_value=s&os_hidden=true&visibility=all&limit=500',
    ])
  })
})

describe('the images of a project', () => {
  it('are filtered out of all images in version 1', async () => {
    const {v1, queries} = serveList([
      [
        {id: '1', owner: 'p'},
        {id: '2', owner: 'q'},
      ],
    ])
    assert.deepEqual((await collect(v1.ownImages('p'))).flatMap(ids), ['1'])
    assert.deepEqual(queries, ['?is_public=none&limit=100', '?is_public=none&limit=100&marker=2'])
  })

  it('are one list of visible and one of hidden images in version 2', async () => {
    const {v2, queries} = serveList([])
    await collect(v2.ownImages('p'))
    await collect(v2.ownImages(undefined))
    assert.deepEqual(queries, [
      '?owner=p&visibility=all&limit=100',
      '?owner=p&os_hidden=true&visibility=all&limit=100',
      '?visibility=all&limit=100',
      '?os_hidden=true&visibility=all&limit=100',
    ])
  })

  it('include each community image once where there is no list of all images', async () => {
    const own = {id: '2', visibility: 'community'}
    const other = {id: '1', visibility: 'private'}
    // Some services ignore the filter.
    const pages = [
      [other, own],
      [other, own, {id: '3', visibility: 'community'}],
    ]
    const {v2, queries} = serveList(pages, undefined, new FeatureLevel(5))
    assert.deepEqual((await collect(v2.ownImages(undefined))).flatMap(ids), ['1', '2', '3'])
    assert.deepEqual(queries, ['?limit=100', '?visibility=community&limit=100'])
  })

  it('continue after the last image that still exists', async () => {
    const page = ['1', '2', '3'].map(id => ({id, owner: 'p'}))
    const {v2, queries} = serveList([page, [{id: '4', owner: 'p'}]], '/v2/images?marker=3')
    await collect(v2.ownImages('p', ({id}) => id === '2'))
    assert.match(queries[1] ?? '', /&marker=2$/)
  })

  it('may come again while the marker stays, and fail when it has moved', async () => {
    const page = [{id: '1', owner: 'p'}]
    const gone = serveList([page, page, []], '/v2/images?marker=1')
    assert.deepEqual((await collect(gone.v2.ownImages('p', () => false))).flatMap(ids), ['1', '1'])
    const {v2} = serveList([page, page], '/v2/images?marker=1')
    await assert.rejects(collect(v2.ownImages('p')), {why: 'the service returned the same page again'})
  })
})

describe('notes on lists', () => {
  const {v1, v2} = serveList([])
  const cases: [ImageApi, Parameters<ImageApi['explainList']>[0], ReturnType<ImageApi['explainList']>][] = [
    [v1, {}, {ifEmpty: 'no public image matches; is_public=none lists private ones too'}],
    [v1, {isPublic: 'any', changesSince: '2026-01-01'}, {}],
    [v2, {}, {}],
    [v2, {changesSince: '2026-01-01'}, {always: 'version 2 of the Image API never lists deleted images'}],
  ]
  for (const [api, filters, notes] of cases) {
    it(`version ${api.version}: ${JSON.stringify(filters)}`, () => {
      assert.deepEqual(api.explainList(filters), notes)
    })
  }
})
