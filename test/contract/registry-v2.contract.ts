/** The contract of every registry for API v2. */
import assert from 'node:assert/strict'
import type {
  ImageQuery,
  ImageRecord,
  ImageStatus,
  NewImage,
  NewTask,
  Registry,
  SortDir,
  SortKey,
} from '../../src/server/registry/registry.js'

const newest = {sortKey: 'created_at', sortDir: 'desc', limit: 100} as const

/** @param current the registry of the test that runs, empty at its beginning */
export function registryV2Contract(current: () => Registry): void {
  const create = async (image: NewImage): Promise<ImageRecord> => {
    const record = await current().create(image)
    assert.ok(record)
    return record
  }
  const ids = async (query: Partial<ImageQuery>): Promise<string> => {
    const page = await current().list({...newest, ...query})
    assert.ok(page !== 'unknown marker')
    return page.images.map(({id}) => id).join(' ')
  }

  describe('visibility', () => {
    it('follows is_public, and is_public it', async () => {
      await create({id: 'a', isPublic: true})
      await create({id: 'b', visibility: 'community'})
      const readVisibility = async (id: string) => {
        const image = await current().find(id)
        return [image?.visibility, image?.isPublic]
      }
      assert.deepEqual(await readVisibility('a'), ['public', true])
      assert.deepEqual(await readVisibility('b'), ['community', false])
      await current().change('b', () => ({isPublic: false}))
      assert.deepEqual(await readVisibility('b'), ['community', false])
      await current().change('b', () => ({isPublic: true}))
      await current().change('a', () => ({isPublic: false}))
      assert.deepEqual(
        [await readVisibility('a'), await readVisibility('b')],
        [
          ['shared', false],
          ['public', true],
        ],
      )
      await current().change('b', () => ({visibility: 'private'}))
      assert.deepEqual(await readVisibility('b'), ['private', false])
    })

    it('decides what a viewer sees', async () => {
      await create({id: 'public', visibility: 'public', owner: 'o'})
      await create({id: 'community', visibility: 'community', owner: 'o'})
      await create({id: 'private', visibility: 'private', owner: 'o'})
      for (const id of ['shared', 'offered']) await create({id, owner: 'o'})
      await current().addMember('shared', 'm')
      await current().setMemberStatus('shared', 'm', 'accepted')
      await current().addMember('offered', 'm')
      const viewer = (project: string | null, memberStatus: 'accepted' | 'all') => ({
        viewer: {project, memberStatus},
      })
      assert.equal(await ids(viewer('m', 'accepted')), 'shared community public')
      assert.equal(await ids(viewer('m', 'all')), 'offered shared community public')
      assert.equal(await ids(viewer('o', 'accepted')), 'offered shared private community public')
      assert.equal(await ids(viewer(null, 'all')), 'community public')
      assert.equal(await ids({...viewer('m', 'accepted'), communityOf: 'm'}), 'shared public')
      assert.equal(await ids({communityOf: null}), 'offered shared private public')
    })
  })

  describe('locations', () => {
    it('are the single location until there are more', async () => {
      await create({id: 'a', location: 'file:///a'})
      assert.deepEqual((await current().find('a'))?.locations, [{url: 'file:///a', metadata: {}}])
      const two = [
        {url: 'http://b', metadata: {x: 1}},
        {url: 'file:///a', metadata: {}},
      ]
      const changed = await current().change('a', () => ({locations: two}))
      assert.deepEqual([changed?.location, changed?.locations], ['http://b', two])
      const emptied = await current().change('a', () => ({location: null}))
      assert.deepEqual([emptied?.location, emptied?.locations], [null, []])
    })
  })

  describe('tags', () => {
    it('are unique, and can be added, removed and replaced', async () => {
      await create({id: 'a', tags: ['z', 'b', 'z']})
      assert.deepEqual((await current().find('a'))?.tags, ['b', 'z'])
      await current().change('a', ({tags}) => ({tags: [...tags.filter(tag => tag !== 'z'), 'c d', 'b']}))
      assert.deepEqual((await current().find('a'))?.tags, ['b', 'c d'])
      assert.deepEqual((await current().change('a', () => ({tags: ['n']})))?.tags, ['n'])
      await current().delete('a')
      assert.deepEqual((await current().find('a'))?.tags, [])
    })
  })

  describe('lists of API v2', () => {
    beforeEach(async () => {
      await create({
        id: 'a',
        name: 'x',
        diskFormat: 'raw',
        size: 5,
        status: 'active',
        tags: ['s', 't'],
        owner: 'o',
      })
      await create({id: 'b', name: 'y', diskFormat: 'iso', hidden: true, checksum: 'sum', hashValue: 'hash'})
      await create({id: 'c', name: 'x', size: 9, status: 'active', tags: ['t'], virtualSize: 7, minRam: 2})
    })
    const cases: readonly (readonly [string, Partial<ImageQuery>, string])[] = [
      ['ids', {oneOf: {id: ['a', 'c', 'none']}}, 'c a'],
      ['names or formats', {oneOf: {name: ['x'], disk_format: ['raw', 'iso']}}, 'a'],
      ['none of a list', {oneOf: {status: []}}, ''],
      ['sizes, without those that have no data', {ranges: [{column: 'size', max: 8}]}, 'a'],
      ['a range', {ranges: [{column: 'size', min: 6, max: 9}]}, 'c'],
      ['numbers that may be absent', {ranges: [{column: 'virtual_size', min: 1}]}, 'c'],
      [
        'two ranges',
        {
          ranges: [
            {column: 'size', min: 1},
            {column: 'min_ram', max: 1},
          ],
        },
        'a',
      ],
      ['hidden ones', {hidden: true}, 'b'],
      ['those that are not hidden', {hidden: false}, 'c a'],
      ['an owner', {owner: 'o'}, 'a'],
      ['a checksum', {checksum: 'sum'}, 'b'],
      ['a hash', {hashValue: 'hash'}, 'b'],
      ['a tag', {tags: ['t']}, 'c a'],
      ['two tags', {tags: ['t', 's']}, 'a'],
      ['a visibility', {visibility: 'private'}, ''],
      ['times', {times: [{column: 'created_at', comparison: 'after', time: '2020'}]}, 'c b a'],
      ['equal beginnings of times', {times: [{column: 'created_at', comparison: 'at', time: '20'}]}, 'c b a'],
      ['other beginnings', {times: [{column: 'created_at', comparison: 'not at', time: '20'}]}, ''],
      [
        'times until a beginning',
        {times: [{column: 'created_at', comparison: 'until', time: '20'}]},
        'c b a',
      ],
      ['times before a beginning', {times: [{column: 'created_at', comparison: 'before', time: '20'}]}, ''],
      [
        'times since a beginning',
        {times: [{column: 'created_at', comparison: 'since', time: '20'}]},
        'c b a',
      ],
      ['times after a beginning', {times: [{column: 'created_at', comparison: 'after', time: '20'}]}, ''],
      ['other times', {times: [{column: 'updated_at', comparison: 'until', time: '2020'}]}, ''],
    ]
    for (const [what, query, expected] of cases) {
      it(`contain ${what}`, async () => assert.equal(await ids(query), expected))
    }
  })

  describe('lists by several keys', () => {
    const orders: readonly (readonly [string, readonly (readonly [SortKey, SortDir])[], string])[] = [
      [
        'name up, size down',
        [
          ['name', 'asc'],
          ['size', 'desc'],
          ['created_at', 'desc'],
          ['id', 'desc'],
        ],
        'n1 n0 x2 x1 x0 y',
      ],
      [
        'name down, size up',
        [
          ['name', 'desc'],
          ['size', 'asc'],
          ['created_at', 'asc'],
          ['id', 'asc'],
        ],
        'y x0 x1 x2 n0 n1',
      ],
      [
        'format up, name down',
        [
          ['disk_format', 'asc'],
          ['name', 'desc'],
          ['id', 'asc'],
        ],
        'x0 x1 n0 n1 y x2',
      ],
    ]
    beforeEach(async () => {
      await create({id: 'x0', name: 'x', size: 1})
      await create({id: 'n0', name: null, size: 3})
      await create({id: 'x1', name: 'x', size: 1})
      await create({id: 'y', name: 'y', size: 2, diskFormat: 'raw'})
      await create({id: 'x2', name: 'x', size: 7, diskFormat: 'raw'})
      await create({id: 'n1', name: null, size: 3})
    })
    for (const [what, keys, expected] of orders) {
      const [[sortKey, sortDir], ...rest] = keys as [
        readonly [SortKey, SortDir],
        ...(readonly [SortKey, SortDir])[],
      ]
      const order = {sortKey, sortDir, thenBy: rest.map(([key, dir]) => ({key, dir}))}
      it(`${what}, whole and in pages of any size`, async () => {
        assert.equal(await ids(order), expected)
        for (const limit of [1, 2, 4]) {
          const seen: string[] = []
          for (let marker: string | undefined; ; marker = seen.at(-1)) {
            const page = await ids({...order, limit, ...(marker === undefined ? {} : {marker})})
            if (page === '') break
            seen.push(...page.split(' '))
          }
          assert.equal(seen.join(' '), expected)
        }
      })
    }
  })

  describe('the status of members', () => {
    it('is pending until it is set, with the time of the change', async () => {
      await create({id: 'a'})
      const offered = await current().addMember('a', 'm')
      assert.ok(offered && offered !== 'known')
      assert.deepEqual([offered.memberId, offered.status, offered.canShare], ['m', 'pending', false])
      assert.equal(await current().addMember('a', 'm'), 'known')
      assert.equal(await current().addMember('b', 'm'), undefined)
      const answered = await current().setMemberStatus('a', 'm', 'rejected')
      assert.equal(answered?.status, 'rejected')
      assert.equal(answered?.createdAt, offered.createdAt)
      assert.ok((answered?.updatedAt ?? '') > offered.updatedAt)
      assert.equal(await current().setMemberStatus('a', 'n', 'accepted'), undefined)
      assert.equal(await current().setMemberStatus('b', 'm', 'accepted'), undefined)
      await current().putMember('a', 'm', true)
      assert.equal((await current().listMembers('a'))?.[0]?.status, 'rejected')
    })
  })

  describe('data that no image uses', () => {
    const unused = async () => [...(await current().listUnusedData(10))].sort()

    it('is recorded by the change that drops it', async () => {
      await current().create({id: 'i', location: 'file:///a'})
      await current().change('i', () => ({arriving: 'file:///b'}))
      assert.deepEqual(await unused(), [])
      await current().change('i', () => ({location: 'file:///b', arriving: null}))
      assert.deepEqual(await unused(), ['file:///a'])
      await current().change('i', () => ({arriving: 'file:///c'}))
      await current().change('i', () => ({arriving: null}))
      assert.deepEqual(await unused(), ['file:///a', 'file:///c'])
      await current().forgetUnusedData(['file:///a', 'file:///none'])
      assert.deepEqual(await unused(), ['file:///c'])
    })

    it('is recorded for all locations of a deleted image, but not when the deletion is refused', async () => {
      const locations = ['a', 'b'].map(name => ({url: `file:///${name}`, metadata: {}}))
      await current().create({id: 'i', locations, arriving: 'file:///c'})
      const refuse = () => {
        throw new Error('refused')
      }
      await assert.rejects(current().delete('i', refuse))
      assert.deepEqual(await unused(), [])
      await current().delete('i')
      assert.deepEqual(await unused(), ['file:///a', 'file:///b', 'file:///c'])
      assert.deepEqual(await current().listUnusedData(2), ['file:///a', 'file:///b'])
      assert.deepEqual(await current().listUnusedData(2, 'file:///b'), ['file:///c'])
    })

    it('is told from data that images use', async () => {
      await current().create({id: 'i', location: 'file:///a', arriving: 'file:///b'})
      await current().create({id: 'j', location: 'file:///c'})
      await current().delete('j')
      const expected = [
        ['i', ['file:///a', 'file:///b']],
        ['j', []],
      ]
      const found = await current().listStoredData(['i', 'j', 'k'])
      assert.deepEqual([...found].sort(), expected)
    })
  })

  describe('tasks', () => {
    const task = (id: string, imageId = 'i'): NewTask => {
      return {
        id,
        imageId,
        type: 'api_image_import',
        owner: 'o',
        userId: null,
        requestId: 'req-1',
        input: '{}',
      }
    }

    const createTask = (task: NewTask) => current().createTask(task, () => ({}))
    beforeEach(async () => {
      for (const id of ['i', 'j']) await current().create({id})
    })

    it('are pending, change, and are listed newest first in pages', async () => {
      const made = (await createTask(task('t1')))!
      assert.deepEqual([made.status, made.message, made.userId, made.input], ['pending', '', null, '{}'])
      assert.deepEqual([made.holder, made.attempts], [null, 0])
      await createTask(task('t2'))
      await createTask(task('t3', 'j'))
      const changed = await current().updateTask(
        {id: 't1', holder: null},
        {status: 'failure', message: 'why'},
      )
      assert.deepEqual(
        [changed?.status, changed?.message, changed?.createdAt],
        ['failure', 'why', made.createdAt],
      )
      assert.ok((changed?.updatedAt ?? '') > made.updatedAt)
      assert.deepEqual(await current().findTask('t1'), changed)
      assert.equal(await current().updateTask({id: 't9', holder: null}, {status: 'success'}), undefined)
      const listTasks = async (query: object) => {
        const page = await current().listTasks({limit: 10, ...query})
        return page === 'unknown marker' ? page : page.map(({id}) => id).join(' ')
      }
      assert.equal(await listTasks({}), 't3 t2 t1')
      assert.equal(await listTasks({imageId: 'i'}), 't2 t1')
      assert.equal(await listTasks({limit: 1, marker: 't3'}), 't2')
      assert.equal(await listTasks({marker: 't9'}), 'unknown marker')
    })

    it('begin together with the change of their image, or not at all', async () => {
      const name = (value: string) => current().createTask(task('t1'), () => ({name: value}))
      assert.equal(await current().createTask(task('t1', 'nowhere'), () => ({})), undefined)
      assert.equal(await current().createTask(task('t1'), () => undefined), undefined)
      const refuse = () => {
        throw new Error('refused')
      }
      await assert.rejects(current().createTask(task('t1'), refuse), {message: 'refused'})
      assert.equal(await current().findTask('t1'), undefined)
      await name('n')
      assert.equal((await current().find('i'))?.name, 'n')
      await assert.rejects(name('other'))
      assert.equal((await current().find('i'))?.name, 'n')
    })

    it('are filtered and sorted, in pages that miss nothing', async () => {
      for (const id of ['t1', 't2', 't3', 't4']) await createTask(task(id))
      await createTask({...task('t5', 'j'), owner: 'other', type: 'import'})
      for (const id of ['t3', 't1']) await current().updateTask({id, holder: null}, {status: 'failure'})
      const listed = async (query: object, limit = 10): Promise<string> => {
        const ids: string[] = []
        for (;;) {
          const marker = ids.at(-1)
          const page = await current().listTasks({limit, ...query, ...(marker === undefined ? {} : {marker})})
          if (page === 'unknown marker' || page.length === 0) return ids.join(' ')
          ids.push(...page.map(({id}) => id))
        }
      }
      for (const [query, expected] of [
        [{status: 'failure'}, 't3 t1'],
        [{status: 'failure', sortDir: 'asc'}, 't1 t3'],
        [{type: 'import'}, 't5'],
        [{owner: 'other'}, 't5'],
        [{owner: ''}, ''],
        [{id: 't2'}, 't2'],
        [{imageId: 'j'}, 't5'],
        [{sortKey: 'updated_at'}, 't1 t3 t5 t4 t2'],
        [{sortKey: 'status', sortDir: 'asc'}, 't1 t3 t2 t4 t5'],
        [{sortKey: 'type'}, 't5 t4 t3 t2 t1'],
        [{sortKey: 'id', sortDir: 'asc'}, 't1 t2 t3 t4 t5'],
      ] as const) {
        for (const limit of [1, 2, 10])
          assert.equal(await listed(query, limit), expected, JSON.stringify(query))
      }
    })

    it('change together with their images, or not at all', async () => {
      await createTask(task('t1'))
      await current().updateTask({id: 't1', holder: null}, {status: 'processing'}, () => ({name: 'n'}))
      const refuse = () => {
        throw new Error('refused')
      }
      await assert.rejects(
        current().updateTask({id: 't1', holder: null}, {status: 'success'}, refuse),
        /refused/,
      )
      const [changed, image] = [await current().findTask('t1'), await current().find('i')]
      assert.deepEqual([changed?.status, image?.name], ['processing', 'n'])
      await current().delete('i')
      assert.equal(
        (await current().updateTask({id: 't1', holder: null}, {status: 'success'}, refuse))?.status,
        'success',
      )
    })

    it('are deleted when they are old', async () => {
      await createTask(task('t1'))
      await current().updateTask({id: 't1', holder: null}, {status: 'success'})
      await current().deleteFinishedTasks('2020')
      assert.ok(await current().findTask('t1'))
      await createTask(task('t3'))
      await current().deleteFinishedTasks('9999')
      assert.deepEqual(
        [await current().findTask('t1'), (await current().findTask('t3'))?.status],
        [undefined, 'pending'],
      )
    })
  })
  describe('the use of a project', () => {
    it('counts its images, their bytes, and those whose data arrives', async () => {
      const big = 2 ** 40
      const add = (id: string, status: ImageStatus, size: number, owner = 'alpha') =>
        current().create({id, status, size, owner})
      await add('q', 'queued', 1)
      await add('a', 'active', big)
      await add('d', 'deactivated', 10)
      await add('s', 'saving', 100)
      await add('u', 'uploading', 1000)
      await add('i', 'importing', 1000)
      await add('k', 'killed', 5)
      await add('x', 'active', 5)
      await add('o', 'active', 5, 'beta')
      await current().delete('x')
      assert.deepEqual(await current().readUsage('alpha'), {
        images: 6,
        bytes: big + 10,
        stagedBytes: 2000,
        uploading: 3,
      })
      assert.deepEqual(await current().readUsage('gamma'), {
        images: 0,
        bytes: 0,
        stagedBytes: 0,
        uploading: 0,
      })
    })
  })
}
