/** The contract of every registry for metadata definitions. */
import assert from 'node:assert/strict'
import type {Definition, NamespaceQuery, NewNamespace} from '../../src/server/registry/metadefs.js'
import type {Registry} from '../../src/server/registry/registry.js'

const PLAIN: NewNamespace = {
  name: 'N',
  displayName: null,
  description: null,
  visibility: 'private',
  protected: false,
  owner: 'p',
}
const tag = (name: string): Definition => ({kind: 'tag', name, body: {}})
const type = (name: string): Definition => ({kind: 'resource_type', name, body: {}})
const property = (name: string, title: string): Definition => ({kind: 'property', name, body: {title}})

/** @param current the registry of the test that runs, empty at its beginning */
export function registryMetadefsContract(current: () => Registry): void {
  const metadefs = () => current().metadefs
  const create = (more: Partial<NewNamespace>, ...definitions: Definition[]) =>
    metadefs().createNamespace({...PLAIN, ...more}, definitions)
  const load = (more: Partial<NewNamespace>, mode: 'keep' | 'merge' | 'prefer-new' | 'overwrite') =>
    metadefs().loadNamespace({...PLAIN, ...more}, [property('a', 'new'), tag('u')], mode)
  const list = async (query: Partial<NamespaceQuery>): Promise<string> => {
    const page = await metadefs().listNamespaces({
      sortKey: 'created_at',
      sortDir: 'asc',
      limit: 9,
      ...query,
    })
    return page === 'unknown marker' ? page : page.map(({name}) => name).join(' ')
  }
  const describeDefinitions = async (namespace = 'N'): Promise<string> => {
    const found = await metadefs().listDefinitions([namespace])
    return found.map(({kind, name, body}) => `${kind} ${name} ${JSON.stringify(body)}`).join(', ')
  }

  describe('namespaces of metadata definitions', () => {
    it('are found as they were created', async () => {
      const namespace = {
        name: 'Ünï::x/y',
        displayName: 'd',
        description: '☃',
        visibility: 'public',
        protected: true,
        owner: null,
      } as const
      const created = await metadefs().createNamespace(namespace)
      assert.ok(created !== 'known')
      assert.match(created.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/)
      assert.deepEqual(created, {...namespace, createdAt: created.createdAt, updatedAt: created.createdAt})
      assert.deepEqual(await metadefs().findNamespace('Ünï::x/y'), created)
      assert.equal(await metadefs().findNamespace('ünï::x/y'), undefined)
    })

    it('have names of their own', async () => {
      await create({}, tag('t'))
      assert.equal(await create({owner: 'q'}, tag('u')), 'known')
      assert.equal((await metadefs().findNamespace('N'))?.owner, 'p')
      assert.equal(await describeDefinitions(), 'tag t {}')
    })

    it('are changed as a whole, and keep their definitions under a new name', async () => {
      await create({displayName: 'd', protected: true}, tag('t'))
      const before = await metadefs().findNamespace('N')
      const changed = await metadefs().updateNamespace('N', {...PLAIN, name: 'M', visibility: 'public'})
      assert.ok(changed && changed !== 'known' && before && changed.updatedAt)
      assert.ok(changed.updatedAt > before.createdAt)
      const {createdAt} = before
      assert.deepEqual(changed, {
        ...PLAIN,
        name: 'M',
        visibility: 'public',
        createdAt,
        updatedAt: changed.updatedAt,
      })
      assert.deepEqual(await metadefs().findNamespace('M'), changed)
      assert.deepEqual([await describeDefinitions('M'), await describeDefinitions('N')], ['tag t {}', ''])
    })

    it('are not changed when the new name is in use, or when they do not exist', async () => {
      await create({})
      await create({name: 'M', owner: 'q'})
      assert.equal(await metadefs().updateNamespace('N', {...PLAIN, name: 'M'}), 'known')
      assert.equal(await metadefs().updateNamespace('X', {...PLAIN, name: 'Y'}), undefined)
      assert.equal(await list({}), 'N M')
      assert.equal((await metadefs().findNamespace('M'))?.owner, 'q')
    })

    it('are deleted with their definitions, unless they are protected', async () => {
      await create({}, tag('t'), type('R'))
      await create({name: 'M', protected: true}, tag('t'))
      assert.equal(await metadefs().deleteNamespace('N'), 'deleted')
      assert.equal(await metadefs().deleteNamespace('N'), undefined)
      assert.equal(await metadefs().deleteNamespace('M'), 'protected')
      assert.equal(await list({}), 'M')
      await create({})
      assert.deepEqual([await describeDefinitions('N'), await describeDefinitions('M')], ['', 'tag t {}'])
    })

    it('are listed by owner, visibility and types of resources', async () => {
      await create({name: 'A'}, type('R'), type('S'))
      await create({name: 'B', visibility: 'public', owner: 'q'}, type('R'))
      await create({name: 'C', owner: 'q'}, tag('R'))
      await create({name: 'D', visibility: 'public', owner: null})
      const cases: readonly (readonly [Partial<NamespaceQuery>, string])[] = [
        [{}, 'A B C D'],
        [{visibleTo: 'p'}, 'A B D'],
        [{visibleTo: null}, 'B D'],
        [{visibleTo: 'q', visibility: 'private'}, 'C'],
        [{resourceTypes: ['R']}, 'A B'],
        [{resourceTypes: ['S', 'T']}, 'A'],
        [{resourceTypes: ['T']}, ''],
        [{limit: 0}, ''],
      ]
      for (const [query, expected] of cases) assert.equal(await list(query), expected, JSON.stringify(query))
    })

    it('are listed in pages, in any order', async () => {
      await create({name: 'b', displayName: 'z', protected: true})
      await create({name: 'C', owner: null})
      await create({name: 'a', displayName: 'z', visibility: 'public', owner: 'a'})
      const orders: readonly (readonly [NamespaceQuery['sortKey'], 'asc' | 'desc', string])[] = [
        ['created_at', 'asc', 'b C a'],
        ['created_at', 'desc', 'a C b'],
        ['updated_at', 'desc', 'a C b'],
        ['namespace', 'asc', 'C a b'],
        ['display_name', 'asc', 'C b a'],
        ['display_name', 'desc', 'a b C'],
        ['description', 'asc', 'b C a'],
        ['visibility', 'asc', 'b C a'],
        ['protected', 'desc', 'b a C'],
        ['owner', 'asc', 'C a b'],
      ]
      for (const [sortKey, sortDir, expected] of orders) {
        assert.equal(await list({sortKey, sortDir}), expected, sortKey)
        const [first = '', ...rest] = expected.split(' ')
        assert.equal(await list({sortKey, sortDir, limit: 1}), first)
        assert.equal(await list({sortKey, sortDir, marker: first}), rest.join(' '), sortKey)
      }
      assert.equal(await list({marker: 'x'}), 'unknown marker')
    })
  })

  describe('metadata definitions', () => {
    it('are listed in the order of their creation, by kind and name', async () => {
      const body = {title: 'T', enum: ['ü', '2'], items: {type: 'string'}}
      await create({}, {kind: 'property', name: 'z', body}, tag('z'), tag('a'))
      await create({name: 'M'}, tag('m'))
      const names = async (...[namespaces, query]: Parameters<Registry['metadefs']['listDefinitions']>) =>
        (await metadefs().listDefinitions(namespaces, query)).map(({namespace, name}) => namespace + name)
      assert.deepEqual(await names(['N', 'M', 'X']), ['Nz', 'Nz', 'Na', 'Mm'])
      assert.deepEqual(await names(['N'], {kind: 'tag'}), ['Nz', 'Na'])
      assert.deepEqual(await names(['N', 'M'], {name: 'm'}), ['Mm'])
      assert.deepEqual(await names([]), [])
      const [found] = await metadefs().listDefinitions(['N'], {kind: 'property', name: 'z'})
      assert.ok(found)
      const {createdAt, updatedAt, ...rest} = found
      assert.deepEqual(rest, {namespace: 'N', kind: 'property', name: 'z', body})
      assert.equal(createdAt, updatedAt)
    })

    it('are added all or none', async () => {
      await create({protected: true}, tag('t'), property('a', 'A'))
      const added = await metadefs().addDefinitions('N', [tag('a'), property('t', 'T')])
      assert.ok(Array.isArray(added))
      assert.deepEqual(added, (await metadefs().listDefinitions(['N'])).slice(2))
      const refused = await metadefs().addDefinitions('N', [tag('u'), tag('t'), tag('a')])
      assert.deepEqual(refused, {known: 't'})
      assert.equal(await metadefs().addDefinitions('X', [tag('t')]), undefined)
      assert.equal(
        await describeDefinitions(),
        'tag t {}, property a {"title":"A"}, tag a {}, property t {"title":"T"}',
      )
    })

    it('replace those of a kind', async () => {
      await create({}, tag('t'), property('t', 'T'))
      await metadefs().addDefinitions('N', [tag('u'), tag('t')], 'tag')
      assert.equal(await describeDefinitions(), 'property t {"title":"T"}, tag u {}, tag t {}')
      assert.deepEqual(await metadefs().addDefinitions('N', [], 'tag'), [])
      assert.equal(await describeDefinitions(), 'property t {"title":"T"}')
    })

    it('are changed, and keep their place', async () => {
      await create({}, property('a', 'A'), property('b', 'B'), tag('c'))
      const changed = await metadefs().updateDefinition('N', 'a', property('c', 'C'))
      assert.ok(changed && changed !== 'known' && changed.updatedAt)
      assert.ok(changed.updatedAt > changed.createdAt)
      assert.deepEqual((await metadefs().listDefinitions(['N']))[0], changed)
      assert.equal(
        await describeDefinitions(),
        'property c {"title":"C"}, property b {"title":"B"}, tag c {}',
      )
      assert.equal(await metadefs().updateDefinition('N', 'c', property('b', 'X')), 'known')
      assert.equal(await metadefs().updateDefinition('N', 'x', property('y', 'X')), undefined)
      assert.equal(await metadefs().updateDefinition('X', 'c', property('c', 'X')), undefined)
    })

    it('are deleted one by one or by kind, unless their namespace is protected', async () => {
      await create({}, tag('a'), tag('b'), tag('c'), property('a', 'A'))
      assert.equal(await metadefs().deleteDefinitions('N', 'tag', 'b'), 'deleted')
      assert.equal(await metadefs().deleteDefinitions('N', 'tag', 'b'), undefined)
      assert.equal(await metadefs().deleteDefinitions('N', 'object'), 'deleted')
      assert.equal(await metadefs().deleteDefinitions('X', 'tag'), undefined)
      assert.equal(await describeDefinitions(), 'tag a {}, tag c {}, property a {"title":"A"}')
      await metadefs().updateNamespace('N', {...PLAIN, protected: true})
      assert.equal(await metadefs().deleteDefinitions('N', 'tag', 'a'), 'protected')
      assert.equal(await metadefs().deleteDefinitions('N', 'tag'), 'protected')
      await metadefs().updateNamespace('N', PLAIN)
      assert.equal(await metadefs().deleteDefinitions('N', 'tag'), 'deleted')
      assert.equal(await describeDefinitions(), 'property a {"title":"A"}')
    })

    it('leave the types of resources behind', async () => {
      await create({}, type('R'), tag('t'))
      await metadefs().addDefinitions('N', [type('A')])
      await create({name: 'M'}, type('R'))
      await metadefs().deleteNamespace('N')
      const types = await metadefs().listResourceTypes()
      assert.deepEqual(
        types.map(({name}) => name),
        ['R', 'A'],
      )
      assert.ok(types.every(({createdAt, updatedAt}) => createdAt === updatedAt))
    })
  })

  describe('metadata definitions of files', () => {
    it('are added with the time of their creation only', async () => {
      assert.equal(await load({protected: true}, 'keep'), true)
      assert.equal((await metadefs().findNamespace('N'))?.updatedAt, null)
      assert.equal(await describeDefinitions(), 'property a {"title":"new"}, tag u {}')
      assert.ok((await metadefs().listDefinitions(['N'])).every(({updatedAt}) => updatedAt === null))
    })

    for (const [mode, isLoaded, displayName, definitions] of [
      ['keep', false, 'old', 'property a {"title":"old"}, tag t {}'],
      ['merge', true, 'old', 'property a {"title":"old"}, tag t {}, tag u {}'],
      ['prefer-new', true, 'new', 'property a {"title":"new"}, tag t {}, tag u {}'],
      ['overwrite', true, 'new', 'property a {"title":"new"}, tag u {}'],
    ] as const) {
      it(`${mode} a namespace that exists`, async () => {
        await create({displayName: 'old', protected: true}, property('a', 'old'), tag('t'))
        assert.equal(await load({displayName: 'new'}, mode), isLoaded)
        assert.equal((await metadefs().findNamespace('N'))?.displayName, displayName)
        assert.equal(await describeDefinitions(), definitions)
      })
    }

    it('are cleared, even if they are protected', async () => {
      await create({protected: true}, type('R'))
      await metadefs().clear()
      assert.deepEqual([await list({}), await describeDefinitions()], ['', ''])
      assert.deepEqual(await metadefs().listResourceTypes(), [])
    })
  })
}
