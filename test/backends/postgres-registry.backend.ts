/** The registry in PostgreSQL: the contract, several processes, and the order of text. */
import assert from 'node:assert/strict'
import type {Registry} from '../../src/server/registry/registry.js'
import {registryContract} from '../contract/registry.contract.js'
import {startRegistryServer} from '../support/registry-server.js'
import {describePostgres, inSchema, openTestRegistry, useDatabase} from './postgres.js'

const newest = {sortKey: 'created_at', sortDir: 'desc', limit: 100} as const

async function listNames(registry: Registry): Promise<readonly (string | null)[]> {
  const page = await registry.list({sortKey: 'name', sortDir: 'asc', limit: 100})
  return page === 'unknown marker' ? [] : page.images.map(({name}) => name)
}

describePostgres('in a database', () => {
  const database = useDatabase()

  const open = async () => {
    const registry = await openTestRegistry(database.url)
    const tables =
      'images, image_properties, image_members, image_tags, tasks, unused_data, purged_images, processes, ' +
      'metadef_namespaces, metadef_definitions, metadef_resource_types, events'
    await database.run(`truncate ${tables}`)
    return registry
  }

  registryContract('PostgreSQL', open)

  registryContract('PostgreSQL of a registry server', async () => {
    const server = await startRegistryServer(await open())
    const registry = await server.open()
    const close = registry.close.bind(registry)
    return Object.assign(registry, {close: () => close().then(() => server.close())})
  })
})

