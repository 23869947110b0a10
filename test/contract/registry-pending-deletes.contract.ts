/** The contract of every registry for deleted images that still have their data. */
import assert from 'node:assert/strict'
import type {ImageQuery, NewImage, Registry} from '../../src/server/registry/registry.js'

const HOUR = 3600
const NOTHING = {ids: [], unused: []}
const pending = () => ({status: 'pending_delete'}) as const

/** @param current the registry of the test that runs, empty at its beginning */
export function registryPendingDeletesContract(current: () => Registry): void {
  const create = (image: NewImage) => current().create({status: 'active', owner: 'p', size: 5, ...image})
  const list = async (query: Partial<ImageQuery>): Promise<string> => {
    const page = await current().list({sortKey: 'created_at', sortDir: 'asc', limit: 9, ...query})
    assert.ok(page !== 'unknown marker')
    return page.images.map(({id, status}) => `${id} ${status}`).join(', ')
  }
  const unused = () => current().listUnusedData(9)

  describe('an image that was deleted, but keeps its data', () => {
    it('keeps all but its place in lists', async () => {
      await create({id: 'a', location: 'file:///a', properties: {k: 'v'}, tags: ['t']})
      await current().addMember('a', 'm')
      const before = await current().find('a')
      const deletion = await current().delete('a', pending)
      assert.deepEqual(deletion, {image: before, unused: []})
      const after = await current().find('a')
      assert.deepEqual(after, {
        ...before,
        status: 'pending_delete',
        deleted: true,
        deletedAt: after?.deletedAt,
        updatedAt: after?.deletedAt,
      })
      assert.ok(after?.deletedAt)
      assert.deepEqual([...(await current().listStoredData(['a']))], [['a', ['file:///a']]])
      assert.deepEqual([await unused(), await list({})], [[], ''])
      for (const filter of [{owner: 'p'}, {status: 'pending_delete'}, {name: 'n'}] as const)
        assert.equal(await list(filter), '')
      assert.equal(await list({changesSince: '2000'}), 'a pending_delete')
      assert.deepEqual(await current().listShares('m', {limit: 9}), [])
      assert.deepEqual(await current().listShares('m', {limit: 9, ownedBy: 'p'}), [])
    })

    it('cannot be changed or deleted, and its id stays in use', async () => {
      await create({id: 'a', location: 'file:///a'})
      await current().delete('a', pending)
      assert.equal(await current().change('a', () => ({name: 'n'})), undefined)
      assert.equal(await current().delete('a'), undefined)
      assert.equal(await current().create({id: 'a'}), undefined)
      assert.equal(await current().addMember('a', 'm'), undefined)
    })

    it('loses data that was arriving', async () => {
      await create({id: 'a', location: 'file:///a', arriving: 'file:///b'})
      assert.deepEqual((await current().delete('a', pending))?.unused, ['file:///b'])
      assert.deepEqual(await unused(), ['file:///b'])
      assert.deepEqual([...(await current().listStoredData(['a']))], [['a', ['file:///a']]])
    })

    it('counts for its owner until it is scrubbed', async () => {
      await create({id: 'a', location: 'file:///a'})
      await create({id: 'b', location: 'file:///b'})
      await current().delete('a', pending)
      const used = {images: 2, bytes: 10, stagedBytes: 0, uploading: 0}
      assert.deepEqual(await current().readUsage('p'), used)
      await current().scrub(-HOUR, 9)
      assert.deepEqual(await current().readUsage('p'), {...used, images: 1, bytes: 5})
    })

    it('stays when the decision refuses', async () => {
      await create({id: 'a', location: 'file:///a'})
      const refuse = () => {
        throw new Error('refused')
      }
      await assert.rejects(current().delete('a', refuse), /refused/)
      assert.equal((await current().find('a'))?.status, 'active')
    })
  })

  describe('scrub', () => {
    it('completes deletions of that age', async () => {
      await create({id: 'a', location: 'file:///a', properties: {k: 'v'}, tags: ['t']})
      await current().addMember('a', 'm')
      await current().delete('a', pending)
      const before = await current().find('a')
      assert.deepEqual(await current().scrub(HOUR, 9), NOTHING)
      assert.deepEqual(await current().find('a'), before)
      assert.deepEqual(await current().scrub(-HOUR, 9), {ids: ['a'], unused: ['file:///a']})
      const after = await current().find('a')
      assert.deepEqual(after, {
        ...before,
        status: 'deleted',
        updatedAt: after?.updatedAt,
        properties: {},
        tags: [],
      })
      assert.ok(after && before && after.updatedAt > before.updatedAt)
      assert.deepEqual([await unused(), await current().scrub(-HOUR, 9)], [['file:///a'], NOTHING])
      assert.deepEqual([...(await current().listStoredData(['a']))], [['a', []]])
      assert.equal(await list({changesSince: '2000'}), 'a deleted')
    })

    it('takes the oldest first, and no others', async () => {
      for (const id of ['a', 'b', 'c', 'd', 'e']) await create({id, location: `file:///${id}`})
      for (const id of ['c', 'a', 'b']) await current().delete(id, pending)
      await current().delete('d')
      assert.deepEqual((await current().scrub(-HOUR, 2)).ids, ['c', 'a'])
      assert.deepEqual((await current().scrub(-HOUR, 2)).ids, ['b'])
      assert.equal((await current().find('e'))?.status, 'active')
    })
  })

  describe('restore', () => {
    for (const status of ['active', 'deactivated'] as const) {
      it(`makes an image what it was: ${status}`, async () => {
        await create({id: 'a', status, location: 'file:///a', properties: {k: 'v'}, tags: ['t']})
        await current().addMember('a', 'm')
        const before = await current().find('a')
        await current().delete('a', pending)
        assert.equal(await current().restore('a'), 'restored')
        const after = await current().find('a')
        assert.deepEqual(after, {...before, updatedAt: after?.updatedAt})
        assert.ok(after && before && after.updatedAt > before.updatedAt)
        assert.equal((await current().listMembers('a'))?.length, 1)
        assert.equal(await list({}), `a ${status}`)
        assert.deepEqual(await current().scrub(-HOUR, 9), NOTHING)
        assert.equal((await current().delete('a'))?.image.status, status)
      })
    }

    it('leaves other images alone, and tells their status', async () => {
      assert.equal(await current().restore('a'), undefined)
      await create({id: 'a', location: 'file:///a'})
      assert.equal(await current().restore('a'), 'active')
      await current().delete('a', pending)
      await current().scrub(-HOUR, 9)
      assert.equal(await current().restore('a'), 'deleted')
      assert.equal((await current().find('a'))?.status, 'deleted')
    })
  })
}
