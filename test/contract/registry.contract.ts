/** The contract of every registry. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type {
  Decide,
  ImagePage,
  ImageQuery,
  ImageRecord,
  ImageStatus,
  MemberRecord,
  NewImage,
  Registry,
  SortKey,
} from '../../src/server/registry/registry.js'
import {registryEventsContract} from './registry-events.contract.js'
import {registryMetadefsContract} from './registry-metadefs.contract.js'
import {registryPendingDeletesContract} from './registry-pending-deletes.contract.js'
import {registryProcessesContract} from './registry-processes.contract.js'
import {registryV2Contract} from './registry-v2.contract.js'

const newest = {sortKey: 'created_at', sortDir: 'desc', limit: 100} as const

const SORT_KEYS: readonly SortKey[] = [
  'name',
  'status',
  'container_format',
  'disk_format',
  'size',
  'id',
  'created_at',
  'updated_at',
]

/** @param open returns an empty registry; the suite closes it */
export function registryContract(name: string, open: () => Promise<Registry>): void {
  describe(`registry: ${name}`, () => {
    let registry: Registry

    beforeEach(async () => {
      registry = await open()
    })
    afterEach(() => registry.close())

    const create = async (image: NewImage): Promise<ImageRecord> => {
      const record = await registry.create(image)
      assert.ok(record)
      return record
    }
    const ids = async (query: Partial<ImageQuery>): Promise<string[]> => {
      const page = await registry.list({...newest, ...query})
      assert.ok(page !== 'unknown marker')
      return page.images.map(({id}) => id)
    }

    describe('create and find', () => {
      it('sets defaults for what was not given', async () => {
        const {createdAt, updatedAt, ...rest} = await create({id: 'a'})
        assert.deepEqual(rest, {
          id: 'a',
          name: null,
          status: 'queued',
          isPublic: false,
          visibility: 'shared',
          hidden: false,
          protected: false,
          diskFormat: null,
          containerFormat: null,
          size: 0,
          virtualSize: null,
          arriving: null,
          holder: null,
          checksum: null,
          hashAlgo: null,
          hashValue: null,
          owner: null,
          minDisk: 0,
          minRam: 0,
          location: null,
          locations: [],
          onFailure: 'killed',
          attempts: 0,
          deletedAt: null,
          deleted: false,
          properties: {},
          tags: [],
        })
        assert.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/)
        assert.equal(updatedAt, createdAt)
      })

      it('keeps all that was given', async () => {
        const image: NewImage = {
          id: 'A-1',
          name: 'Ubuntu \u{1f427} – ünï',
          status: 'active',
          isPublic: true,
          visibility: 'public',
          hidden: true,
          protected: true,
          diskFormat: 'qcow2',
          containerFormat: 'bare',
          size: 9007199254740991,
          arriving: 'file:///b',
          holder: 'p',
          virtualSize: 9007199254740990,
          checksum: '0cc175b9c0f1b6a831c399e269772661',
          hashAlgo: 'sha512',
          hashValue: 'cf83',
          owner: 'tenant',
          minDisk: 2147483647,
          minRam: 512,
          location: 'file:///a',
          locations: [
            {url: 'file:///a', metadata: {store: 'x'}},
            {url: 'http://b', metadata: {}},
          ],
          onFailure: 'queued',
          attempts: 2,
          tags: ['a tag', 'ünï'],
          properties: {distro: 'lucid', empty: '', none: null, __proto__x: '1', 'a b=c': 'x'},
        }
        const made = await create(image)
        const found = await registry.find('A-1')
        assert.deepEqual(found, made)
        const {createdAt, updatedAt, deletedAt, deleted, ...rest} = made
        assert.deepEqual(rest, image)
        assert.deepEqual([createdAt === updatedAt, deletedAt, deleted], [true, null, false])
      })

      it('keeps a property named __proto__', async () => {
        await create({id: 'a', properties: JSON.parse('{"__proto__": "x"}')})
        assert.equal(JSON.stringify((await registry.find('a'))?.properties), '{"__proto__":"x"}')
      })

      it('refuses an id that was used, and changes nothing', async () => {
        await create({id: 'a', name: 'first', properties: {k: 'v'}})
        assert.equal(await registry.create({id: 'a', name: 'second', properties: {k: 'w'}}), undefined)
        const found = await registry.find('a')
        assert.deepEqual([found?.name, found?.properties], ['first', {k: 'v'}])
      })

      it('refuses the id of a deleted image', async () => {
        await create({id: 'a'})
        await registry.delete('a')
        assert.equal(await registry.create({id: 'a'}), undefined)
      })

      it('distinguishes ids by case', async () => {
        await create({id: 'abc', name: 'lower'})
        await create({id: 'ABC', name: 'upper'})
        assert.equal((await registry.find('ABC'))?.name, 'upper')
        assert.equal(await registry.find('Abc'), undefined)
      })

      it('gives each image a time of its own', async () => {
        const made = await Promise.all(Array.from({length: 50}, (_, n) => create({id: `${n}`})))
        assert.equal(new Set(made.map(({createdAt}) => createdAt)).size, 50)
      })

      it('lets only one of many create the same id', async () => {
        const made = await Promise.all(Array.from({length: 20}, () => registry.create({id: 'a'})))
        assert.equal(made.filter(record => record !== undefined).length, 1)
      })

      it('keeps very many properties', async () => {
        const properties = Object.fromEntries(Array.from({length: 2500}, (_, n) => [`p${n}`, `${n}`]))
        await create({id: 'a', properties})
        assert.deepEqual((await registry.find('a'))?.properties, properties)
      })
    })

    describe('change', () => {
      it('changes what is named and keeps the rest', async () => {
        const old = await create({id: 'a', name: 'n', owner: 'o', minRam: 1, properties: {k: 'v'}})
        const record = await registry.change('a', () => ({name: null, size: 5, isPublic: true}))
        assert.ok(record)
        const open = {isPublic: true, visibility: 'public'}
        const expected = {...old, ...open, name: null, size: 5, updatedAt: record.updatedAt}
        assert.deepEqual(record, expected)
        assert.deepEqual(await registry.find('a'), expected)
        assert.ok(record.updatedAt > old.updatedAt)
      })

      it('reads undefined as absent', async () => {
        await create({id: 'a', name: 'n'})
        const changes = {name: undefined, size: 1} as unknown as {size: number}
        assert.equal((await registry.change('a', () => changes))?.name, 'n')
      })

      it('replaces the properties', async () => {
        await create({id: 'a', properties: {k: 'v', l: 'w'}})
        assert.deepEqual((await registry.change('a', () => ({properties: {l: 'x', m: null}})))?.properties, {
          l: 'x',
          m: null,
        })
        assert.deepEqual((await registry.change('a', () => ({properties: {}})))?.properties, {})
      })

      it('adds to the existing properties', async () => {
        await create({id: 'a', properties: {k: 'v', l: 'w'}})
        const merged = await registry.change('a', ({properties}) => ({
          properties: {...properties, l: 'x', m: 'y'},
        }))
        assert.deepEqual(merged?.properties, {k: 'v', l: 'x', m: 'y'})
      })

      it('happens only from the named statuses', async () => {
        await create({id: 'a', status: 'saving', properties: {k: 'v'}})
        const from =
          (...statuses: ImageStatus[]): Decide =>
          ({status}) =>
            statuses.includes(status) ? {status: 'active', properties: {k: 'w'}} : undefined
        assert.equal(await registry.change('a', from('queued', 'killed')), undefined)
        assert.deepEqual((await registry.find('a'))?.properties, {k: 'v'})
        assert.equal((await registry.change('a', from('queued', 'saving')))?.status, 'active')
      })

      it('lets only one of many through the guard', async () => {
        await create({id: 'a'})
        const tries = Array.from({length: 20}, () =>
          registry.change('a', ({status}) => (status === 'queued' ? {status: 'saving'} : undefined)),
        )
        assert.equal((await Promise.all(tries)).filter(record => record !== undefined).length, 1)
      })

      it('loses none of many changes that depend on the current state', async () => {
        await create({id: 'a', properties: {}})
        const names = Array.from({length: 20}, (_, n) => `p${n}`)
        await Promise.all(
          names.map(name =>
            registry.change('a', ({properties}) => ({properties: {...properties, [name]: 'v'}})),
          ),
        )
        assert.deepEqual(Object.keys((await registry.find('a'))?.properties ?? {}), names.sort())
      })

      it('writes nothing for an empty change', async () => {
        const made = await create({id: 'a', name: 'n', tags: ['t'], properties: {k: 'v'}})
        assert.deepEqual(await registry.change('a', () => ({})), made)
        assert.deepEqual(await registry.find('a'), made)
      })

      it('passes on the error of a decision, and changes nothing', async () => {
        const made = await create({id: 'a', name: 'n'})
        const refused = new Error('refused')
        const refuse = () => {
          throw refused
        }
        await assert.rejects(registry.change('a', refuse), refused)
        await assert.rejects(registry.delete('a', refuse), refused)
        assert.deepEqual(await registry.find('a'), made)
      })

      it('does not find a missing or deleted image', async () => {
        await create({id: 'a', name: 'n'})
        await registry.delete('a')
        assert.equal(await registry.change('a', () => ({name: 'm'})), undefined)
        assert.equal(await registry.change('b', () => ({name: 'm'})), undefined)
        assert.equal((await registry.find('a'))?.name, 'n')
      })
    })

    describe('delete', () => {
      it('returns the old record and marks the new one', async () => {
        const made = await create({id: 'a', status: 'active', location: 'file:///a', properties: {k: 'v'}})
        assert.deepEqual(await registry.delete('a'), {image: made, unused: ['file:///a']})
        const found = await registry.find('a')
        assert.ok(found?.deletedAt)
        const {deletedAt} = found
        assert.deepEqual(found, {
          ...made,
          status: 'deleted',
          deleted: true,
          deletedAt,
          updatedAt: deletedAt,
          properties: {},
        })
        assert.ok(deletedAt > made.createdAt)
      })

      it('happens once', async () => {
        await create({id: 'a'})
        await registry.delete('a')
        assert.equal(await registry.delete('a'), undefined)
        assert.equal(await registry.delete('b'), undefined)
      })

      it('removes the members', async () => {
        await create({id: 'a'})
        await registry.putMember('a', 'm', true)
        await registry.delete('a')
        assert.equal(await registry.listMembers('a'), undefined)
        assert.deepEqual(await registry.listShares('m', {limit: 10}), [])
        assert.equal(await registry.putMember('a', 'm', true), false)
        assert.equal(await registry.replaceMembers('a', []), false)
        assert.equal(await registry.deleteMember('a', 'm'), false)
      })
    })

    describe('list', () => {
      it('is empty without images, or with a limit of zero', async () => {
        assert.deepEqual(await ids({}), [])
        await create({id: 'a'})
        assert.deepEqual(await ids({limit: 0}), [])
      })

      it('returns whole records, newest first', async () => {
        const a = await create({id: 'a', properties: {k: 'v'}})
        const b = await create({id: 'b', properties: {z: '1', a: null}})
        assert.deepEqual(await registry.list(newest), {images: [b, a], hasMore: false})
      })

      it('omits killed and deleted images, unless it lists changes', async () => {
        await create({id: 'a'})
        await create({id: 'b', status: 'killed'})
        await create({id: 'c', name: 'c'})
        await create({id: 'd'})
        await registry.delete('c')
        assert.deepEqual(await ids({}), ['d', 'a'])
        assert.deepEqual(await ids({status: 'killed'}), [])
        assert.deepEqual(await ids({changesSince: '2000-01-01T00:00:00.000000'}), ['d', 'c', 'b', 'a'])
        assert.deepEqual(await ids({changesSince: '2000-01-01T00:00:00.000000', status: 'killed'}), ['b'])
        assert.deepEqual(await ids({changesSince: '2000-01-01T00:00:00.000000', name: 'c'}), ['c'])
      })

      it('lists what changed at a time or after it', async () => {
        await create({id: 'a'})
        const b = await create({id: 'b'})
        await create({id: 'c'})
        assert.deepEqual(await ids({changesSince: b.createdAt}), ['c', 'b'])
        await registry.change('a', () => ({name: 'changed'}))
        assert.deepEqual(await ids({changesSince: b.createdAt}), ['c', 'b', 'a'])
        assert.deepEqual(await ids({changesSince: b.createdAt, sortKey: 'name', sortDir: 'asc'}), [
          'b',
          'c',
          'a',
        ])
      })

      const filters: readonly [Partial<ImageQuery>, readonly string[]][] = [
        [{name: 'x'}, ['d', 'a']],
        [{name: 'X'}, []],
        [{name: ''}, ['c']],
        [{status: 'active'}, ['c', 'b']],
        [{containerFormat: 'ovf'}, ['b']],
        [{diskFormat: 'raw'}, ['d', 'b', 'a']],
        [{minRam: 512}, ['b']],
        [{minDisk: 3}, ['c']],
        [{sizeMin: 20}, ['d', 'c']],
        [{sizeMax: 20}, ['c', 'b', 'a']],
        [{sizeMin: 11, sizeMax: 29}, ['c']],
        [{isPublic: true}, ['d', 'a']],
        [{isPublic: false}, ['c', 'b']],
        [{protected: true}, ['d']],
        [{protected: false}, ['c', 'b', 'a']],
        [{properties: {distro: 'lucid'}}, ['d', 'b']],
        [{properties: {distro: 'lucid', arch: 'arm'}}, ['d']],
        [{properties: {distro: 'Lucid'}}, []],
        [{properties: {absent: ''}}, []],
        [{name: 'x', isPublic: true, status: 'queued', diskFormat: 'raw', sizeMin: 1}, ['d']],
        [{diskFormat: 'raw', isPublic: true}, ['d', 'a']],
        [{status: 'queued', isPublic: true, sortKey: 'size', sortDir: 'asc'}, ['a', 'd']],
        [{name: 'x', sortKey: 'size', sortDir: 'asc'}, ['a', 'd']],
        [{name: 'x', sortKey: 'name', sortDir: 'asc'}, ['a', 'd']],
      ]
      for (const [filter, expected] of filters) {
        it(`filters by ${JSON.stringify(filter)}`, async () => {
          await create({id: 'a', name: 'x', isPublic: true, diskFormat: 'raw'})
          await create({
            id: 'b',
            status: 'active',
            diskFormat: 'raw',
            containerFormat: 'ovf',
            minRam: 512,
            size: 10,
            properties: {distro: 'lucid'},
          })
          await create({id: 'c', name: '', status: 'active', minDisk: 3, size: 20, properties: {none: null}})
          await create({
            id: 'd',
            name: 'x',
            isPublic: true,
            protected: true,
            diskFormat: 'raw',
            size: 30,
            properties: {distro: 'lucid', arch: 'arm'},
          })
          assert.deepEqual(await ids(filter), expected)
        })
      }

      it('continues after any marker that ever existed', async () => {
        await create({id: 'a'})
        await create({id: 'b', isPublic: true})
        await create({id: 'c', status: 'killed'})
        await create({id: 'd'})
        await registry.delete('b')
        assert.deepEqual(await ids({marker: 'd'}), ['a'])
        assert.deepEqual(await ids({marker: 'c'}), ['a'])
        assert.deepEqual(await ids({marker: 'b'}), ['a'])
        assert.deepEqual(await ids({marker: 'a'}), [])
        assert.deepEqual(await ids({marker: 'd', isPublic: true}), [])
        assert.equal(await registry.list({...newest, marker: 'nobody'}), 'unknown marker')
      })

      it('ends before the image that exceeds the bytes, and after one at least', async () => {
        for (const id of ['c', 'b', 'a'])
          await create({id, name: 'é', properties: {p: 'é'.repeat(9), q: null}})
        const page = async (maxBytes: number) => {
          const {images, hasMore} = (await registry.list({...newest, maxBytes})) as ImagePage
          return [images.map(({id}) => id).join(''), hasMore]
        }
        assert.deepEqual(await page(1), ['a', true])
        assert.deepEqual(await page(62), ['ab', true])
        assert.deepEqual(await page(63), ['abc', false])
      })

      it('sorts null before the empty text, and text by its code points', async () => {
        await create({id: 'a', name: 'b'})
        await create({id: 'b', name: ''})
        await create({id: 'c'})
        await create({id: 'd', name: 'B'})
        await create({id: 'e', name: '\u{1f427}'})
        await create({id: 'f', name: '\uffee'})
        assert.deepEqual(await ids({sortKey: 'name', sortDir: 'asc'}), ['c', 'b', 'd', 'a', 'f', 'e'])
        assert.deepEqual(await ids({sortKey: 'name', sortDir: 'desc'}), ['e', 'f', 'a', 'd', 'b', 'c'])
      })

      it('returns the images of a few names or a checksum in any order, in pages', async () => {
        for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) {
          const [name, containerFormat] = [id < 'e' ? 'n' : 'm', id < 'c' ? 'ovf' : 'bare']
          await create({id, name, containerFormat, checksum: name, properties: {k: id}, tags: ['t']})
        }
        await registry.delete('d')
        const query = {sortKey: 'container_format', sortDir: 'asc', limit: 1} as const
        const some: readonly Partial<ImageQuery>[] = [{name: 'n'}, {checksum: 'n', tags: ['t']}]
        for (const filter of some)
          assert.deepEqual(await allPages(registry, {...query, ...filter}), ['c', 'a', 'b'])
        const both = {...query, oneOf: {name: ['n', 'm', 'none']}}
        assert.deepEqual(await allPages(registry, both), ['c', 'e', 'f', 'a', 'b'])
        assert.deepEqual(await allPages(registry, {...both, sortKey: 'created_at'}), [
          'a',
          'b',
          'c',
          'e',
          'f',
        ])
        assert.deepEqual(await allPages(registry, {...query, name: 'n', properties: {k: 'b'}}), ['b'])
        const changed = {...query, name: 'n', changesSince: '2000'}
        assert.deepEqual(await allPages(registry, changed), ['c', 'd', 'a', 'b'])
      })

      it('returns each image once and in order, whatever the key, the ties and the page size', async () => {
        await fc.assert(
          fc.asyncProperty(images, pages, async (made, {sortKey, sortDir, limit, isPublic}) => {
            const fresh = await open()
            try {
              const records: ImageRecord[] = []
              for (const [n, image] of made.entries()) {
                const record = await fresh.create({...image, id: `${(n * 7) % 31}`})
                assert.ok(record)
                records.push(record)
              }
              const wanted = records.filter(record => isPublic === undefined || record.isPublic === isPublic)
              const expected = sortNaively(wanted, sortKey, sortDir)
              const query = {sortKey, sortDir, limit, ...(isPublic === undefined ? {} : {isPublic})}
              assert.deepEqual(
                await allPages(fresh, query),
                expected.map(({id}) => id),
              )
            } finally {
              await fresh.close()
            }
          }),
          {numRuns: 100},
        )
      })
    })

    describe('members', () => {
      beforeEach(() => create({id: 'a'}))
      const members = async (id: string) => pairMembers(await registry.listMembers(id))

      it('are empty at first, and undefined for an unknown image', async () => {
        assert.deepEqual(await registry.listMembers('a'), [])
        assert.equal(await registry.listMembers('b'), undefined)
        assert.deepEqual(await registry.listShares('m', {limit: 10}), [])
      })

      it('are added and changed', async () => {
        assert.equal(await registry.putMember('a', 'n', undefined), true)
        assert.equal(await registry.putMember('a', 'm', true), true)
        assert.equal(await registry.putMember('a', 'm', undefined), true)
        assert.deepEqual(await members('a'), [
          {imageId: 'a', memberId: 'm', canShare: true},
          {imageId: 'a', memberId: 'n', canShare: false},
        ])
        await registry.putMember('a', 'm', false)
        await registry.putMember('a', 'n', true)
        assert.deepEqual(await members('a'), [
          {imageId: 'a', memberId: 'm', canShare: false},
          {imageId: 'a', memberId: 'n', canShare: true},
        ])
        assert.equal(await registry.putMember('b', 'm', true), false)
      })

      it('can be added again after they were removed', async () => {
        await registry.putMember('a', 'm', true)
        assert.equal(await registry.deleteMember('a', 'm'), true)
        assert.equal(await registry.deleteMember('a', 'm'), false)
        assert.equal(await registry.deleteMember('b', 'm'), false)
        assert.deepEqual(await registry.listMembers('a'), [])
        await registry.putMember('a', 'm', undefined)
        assert.deepEqual(await members('a'), [{imageId: 'a', memberId: 'm', canShare: false}])
      })

      it('are replaced, and keep what is not given', async () => {
        await registry.putMember('a', 'gone', true)
        await registry.putMember('a', 'kept', true)
        await registry.putMember('a', 'lowered', true)
        const replaced = await registry.replaceMembers('a', [
          {memberId: 'new', canShare: undefined},
          {memberId: 'lowered', canShare: false},
          {memberId: 'kept', canShare: undefined},
          {memberId: 'twice', canShare: false},
          {memberId: 'twice', canShare: true},
        ])
        assert.equal(replaced, true)
        assert.deepEqual(await members('a'), [
          {imageId: 'a', memberId: 'kept', canShare: true},
          {imageId: 'a', memberId: 'lowered', canShare: false},
          {imageId: 'a', memberId: 'new', canShare: false},
          {imageId: 'a', memberId: 'twice', canShare: true},
        ])
        assert.deepEqual(await registry.listShares('gone', {limit: 10}), [])
        assert.equal(await registry.replaceMembers('a', []), true)
        assert.deepEqual(await registry.listMembers('a'), [])
        assert.equal(await registry.replaceMembers('b', []), false)
      })

      it('list their shares in the order of the images', async () => {
        await create({id: 'B'})
        await registry.putMember('a', 'm', true)
        await registry.putMember('B', 'm', undefined)
        await registry.putMember('B', 'M', true)
        assert.deepEqual(pairMembers(await registry.listShares('m', {limit: 10})), [
          {imageId: 'B', memberId: 'm', canShare: false},
          {imageId: 'a', memberId: 'm', canShare: true},
        ])
      })

      it('list their shares in parts', async () => {
        for (const id of ['b', 'c']) await create({id})
        for (const id of ['a', 'b', 'c']) await registry.putMember(id, 'm', undefined)
        const list = async (after?: string) => {
          const shares = await registry.listShares('m', {after, limit: 2})
          return shares.map(({imageId}) => imageId)
        }
        assert.deepEqual([await list(), await list('b'), await list('c')], [['a', 'b'], ['c'], []])
      })

      it('list the shares of one owner', async () => {
        await create({id: 'b', owner: 'beta'})
        for (const id of ['a', 'b']) await registry.putMember(id, 'm', undefined)
        const shares = await registry.listShares('m', {ownedBy: 'beta', limit: 10})
        assert.deepEqual(
          shares.map(({imageId}) => imageId),
          ['b'],
        )
      })
    })

    registryV2Contract(() => registry)
    registryProcessesContract(() => registry)
    registryPendingDeletesContract(() => registry)
    registryEventsContract(() => registry)
    registryMetadefsContract(() => registry)
  })
}

