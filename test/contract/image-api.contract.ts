/** The contract of every `ImageApi`, with an empty service that permits everything. */
import assert from 'node:assert/strict'
import {randomUUID} from 'node:crypto'
import {Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import type {ImageApi} from '../../src/lib/api/image-api.js'
import type {Draft} from '../../src/lib/model/draft.js'
import type {Image, ImageSummary, Member, Page} from '../../src/lib/model/image.js'
import type {ListQuery} from '../../src/lib/model/list-query.js'
import {file, pipe} from '../support/data.js'
import {failureKind} from '../support/failure.js'

export interface ApiUnderTest {
  readonly api: ImageApi
  /** True if its texts end at U+FFFF, and other characters are refused with an error. */
  readonly withoutEmoji?: boolean
  close(): Promise<void>
}

const UNKNOWN = '99999999-0000-4000-8000-000000000000'
const HELLO_MD5 = '5eb63bbbe01eeed093cb22bb8f5acdc3'

/** Images of every owner. */
const ALL = {isPublic: 'any'} as const

/** @param open returns an API of a service without images */
export function imageApiContract(name: string, open: () => Promise<ApiUnderTest>): void {
  describe(`image API: ${name}`, () => {
    let api: ImageApi
    let close: () => Promise<void>
    let withoutEmoji = false

    beforeEach(async () => {
      const opened = await open()
      api = opened.api
      withoutEmoji = opened.withoutEmoji === true
      close = () => opened.close()
    })
    afterEach(() => close())

    const formats = {diskFormat: 'raw', containerFormat: 'bare'}
    const draft = (given: Partial<Draft> = {}): Draft => ({
      ...formats,
      isPublic: true,
      properties: {},
      ...given,
    })

    describe('add', () => {
      it('stores data whose length is known', async () => {
        const image = await api.add(draft({name: 'hello'}), file('hello world'))
        assert.deepEqual([image.status, image.size, image.checksum], ['active', 11, HELLO_MD5])
        assert.equal((await buffer((await api.download(image.id)).data)).toString(), 'hello world')
      })

      it('stores data from a pipe', async () => {
        const image = await api.add(draft(), pipe('hello', ' ', 'world'))
        assert.deepEqual([image.status, image.size, image.checksum], ['active', 11, HELLO_MD5])
      })

      it('stores empty data', async () => {
        for (const data of [file(''), pipe()]) {
          const image = await api.add(draft(), data)
          assert.deepEqual([image.status, image.size], ['active', 0])
          assert.equal((await buffer((await api.download(image.id)).data)).length, 0)
        }
      })

      it('stores more than fits into memory buffers, byte for byte', async () => {
        const size = 20 * 1024 * 1024
        const chunks = Array.from({length: 20}, (_, n) => Buffer.alloc(1024 * 1024, n))
        const data = {size, repeatable: false, open: () => Readable.from(chunks)}
        const image = await api.add(draft(), data)
        assert.equal(image.size, size)
        assert.ok((await buffer((await api.download(image.id)).data)).equals(Buffer.concat(chunks)))
      })

      it('registers an image without data', async () => {
        const image = await api.add(draft({name: 'later'}))
        assert.deepEqual([image.status, image.checksum], ['queued', null])
        const missing = api.version === 1 ? 'not-found' : 'conflict'
        await assert.rejects(async () => (await api.download(image.id)).data.resume(), failureKind(missing))
      })

      it('returns every field', async () => {
        const given = {name: 'n', isPublic: true, protected: false, minRam: 512, minDisk: 10, ...formats}
        const image = await api.add({...given, properties: {distro: 'ubuntu', arch: 'x86_64'}})
        const {name, isPublic, protected: kept, minRam, minDisk, diskFormat, containerFormat} = image
        assert.deepEqual(
          {name, isPublic, protected: kept, minRam, minDisk, diskFormat, containerFormat},
          given,
        )
        assert.deepEqual(image.properties, {distro: 'ubuntu', arch: 'x86_64'})
        assert.equal(new URL(image.uri).origin, new URL(api.url).origin)
        assert.deepEqual({...image, ...(await api.show(image.id))}, image)
      })

      it('accepts an id once', async () => {
        const id = randomUUID()
        assert.equal((await api.add(draft({id}))).id, id)
        await assert.rejects(api.add(draft({id})), failureKind('conflict'))
      })

      it('refuses data of another size or checksum than announced', async () => {
        await assert.rejects(api.add(draft({size: 10}), file('abc')), failureKind('unverified'))
        await assert.rejects(api.add(draft({size: 10}), pipe('abc')), failureKind('unverified'))
        await assert.rejects(
          api.add(draft({checksum: '0'.repeat(32)}), file('hello world')),
          failureKind('unverified'),
        )
        const right = draft({size: 11, checksum: HELLO_MD5.toUpperCase()})
        assert.equal((await api.add(right, pipe('hello world'))).status, 'active')
      })

      it('refuses what the service cannot understand', async () => {
        await assert.rejects(api.add(draft({diskFormat: 'floppy'})), failureKind('failed'))
      })

      it('does not complete an image whose source breaks', async () => {
        const createBrokenSource = () =>
          Readable.from(
            (async function* () {
              yield Buffer.alloc(100_000)
              throw new Error('the producer died')
            })(),
          )
        const adding = api.add(draft({name: 'broken'}), {repeatable: false, open: createBrokenSource})
        await assert.rejects(adding, failureKind('failed', /the producer died/))
        const images = (await api.details({name: 'broken'})).images
        const mayStay = api.version === 1 ? images.filter(image => image.status !== 'active') : []
        assert.deepEqual(images, mayStay)
      })
    })

    describe('text', () => {
      const texts = [
        'café',
        '日本 語',
        'Ελληνικά',
        '🦊',
        'a=b, "c"; <d> & e\\',
        'Ünïcödé',
        'None',
        'True',
        'ubuntu:22.04',
        'in:a,b',
        '%C3%A9',
      ]
      for (const text of texts) {
        it(`comes back as it was sent: ${text}`, async () => {
          const adding = api.add(draft({name: text, properties: {p: text}}))
          if (withoutEmoji && /[\u{10000}-\u{10ffff}]/u.test(text)) {
            await assert.rejects(adding, failureKind('failed', /4 byte/))
            return
          }
          const added = await adding
          const shown = await api.show(added.id)
          const listed = (await api.details({name: text})).images[0]
          for (const image of [added, shown, listed]) {
            assert.deepEqual([image?.name, image?.properties['p']], [text, text])
          }
        })
      }

      it('of members and filters needs no escaping by the caller', async () => {
        const {id} = await api.add(draft({name: 'a b&c=d+e%20/?#', isPublic: false}))
        const found = await api.index({...ALL, name: 'a b&c=d+e%20/?#'})
        assert.deepEqual(
          found.images.map(image => image.id),
          [id],
        )
        // Glance 25 stores a member outside ASCII, but does not find it by its path (wire/glance-25.md#member-names).
        const memberId = api.version === 1 ? 'te na?nt #1%20é' : 'te na?nt #1%20'
        await api.addMember(id, {memberId, canShare: false})
        assert.deepEqual(await listMembers(api, id), [{memberId, canShare: false}])
        await api.removeMember(id, memberId)
        assert.deepEqual(await api.members(id), [])
      })
    })

    describe('show, download and delete', () => {
      it('fail for an image that does not exist', async () => {
        await assert.rejects(api.show(UNKNOWN), failureKind('not-found'))
        await assert.rejects(api.download(UNKNOWN), failureKind('not-found'))
        await assert.rejects(api.delete(UNKNOWN), failureKind('not-found'))
        await assert.rejects(api.update(UNKNOWN, {properties: {}}), failureKind('not-found'))
        await assert.rejects(api.show('../images'), failureKind('not-found'))
      })

      it('delete removes from lists, once', async () => {
        const {id} = await api.add(draft())
        await api.delete(id)
        assert.deepEqual((await api.index(ALL)).images, [])
        await assert.rejects(api.delete(id), failureKind('not-found'))
      })

      it('delete keeps a protected image', async () => {
        const {id} = await api.add(draft({protected: true}))
        await assert.rejects(api.delete(id), failureKind('conflict', /protected/i))
        await api.update(id, {protected: false, properties: {}})
        await api.delete(id)
      })

      it('downloads the part that is asked for, or the whole', async () => {
        const {id} = await api.add(draft(), file('hello world'))
        for (const [range, part] of [
          [{first: 2, last: 4}, 'llo'],
          [{first: 6}, 'world'],
          [{first: 0, last: 0}, 'h'],
          [{first: 11}, undefined],
        ] as const) {
          const {data, from} = await api.download(id, {range})
          const text = (await buffer(data)).toString()
          if (from === undefined) assert.equal(text, 'hello world')
          else assert.deepEqual([from, text], [range.first, part])
          assert.ok(from !== undefined || api.version === 1 || part === undefined, 'version 2 gives parts')
        }
      })

      it('download may be abandoned', async () => {
        const {id} = await api.add(draft(), file('x'.repeat(5_000_000)))
        const {data} = await api.download(id)
        data.destroy()
        assert.equal((await api.show(id)).size, 5_000_000)
      })
    })

    describe('update', () => {
      it('changes what it names and keeps the rest, properties too', async () => {
        const {id} = await api.add(draft({name: 'before', minRam: 7, properties: {a: '1', b: '2'}}))
        const image = await api.update(id, {name: 'after', properties: {b: '3', c: '4'}})
        assert.deepEqual([image.name, image.minRam, image.isPublic], ['after', 7, true])
        assert.deepEqual(image.properties, {a: '1', b: '3', c: '4'})
        assert.deepEqual((await api.show(id)).properties, {a: '1', b: '3', c: '4'})
      })

      it('removes properties it does not name when purging', async () => {
        const {id} = await api.add(draft({properties: {a: '1', b: '2'}}))
        const image = await api.update(id, {properties: {b: '3'}}, {purgeProperties: true})
        assert.deepEqual(image.properties, {b: '3'})
      })

      it('sends the data of a queued image, and keeps or purges its properties', async () => {
        const kept = await api.add(draft({properties: {a: '1'}}))
        const filled = await api.update(kept.id, {properties: {b: '2'}}, {data: file('hello world')})
        assert.deepEqual([filled.status, filled.checksum], ['active', HELLO_MD5])
        assert.deepEqual(filled.properties, {a: '1', b: '2'})
        const {id} = await api.add(draft({properties: {a: '1'}}))
        const options = {data: pipe('hello world'), purgeProperties: true}
        const purged = await api.update(id, {properties: {b: '2'}}, options)
        assert.deepEqual([purged.status, purged.properties], ['active', {b: '2'}])
      })

      it('sends no data to an image that has some', async () => {
        const {id} = await api.add(draft(), file('abc'))
        await assert.rejects(api.update(id, {properties: {}}, {data: file('def')}), failureKind('conflict'))
        const big = {repeatable: false, open: () => Readable.from(generateEndlessly())}
        await assert.rejects(api.update(id, {properties: {}}, {data: big}), failureKind('conflict'))
        assert.equal((await buffer((await api.download(id)).data)).toString(), 'abc')
      })

      it('clears a name', async () => {
        const {id} = await api.add(draft({name: 'n'}))
        assert.equal((await api.update(id, {name: null, properties: {}})).name, null)
      })
    })

    describe('lists', () => {
      it('are empty, not an error, without images', async () => {
        assert.deepEqual(await api.index({}), {images: []})
        assert.deepEqual(await api.details({}), {images: []})
      })

      it('give the same fields as show', async () => {
        const {id} = await api.add(draft({name: 'n', properties: {p: 'v'}}), file('hello world'))
        const shown = await api.show(id)
        const [listed] = (await api.details({})).images
        assert.deepEqual({...listed, ...shown}, listed)
        const {uri, name, diskFormat, containerFormat, size, checksum, status} = shown
        assert.deepEqual((await api.index({})).images, [
          {
            id,
            uri,
            name,
            diskFormat,
            containerFormat,
            size,
            checksum,
            ...(api.version === 2 ? {status} : {}),
          },
        ])
      })

      it('are filtered, by fields and properties together', async () => {
        await api.add(draft({name: 'one', properties: {distro: 'ubuntu'}}), file('1'))
        const two = await api.add(draft({name: 'two', properties: {distro: 'ubuntu'}}), file('22'))
        await api.add(draft({name: 'two', properties: {distro: 'debian'}}), file('333'))
        const query = {name: 'two', sizeMin: 2, properties: {distro: 'ubuntu'}}
        assert.deepEqual(
          (await api.details(query)).images.map(image => image.id),
          [two.id],
        )
      })

      it('are sorted', async () => {
        for (const name of ['b', 'c', 'a']) await api.add(draft({name}))
        const names = async (query: ListQuery) => (await api.index(query)).images.map(image => image.name)
        assert.deepEqual(await names({sort: [{key: 'name', direction: 'asc'}]}), ['a', 'b', 'c'])
        assert.deepEqual(await names({sort: [{key: 'name', direction: 'desc'}]}), ['c', 'b', 'a'])
        await api.add(draft({name: 'b', diskFormat: 'qcow2'}))
        const sort = [
          {key: 'disk_format', direction: 'desc'},
          {key: 'name', direction: 'asc'},
        ] as const
        if (api.version === 2) assert.deepEqual(await names({sort}), ['a', 'b', 'c', 'b'])
        else await assert.rejects(names({sort}), {kind: 'usage', message: 'cannot sort by several keys'})
      })

      it('are compared by their times, in pages that miss nothing', async () => {
        for (const name of ['a', 'b', 'c', 'd', 'e']) await api.add(draft({name}))
        const past = {comparison: 'gt', time: '2020-01-01'} as const
        const future = {comparison: 'lt', time: '2999-01-01'} as const
        const within = {createdAt: [past, future], updatedAt: [future, past]}
        for (const list of [api.index.bind(api), api.details.bind(api)]) {
          const {ids} = await listAll(query => list({...query, ...within}), 2)
          assert.equal(new Set(ids).size, 5)
          assert.equal(ids.length, 5)
          assert.deepEqual((await list({createdAt: [past, {...past, comparison: 'lt'}]})).images, [])
          assert.deepEqual((await list({updatedAt: [{...future, comparison: 'gte'}]})).images, [])
        }
      })

      it('come in pages that miss nothing and repeat nothing', async () => {
        const added = new Set<string>()
        for (let n = 0; n < 53; n += 1) added.add((await api.add(draft({name: `i${n}`}))).id)
        for (const limit of [1, 10, 26, 53, 100, undefined]) {
          for (const page of [api.index.bind(api), api.details.bind(api)]) {
            const {ids, requests} = await listAll(page, limit)
            assert.equal(ids.length, 53, `limit ${limit}`)
            assert.deepEqual(new Set(ids), added)
            assert.ok(requests <= Math.ceil(53 / (limit ?? 53)) + 1, `limit ${limit}: ${requests} requests`)
          }
        }
      })
    })

    describe('members', () => {
      it('are added, changed, replaced and removed', async () => {
        const canShare = api.version === 1
        const {id} = await api.add(draft({isPublic: false}))
        assert.deepEqual(await api.members(id), [])
        await api.addMember(id, {memberId: 't1', canShare: false})
        await api.addMember(id, {memberId: 't1', canShare})
        assert.deepEqual(await listMembers(api, id), [{memberId: 't1', canShare}])
        const shared = (await api.memberImages('t1')).map(image => [image.imageId, image.canShare])
        assert.deepEqual(shared, [[id, canShare]])
        const others = [
          {memberId: 't2', canShare: false},
          {memberId: 't3', canShare},
        ]
        await api.replaceMembers(id, others)
        assert.deepEqual(await listMembers(api, id), others)
        await api.removeMember(id, 't2')
        await api.addMember(id, {memberId: 't2', canShare: false})
        await api.replaceMembers(id, [])
        assert.deepEqual(await api.members(id), [])
      })

      it('may share further only if the API has that right', async () => {
        const {id} = await api.add(draft({isPublic: false}))
        const member = {memberId: 't1', canShare: true}
        if (api.version === 1) {
          assert.deepEqual(await api.addMember(id, member), member)
          return
        }
        await assert.rejects(api.addMember(id, member), failureKind('usage', /does not have this right/))
        await assert.rejects(
          api.replaceMembers(id, [member]),
          failureKind('usage', /does not have this right/),
        )
        assert.deepEqual(await api.members(id), [])
      })

      it('that do not exist cannot be removed', async () => {
        const {id} = await api.add(draft({isPublic: false}))
        await assert.rejects(api.removeMember(id, 'nobody'), failureKind('not-found'))
      })

      it('of images that do not exist are not found', async () => {
        await assert.rejects(api.members(UNKNOWN), failureKind('not-found'))
        await assert.rejects(
          api.addMember(UNKNOWN, {memberId: 't', canShare: false}),
          failureKind('not-found'),
        )
        assert.deepEqual(await api.memberImages('nobody'), [])
      })
    })
  })
}

async function listAll(
  page: (query: ListQuery) => Promise<Page<ImageSummary | Image>>,
  limit: number | undefined,
): Promise<{ids: string[]; requests: number}> {
  const ids: string[] = []
  let marker: string | undefined
  let requests = 0
  do {
    const {images, next} = await page({limit, marker})
    ids.push(...images.map(image => image.id))
    marker = next
    requests += 1
  } while (marker !== undefined)
  return {ids, requests}
}

/** Lists the members sorted, and without the status of version 2. */
async function listMembers(api: ImageApi, id: string): Promise<Member[]> {
  const members = (await api.members(id)).map(({memberId, canShare}) => ({memberId, canShare}))
  return members.sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
}

async function* generateEndlessly(): AsyncGenerator<Buffer> {
  for (;;) yield Buffer.alloc(65_536)
}
