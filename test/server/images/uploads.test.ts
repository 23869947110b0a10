/** Uploads that fail when the registry fails too. */
import assert from 'node:assert/strict'
import {Readable} from 'node:stream'
import type {Inspector} from '../../../src/server/images/content.js'
import {Quotas} from '../../../src/server/images/quotas.js'
import {createVerifier} from '../../../src/server/images/signatures/signatures.js'
import {UnusedData} from '../../../src/server/images/unused-data.js'
import {type OpenData, SAVING} from '../../../src/server/images/upload/plan.js'
import {Uploads} from '../../../src/server/images/uploads.js'
import {PendingCleanups} from '../../../src/server/jobs/cleanups.js'
import type {ImageRecord, Registry} from '../../../src/server/registry/registry.js'
import {openRegistry} from '../../../src/server/registry/sqlite/open.js'
import {RegistryUnavailable} from '../../../src/server/registry/unavailable.js'
import {type Store, StoreUnavailable} from '../../../src/server/stores/store.js'

const IMAGE = {
  id: 'a',
  status: 'queued',
  locations: [],
  arriving: null,
  holder: null,
  properties: {},
} as Partial<ImageRecord> as ImageRecord

const VERIFY = createVerifier(() => undefined)
const NO_LIMITS = {imageSize: 0, storage: 0, images: 0, uploading: 0}

describe('an upload that fails while the registry is read-only', () => {
  let full: boolean
  let killed: Promise<string>
  let uploads: Uploads
  let store: Store
  let stored: boolean
  let searches: number
  beforeEach(() => {
    searches = 0
    full = true
    stored = false
    let tell: (id: string) => void
    killed = new Promise(resolve => {
      tell = resolve
    })
    const images = new Map<string, ImageRecord>()
    const change: Registry['change'] = async (id, decide) => {
      const image = images.get(id) ?? {...IMAGE, id}
      const changes = decide(image)
      const status = changes?.status
      if (!status) return undefined
      const fails = status === 'active' || (status === 'killed' && full)
      if (fails) throw Object.assign(new Error(`${status}: disk is full`), {code: 'SQLITE_FULL'})
      if (status === 'killed') tell(id)
      images.set(id, {...image, ...changes})
      return images.get(id)
    }
    const put: Store['put'] = async () => {
      if (!stored) throw new Error('the data broke off')
      return {
        location: 'file:///images/a',
        size: 1,
        checksum: 'c',
        hashAlgo: 'sha512' as const,
        hashValue: '',
      }
    }
    const remove: Store['delete'] = async () => {
      throw new Error('the file would not go')
    }
    store = {
      put,
      delete: remove,
      locate: key => `file:///images/${key}`,
      owns: () => true,
    } as Partial<Store> as Store
    const find: Registry['find'] = async id => images.get(id) ?? {...IMAGE, id}
    const listUnusedData = async () => {
      searches += 1
      return []
    }
    const registry = {change, find, listUnusedData} as Partial<Registry> as Registry
    const unused = new UnusedData({registry, holder: 'p', stores: [store], describe: String, warn: () => {}})
    uploads = new Uploads({
      registry,
      holder: 'p',
      unused,
      cleanups: new PendingCleanups(),
      verify: VERIFY,
      quotas: new Quotas(registry, NO_LIMITS),
      describe: String,
    })
  })

  const upload = (image: ImageRecord, open: OpenData) =>
    uploads.execute({...SAVING, onFailure: 'killed', store}, image, open)
  const run = () => upload(IMAGE, () => Readable.from(['x']))

  it('reports the first error', async () => {
    await assert.rejects(run(), {message: 'the data broke off'})
  })

  it('reports the first error also when the stored data remains', async () => {
    stored = true
    await assert.rejects(run(), (error: Error) => /^active:/.test((error.cause as Error).message))
  })

  it('reports the first error of a source that does not open', async () => {
    const failToOpen = () => Promise.reject(new Error('no such source'))
    await assert.rejects(upload(IMAGE, failToOpen), {message: 'no such source'})
  })

  it('leaves the image killed when another is deleted', async () => {
    await assert.rejects(run())
    full = false
    uploads.abort('b')
    assert.equal(await killed, 'a')
  })

  it('has the next one try to delete its data again, but not in a store that was away', async () => {
    const next = () => upload({...IMAGE, id: 'b'}, () => Readable.from(['x']))
    await assert.rejects(run())
    await assert.rejects(next())
    assert.equal(searches, 1)
    store.delete = () => Promise.reject(new StoreUnavailable('S3 is away'))
    await assert.rejects(next())
    searches = 0
    await assert.rejects(next())
    assert.equal(searches, 0)
  })

  it('leaves the image killed when another receives data', async () => {
    await assert.rejects(run())
    full = false
    await assert.rejects(upload({...IMAGE, id: 'b'}, () => Readable.from(['x'])))
    assert.equal(await killed, 'a')
  })
})