function pairMembers(members: readonly MemberRecord[] | undefined) {
  return members?.map(({imageId, memberId, canShare}) => ({imageId, memberId, canShare}))
}

const text = fc.constantFrom(null, null, '', 'a', 'B', 'b', 'é', '\uffee', '\u{1f427}')
const images = fc.array(
  fc.record({
    name: text,
    status: fc.constantFrom('queued', 'saving', 'active'),
    diskFormat: text,
    containerFormat: text,
    size: fc.integer({min: 0, max: 3}),
    isPublic: fc.boolean(),
  }),
  {maxLength: 31},
)
const pages = fc.record({
  sortKey: fc.constantFrom(...SORT_KEYS),
  sortDir: fc.constantFrom('asc', 'desc'),
  limit: fc.integer({min: 1, max: 12}),
  isPublic: fc.constantFrom(undefined, true, false),
})

async function allPages(registry: Registry, query: ImageQuery): Promise<string[]> {
  const seen: string[] = []
  for (;;) {
    const marker = seen.at(-1)
    const page = await registry.list(marker === undefined ? query : {...query, marker})
    assert.ok(page !== 'unknown marker')
    assert.ok(page.images.length <= query.limit)
    seen.push(...page.images.map(({id}) => id))
    assert.ok(seen.length <= 31, 'an image came twice')
    if (!page.hasMore) return seen
  }
}

function sortNaively(
  records: readonly ImageRecord[],
  sortKey: SortKey,
  sortDir: 'asc' | 'desc',
): ImageRecord[] {
  const value: Record<SortKey, (record: ImageRecord) => string | number | null> = {
    name: record => record.name,
    status: record => record.status,
    container_format: record => record.containerFormat,
    disk_format: record => record.diskFormat,
    size: record => record.size,
    id: record => record.id,
    created_at: record => record.createdAt,
    updated_at: record => record.updatedAt,
  }
  const keys = [value[sortKey], value.created_at, value.id]
  const ascending = (a: ImageRecord, b: ImageRecord) =>
    keys.map(key => compare(key(a), key(b))).find(order => order !== 0) ?? 0
  return [...records].sort((a, b) => (sortDir === 'asc' ? ascending(a, b) : ascending(b, a)))
}

function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null)
  if (typeof a === 'number' || typeof b === 'number') return Number(a) - Number(b)
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