describePostgres('several registries in one PostgreSQL database', () => {
  const database = useDatabase()
  const opened: Registry[] = []
  const open = async (schema: string) => {
    await database.run(`create schema if not exists ${schema}`)
    const registry = await openTestRegistry(inSchema(database.url, schema))
    opened.push(registry)
    return registry
  }
  afterEach(() => Promise.all(opened.splice(0).map(registry => registry.close())))

  it('update the schema once when they start at the same time', async () => {
    await database.run('create schema started')
    const url = inSchema(database.url, 'started')
    const registries = await Promise.all(Array.from({length: 6}, () => openTestRegistry(url)))
    opened.push(...registries)
    await registries[0]?.create({id: 'a', name: 'n'})
    assert.equal((await registries[5]?.find('a'))?.name, 'n')
  })

  it('lose none of 40 changes of one image', async () => {
    const both = [await open('changed'), await open('changed')]
    await both[0]?.create({id: 'a', properties: {}})
    const names = Array.from({length: 40}, (_, n) => `p${String(n).padStart(2, '0')}`)
    await Promise.all(
      names.map((name, n) =>
        both[n % 2]?.change('a', ({properties}) => ({properties: {...properties, [name]: 'v'}})),
      ),
    )
    assert.deepEqual(Object.keys((await both[1]?.find('a'))?.properties ?? {}), names)
  })

  it('add no more members than a decision allows', async () => {
    const both = [await open('members'), await open('members')]
    await both[0]?.create({id: 'a'})
    const adding = Array.from({length: 30}, (_, n) =>
      both[n % 2]?.addMember('a', `m${n}`, (_image, members) => {
        if (members.length >= 10) throw new Error('full')
        return undefined
      }),
    )
    const refused = (await Promise.allSettled(adding)).filter(({status}) => status === 'rejected')
    assert.deepEqual([refused.length, (await both[1]?.listMembers('a'))?.length], [20, 10])
  })

  it('end tasks together with their images, each once', async () => {
    const both = [await open('tasks'), await open('tasks')]
    await both[0]?.create({id: 'a', size: 0})
    const task = {imageId: 'a', type: 'x', owner: null, userId: null, requestId: '', input: ''}
    const add = (n: number) => both[n % 2]?.createTask({...task, id: `t${n}`}, ({size}) => ({size: size + 1}))
    await Promise.all(Array.from({length: 20}, (_, n) => add(n)))
    const end = (n: number) =>
      both[n % 2]?.updateTask({id: `t${n % 10}`, holder: null}, {status: 'success'}, ({size}) => ({
        size: size + 1,
      }))
    await Promise.all(Array.from({length: 20}, (_, n) => end(n)))
    // Ten of the changes found a task that had ended.
    assert.equal((await both[0]?.find('a'))?.size, 30)
  })

  it('delete images with the same data at the same time', async () => {
    const both = [await open('deleted'), await open('deleted')]
    const urls = Array.from({length: 8}, (_, n) => ({url: `http://h/${n}`, metadata: {}}))
    const ids = Array.from({length: 16}, (_, n) => `i${n}`)
    for (const [n, id] of ids.entries()) {
      await both[0]?.create({id, locations: n % 2 === 0 ? urls : urls.toReversed()})
    }
    const deleted = await Promise.all(ids.map((id, n) => both[n % 2]?.delete(id)))
    assert.deepEqual(
      deleted.map(deletion => deletion?.image.id),
      ids,
    )
    assert.equal((await both[0]?.listUnusedData(100))?.length, 8)
  })

  it('scrub each image once, and restore none that is scrubbed', async () => {
    const both = [await open('scrubbed'), await open('scrubbed')]
    const ids = Array.from({length: 60}, (_, n) => `i${n}`)
    for (const [n, id] of ids.entries()) {
      await both[0]?.create({id, status: 'active', location: `http://h/${id}`, properties: {k: 'v'}})
      await both[n % 2]?.delete(id, () => ({status: 'pending_delete'}))
    }
    const scrubs = Array.from({length: 12}, (_, n) => both[n % 2]!.scrub(-3600, 10))
    const restores = ids.map((id, n) => both[n % 2]!.restore(id))
    const scrubbed = (await Promise.all(scrubs)).flatMap(found => found.ids)
    const results = await Promise.all(restores)
    const restored = ids.filter((_, n) => results[n] === 'restored')
    assert.deepEqual([...scrubbed, ...restored].sort(), [...ids].sort())
    for (const id of restored) assert.deepEqual((await both[0]?.find(id))?.properties, {k: 'v'})
    assert.equal((await both[1]?.listUnusedData(100))?.length, scrubbed.length)
  })

  it('see the image and its properties of the same time', async () => {
    const both = [await open('snapshots'), await open('snapshots')]
    await both[0]?.create({id: 'a', size: 0, properties: {n: '0'}})
    const changing = (async () => {
      for (let n = 1; n <= 50; n++) await both[0]?.change('a', () => ({size: n, properties: {n: `${n}`}}))
    })()
    const seen = new Set<string>()
    const look = async () => {
      for (let n = 0; n < 50; n++) {
        const image = await both[1]?.find('a')
        seen.add(`${Number(image?.size) - Number(image?.properties['n'])}`)
      }
    }
    await Promise.all([changing, look(), look()])
    assert.deepEqual([...seen], ['0'])
  })

  it('are apart in schemas of their own', async () => {
    const [one, other] = [await open('one'), await open('other')]
    await one.create({id: 'a'})
    assert.equal(await other.find('a'), undefined)
    assert.equal((await other.create({id: 'a', name: 'n'}))?.name, 'n')
  })

  it('keep values that are too long for an index', async () => {
    const registry = await open('long')
    const noise = Array.from({length: 4000}, (_, n) =>
      String.fromCodePoint(0x1f300 + ((n * 7919) % 700)),
    ).join('')
    await registry.create({id: 'a', location: `http://h/${noise}`, properties: {k: noise, l: `${noise}x`}})
    const page = await registry.list({...newest, properties: {k: noise}})
    assert.equal(page !== 'unknown marker' && page.images[0]?.id, 'a')
    assert.deepEqual(await registry.list({...newest, properties: {l: noise}}), {images: [], hasMore: false})
    await registry.delete('a')
    assert.deepEqual(await registry.listUnusedData(10), [`http://h/${noise}`])
  })

  it('refuse a schema that does not exist', async () => {
    await assert.rejects(openTestRegistry(inSchema(database.url, 'absent')), {
      name: 'Failure',
      message: 'cannot find the schema of the registry',
    })
  })
})

describePostgres('a PostgreSQL database with the order of a language', () => {
  const database = useDatabase("encoding 'UTF8' locale_provider icu icu_locale 'en' locale 'C.UTF-8'")

  it('sorts by bytes all the same', async () => {
    const registry = await openTestRegistry(database.url)
    for (const [n, name] of ['b', 'B', 'a', 'é', 'A', 'z', '_'].entries())
      await registry.create({id: `${n}`, name})
    assert.deepEqual(await listNames(registry), ['A', 'B', '_', 'a', 'b', 'z', 'é'])
    const rows = await database.run("select name from (values ('b'), ('B'), ('a')) as t (name) order by name")
    assert.deepEqual(
      rows.map(({name}) => name),
      ['a', 'b', 'B'],
    )
    await registry.close()
  })
})
