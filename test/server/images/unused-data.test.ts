/** Unused data: deleted with the change that drops it, after a crash, and when an attempt failed. */
import assert from 'node:assert/strict'
import {mkdir, readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {Readable} from 'node:stream'
import {UnusedData} from '../../../src/server/images/unused-data.js'
import type {Registry} from '../../../src/server/registry/registry.js'
import {openRegistry} from '../../../src/server/registry/sqlite/open.js'
import {createDataKey} from '../../../src/server/stores/data-key.js'
import {FilesystemStore} from '../../../src/server/stores/filesystem-store.js'
import {type Store, StoreUnavailable} from '../../../src/server/stores/store.js'
import {useTempDir} from '../../support/temp-dir.js'

describe('unused data', () => {
  const directory = useTempDir()
  let registry: Registry
  let store: Store
  let staging: Store
  let warnings: string[]
  let unused: UnusedData
  beforeEach(async () => {
    registry = await openRegistry(':memory:')
    const folders = ['images', 'staging'].map(name => join(directory(), name))
    for (const folder of folders) await mkdir(folder)
    const [one, other] = folders.map(folder => new FilesystemStore(folder))
    store = one!
    staging = other!
    warnings = []
    unused = create([store, staging])
  })
  afterEach(() => registry.close())

  const create = (stores: readonly Store[]) =>
    new UnusedData({registry, holder: 'p', stores, describe: String, warn: line => warnings.push(line)})
  const put = async (id: string, into = store): Promise<string> =>
    (await into.put(createDataKey(id), Readable.from(['data']))).location
  const count = async () => (await readdir(join(directory(), 'images'))).length
  const countStaged = async () => (await readdir(join(directory(), 'staging'))).length
  const known = () => registry.listUnusedData(10)

  it('is deleted with the change that drops it, from each store', async () => {
    await registry.create({id: 'i', status: 'importing', location: await put('i', staging)})
    const location = await put('i')
    assert.equal((await unused.change('i', () => ({location})))?.location, location)
    assert.deepEqual([await count(), await countStaged(), await known()], [1, 0, []])
  })

  it('is deleted with the change of a task that drops it', async () => {
    const urls = [await put('i'), await put('i'), await put('i')]
    const locations = urls.map(url => ({url, metadata: {}}))
    await registry.create({id: 'i', status: 'active', locations, arriving: await put('i')})
    const task = {id: 't', imageId: 'i', type: 'x', owner: null, userId: null, requestId: 'r', input: '{}'}
    await registry.createTask(task, () => ({}))
    const held = {id: 't', holder: null}
    await unused.changeTask(held, {}, () => ({locations: locations.slice(0, 2)}))
    assert.equal(await count(), 3)
    await unused.changeTask(held, {}, () => ({arriving: null}))
    assert.equal(await count(), 2)
    await unused.changeTask(held, {}, () => ({location: null}))
    assert.deepEqual([await count(), await known()], [0, []])
  })

  it('on other servers is left alone', async () => {
    await registry.create({id: 'i', location: 'https://example.com/i'})
    await unused.change('i', () => ({location: null}))
    assert.deepEqual([warnings, await known()], [[], []])
  })

  it('is deleted after a crash between the deletion of its image and its own', async () => {
    await registry.create({id: 'i', location: await put('i')})
    await registry.delete('i')
    assert.equal(await count(), 1)
    assert.equal(await unused.removeAll(), 1)
    assert.deepEqual([await count(), await known()], [0, []])
  })

  it('is tried once while its store is away, and remembered', async () => {
    const locations = [await put('i'), await put('i'), await put('i', staging)]
    let tries = 0
    const remove: Store['delete'] = async () => {
      tries += 1
      throw new StoreUnavailable('S3 is away')
    }
    const away = {owns: (location: string) => store.owns(location), delete: remove} as Partial<Store> as Store
    await registry.create({
      id: 'i',
      location: locations[0]!,
      locations: locations.map(url => ({url, metadata: {}})),
    })
    await registry.delete('i')
    unused = create([away, staging])
    assert.equal(await unused.removeAll(), 1)
    assert.deepEqual([tries, warnings.length, (await known()).length], [1, 1, 2])
  })

  it('that cannot be deleted is reported, and deleted by a later attempt', async () => {
    await registry.create({id: 'i', location: await put('i')})
    let isBroken = true
    const remove: Store['delete'] = async location => {
      if (isBroken) throw new Error('the disk is busy')
      return store.delete(location)
    }
    unused = create([{owns: () => true, delete: remove} as Partial<Store> as Store])
    await unused.change('i', () => ({location: null}))
    const [location] = await known()
    assert.deepEqual(warnings, [
      `cannot delete unused data at ${location}, will try again: Error: the disk is busy`,
    ])
    await unused.retry()
    assert.equal((await known()).length, 1)
    isBroken = false
    await unused.retry()
    assert.deepEqual([await count(), await known()], [0, []])
  })

  it('is deleted in portions, also after some that cannot be deleted', async () => {
    const locations: string[] = []
    for (let n = 0; n < 210; n++) locations.push(store.locate(createDataKey('i')))
    locations.sort()
    const record = (part: readonly string[]) => part.map(url => ({url, metadata: {}}))
    await registry.create({id: 'i', locations: record(locations.slice(0, 105))})
    await registry.create({id: 'j', locations: record(locations.slice(105))})
    for (const id of ['i', 'j']) await registry.delete(id)
    const stuck = new Set(locations.slice(0, 100))
    const remove: Store['delete'] = async location => {
      if (stuck.has(location)) throw new Error('the disk is busy')
      return true
    }
    unused = create([{owns: () => true, delete: remove} as Partial<Store> as Store])
    assert.equal(await unused.removeAll(), 110)
    assert.deepEqual(await registry.listUnusedData(1000), locations.slice(0, 100))
  })

  it('without a record is found by a search, but data in use and of unknown images is kept', async () => {
    const id = 'b1e5d6a0-0000-4000-8000-000000000000'
    const [used, arriving] = [await put(id), await put(id)]
    await put(id)
    await put('unknown')
    const deleted = 'b1e5d6a0-0000-4000-8000-000000000001'
    await put(deleted)
    await store.put(deleted, Readable.from(['data of an earlier release']))
    await registry.create({id, location: used, arriving})
    await registry.create({id: deleted})
    await registry.delete(deleted)
    assert.equal(await unused.sweep(), 3)
    const kept = (await readdir(join(directory(), 'images'))).map(name => store.locate(name))
    assert.deepEqual(kept.filter(location => !location.includes('unknown')).sort(), [used, arriving].sort())
    assert.equal(kept.length, 3)
  })

  it('that a search cannot delete is reported, and the search goes on in other stores', async () => {
    const sweep = () => Promise.reject(new Error('the disk is busy'))
    await registry.create({id: 'i'})
    await put('i')
    assert.equal(await create([{sweep} as Partial<Store> as Store, store]).sweep(), 1)
    assert.deepEqual(warnings, ['cannot find and delete all unused data: Error: the disk is busy'])
  })

  it('is not searched after the end of the service', async () => {
    await registry.create({id: 'i'})
    await put('i')
    await registry.create({id: 'j', location: await put('j')})
    await registry.delete('j')
    const end = AbortSignal.abort()
    assert.deepEqual([await unused.removeAll(end), await unused.sweep(end), warnings], [0, 0, []])
    assert.equal(await count(), 2)
  })

  it('is deleted later if the registry could not be read at first', async () => {
    await registry.create({id: 'i', location: await put('i')})
    await registry.delete('i')
    const list = registry.listUnusedData.bind(registry)
    registry.listUnusedData = () => Promise.reject(new Error('the disk is busy'))
    await unused.removeAll()
    registry.listUnusedData = list
    await unused.retry()
    assert.deepEqual([await count(), await known()], [0, []])
  })

  for (const [change, location] of [
    ['the folder was moved', 'file:///srv/elsewhere/images/KEY'],
    ['the folder was renamed', 'file:///srv/pool/KEY'],
    ['the objects were copied into another bucket', 's3://old/KEY'],
  ] as const) {
    it(`is not mistaken when ${change}`, async () => {
      const key = createDataKey('i')
      for (const name of ['i', key, createDataKey('i')]) await store.put(name, Readable.from(['data']))
      const locations = [key, 'i'].map(name => ({url: location.replace('KEY', name), metadata: {}}))
      await registry.create({id: 'i', locations})
      assert.equal(await unused.sweep(), 1)
      assert.deepEqual((await readdir(join(directory(), 'images'))).sort(), ['i', key])
    })
  }

  it('is found though an image has locations on web servers, which need not be well-formed', async () => {
    await put('i')
    await registry.create({id: 'i', location: 'https://example.com/i?at=1%'})
    assert.deepEqual([await unused.sweep(), warnings], [1, []])
  })

  it('stays recorded while the service does not have its store', async () => {
    await registry.create({id: 'i', location: await put('i'), arriving: await put('i')})
    await registry.create({id: 'w', location: 'https://example.com/w'})
    for (const id of ['i', 'w']) await registry.delete(id)
    unused = create([staging])
    assert.deepEqual([await unused.removeAll(), await unused.removeAll()], [0, 0])
    const [first = '', ...others] = await known()
    assert.equal(others.length, 1)
    assert.deepEqual(warnings, [`kept unused data at ${first}: it is in no store of this service`])
    assert.equal(await create([staging, store]).removeAll(), 2)
    assert.deepEqual([await count(), await known()], [0, []])
  })

  it('is tried once while its store is away, also in portions, and then not for those who wait', async () => {
    const locations = Array.from({length: 210}, () => store.locate(createDataKey('i')))
    const record = (part: readonly string[]) => part.map(url => ({url, metadata: {}}))
    await registry.create({id: 'i', locations: record(locations.slice(0, 105))})
    await registry.create({id: 'j', locations: record(locations.slice(105))})
    for (const id of ['i', 'j']) await registry.delete(id)
    let tries = 0
    const remove: Store['delete'] = async () => {
      tries += 1
      throw new StoreUnavailable('S3 is away')
    }
    unused = create([{owns: () => true, delete: remove} as Partial<Store> as Store])
    await unused.removeAll()
    assert.equal(tries, 1)
    await unused.retryUnlessAway()
    assert.equal(tries, 1)
    await unused.retry()
    assert.equal(tries, 2)
  })

  it('is not what another store in the same place uses', async () => {
    const id = 'b1e5d6a0-0000-4000-8000-000000000000'
    const location = await put(id)
    await registry.create({id, location})
    const view: Partial<Store> = {
      owns: () => false,
      sweep: async findUnused => (await findUnused([location.slice(location.lastIndexOf('/') + 1)])).length,
    }
    assert.equal(await create([view as Store]).sweep(), 0)
  })
})