describe('an upload whose last change breaks off', () => {
  /** A registry whose connection ends with that change, which was made or not. */
  async function uploadWith(isMade: boolean): Promise<{image: ImageRecord | undefined; removed: string[]}> {
    const registry = await openRegistry(':memory:')
    await registry.create({id: 'a', status: 'queued'})
    const change: Registry['change'] = async (id, decide) => {
      const ends = (await registry.find(id))?.status === 'saving' && !hasFailed
      if (!ends || isMade) await registry.change(id, decide)
      if (!ends) return registry.find(id)
      hasFailed = true
      throw new RegistryUnavailable('Connection terminated unexpectedly', undefined)
    }
    let hasFailed = false
    const breaking = new Proxy(registry, {
      get: (target, name: keyof Registry) => {
        const member = target[name]
        if (name === 'change') return change
        return typeof member === 'function' ? member.bind(target) : member
      },
    })
    const removed: string[] = []
    const location = 'file:///images/a'
    const remove = async (url: string) => removed.push(url) > 0
    const put = async () => ({location, size: 1, checksum: 'c', hashAlgo: 'sha512' as const, hashValue: ''})
    const methods = {put, delete: remove, locate: () => location, owns: () => true}
    const store = methods as Partial<Store> as Store
    const unused = new UnusedData({
      registry: breaking,
      holder: 'p',
      stores: [store],
      describe: String,
      warn: () => {},
    })
    const quotas = new Quotas(registry, NO_LIMITS)
    const parts = {registry: breaking, holder: 'p', unused}
    const uploads = new Uploads({
      ...parts,
      cleanups: new PendingCleanups(),
      quotas,
      verify: VERIFY,
      describe: String,
    })
    const uploading = uploads.execute({...SAVING, onFailure: 'queued', store}, {...IMAGE, id: 'a'}, () =>
      Readable.from(['x']),
    )
    await assert.rejects(uploading, {code: 'registry-unavailable'})
    const image = await registry.find('a')
    await registry.close()
    return {image, removed}
  }

  it('keeps the data if the change was made', async () => {
    const {image, removed} = await uploadWith(true)
    assert.deepEqual([image?.status, image?.location, removed], ['active', 'file:///images/a', []])
  })

  it('removes the data if the change was not made', async () => {
    const {image, removed} = await uploadWith(false)
    assert.deepEqual([image?.status, image?.location, removed[0]], ['queued', null, 'file:///images/a'])
  })
})

describe('an upload whose first change breaks off', () => {
  for (const [onFailure, isMade] of [
    ['queued', true],
    ['killed', true],
    ['killed', false],
  ] as const) {
    it(`leaves the image ${onFailure} if the change was ${isMade ? '' : 'not '}made`, async () => {
      const registry = await openRegistry(':memory:')
      await registry.create({id: 'a'})
      const change = registry.change.bind(registry)
      registry.change = async (id, decide) => {
        registry.change = change
        if (isMade) await change(id, decide)
        throw new RegistryUnavailable('Connection terminated unexpectedly', undefined)
      }
      const store = {locate: () => 'file:///images/a', owns: () => false} as Partial<Store> as Store
      const unused = new UnusedData({
        registry,
        holder: 'p',
        stores: [store],
        describe: String,
        warn: () => {},
      })
      const parts = {
        cleanups: new PendingCleanups(),
        verify: VERIFY,
        describe: String,
        quotas: new Quotas(registry, NO_LIMITS),
      }
      const uploads = new Uploads({registry, holder: 'p', unused, ...parts})
      const open = () => Readable.from(['x'])
      const uploading = uploads.execute({...SAVING, onFailure, store}, {...IMAGE, id: 'a'}, open)
      await assert.rejects(uploading, {code: 'registry-unavailable'})
      const {status, arriving, holder} = (await registry.find('a')) ?? {}
      await registry.close()
      assert.deepEqual({status, arriving, holder}, {status: onFailure, arriving: null, holder: null})
    })
  }
})

describe('an upload whose failure cannot be recorded', () => {
  it('is ended later, also when another one into its image fails meanwhile', async () => {
    const registry = await openRegistry(':memory:')
    const image = await registry.create({id: 'a', status: 'queued'})
    assert(image)
    const cleanups = new PendingCleanups()
    const change = registry.change.bind(registry)
    const put = () => {
      registry.change = () => Promise.reject(new RegistryUnavailable('terminated', undefined))
      return Promise.reject(new Error('the disk is broken'))
    }
    const methods = {put, delete: async () => false, locate: () => 'file:///images/a', owns: () => true}
    const store = methods as Partial<Store> as Store
    const unused = new UnusedData({registry, holder: 'p', stores: [store], describe: String, warn: () => {}})
    const uploads = new Uploads({
      registry,
      holder: 'p',
      unused,
      cleanups,
      verify: VERIFY,
      quotas: new Quotas(registry, NO_LIMITS),
      describe: String,
    })
    const plan = {...SAVING, onFailure: 'queued', store} as const
    await assert.rejects(
      uploads.execute(plan, image, () => Readable.from(['x'])),
      /the disk is broken/,
    )
    const open = () => Promise.reject(new Error('nothing there'))
    await assert.rejects(uploads.execute(plan, image, open), /nothing there/)
    assert.equal((await registry.find('a'))?.status, 'saving')
    registry.change = change
    await cleanups.retry()
    assert.equal((await registry.find('a'))?.status, 'queued')
    await registry.close()
  })
})

describe('an upload into an image whose formats change', () => {
  it('inspects the data for the formats that the image has in the end', async () => {
    const registry = await openRegistry(':memory:')
    const stored = {
      location: 'file:///images/a',
      size: 1,
      checksum: 'c',
      hashAlgo: 'sha512' as const,
      hashValue: '',
    }
    const locate = () => stored.location
    const store = {put: async () => stored, locate, owns: () => false} as Partial<Store> as Store
    const unused = new UnusedData({registry, holder: 'p', stores: [store], describe: String, warn: () => {}})
    const uploads = new Uploads({
      registry,
      holder: 'p',
      unused,
      cleanups: new PendingCleanups(),
      verify: VERIFY,
      quotas: new Quotas(registry, NO_LIMITS),
      describe: String,
    })
    const seen: (string | null)[] = []
    const setFormat = (diskFormat: string) => registry.change('a', () => ({diskFormat}))
    const inspect: Inspector = async ({diskFormat}) => {
      if (seen.push(diskFormat) === 1) await setFormat('qcow2')
      return {virtualSize: seen.length}
    }
    const image = await registry.create({id: 'a', status: 'queued', diskFormat: 'raw'})
    assert(image)
    await setFormat('vmdk')
    const plan = {...SAVING, onFailure: 'killed', store, inspect} as const
    const {status, virtualSize, arriving} = await uploads.execute(plan, image, () => Readable.from(['x']))
    assert.deepEqual(seen, ['vmdk', 'qcow2'])
    assert.deepEqual({status, virtualSize, arriving}, {status: 'active', virtualSize: 2, arriving: null})
    await registry.close()
  })
})
