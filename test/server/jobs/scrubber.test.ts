/** The scrubber, by the clock of the database, and with the other work that the service repeats. */
import assert from 'node:assert/strict'
import {mkdir, readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {Readable} from 'node:stream'
import {mock} from 'node:test'
import {sql} from 'kysely'
import {UnusedData} from '../../../src/server/images/unused-data.js'
import {startMaintenance} from '../../../src/server/jobs/maintenance.js'
import {Scrubber} from '../../../src/server/jobs/scrubber.js'
import {migrate} from '../../../src/server/registry/migrations/migrate.js'
import {KyselyRegistry} from '../../../src/server/registry/sql/kysely-registry.js'
import {openDatabase} from '../../../src/server/registry/sqlite/open.js'
import {createDataKey} from '../../../src/server/stores/data-key.js'
import {FilesystemStore} from '../../../src/server/stores/filesystem-store.js'
import {useTempDir} from '../../support/temp-dir.js'

const DAY = 86_400

/** Seconds since 1970 that each statement reads. */
const clock = {time: 1_000_000}

class ClockRegistry extends KyselyRegistry {
  protected override get seconds() {
    return sql<number>`${clock.time}`
  }
}

describe('the scrubber', () => {
  const folder = useTempDir()
  let registry: KyselyRegistry
  let store: FilesystemStore
  let unused: UnusedData
  let scrubber: Scrubber
  let warnings: string[]
  beforeEach(async () => {
    clock.time = 1_000_000
    const db = await openDatabase(':memory:')
    await migrate(db)
    registry = new ClockRegistry(db)
    await mkdir(join(folder(), 'images'))
    store = new FilesystemStore(join(folder(), 'images'))
    warnings = []
    unused = new UnusedData({
      registry,
      holder: 'p',
      stores: [store],
      describe: String,
      warn: line => warnings.push(line),
    })
    scrubber = new Scrubber({registry, unused, scrubTime: DAY})
  })
  afterEach(() => registry.close())

  const countStored = async () => (await readdir(join(folder(), 'images'))).length
  const remove = async (id: string) => {
    const {location} = await store.put(createDataKey(id), Readable.from(['data']))
    await registry.create({id, status: 'active', location})
    await registry.delete(id, () => ({status: 'pending_delete'}))
  }
  const readStatus = async (id: string) => (await registry.find(id))?.status

  it('keeps the data for a day, and then deletes it', async () => {
    await remove('a')
    clock.time += DAY - 1
    await remove('b')
    assert.deepEqual([await scrubber.scrub(), await countStored()], [0, 2])
    assert.equal(await readStatus('a'), 'pending_delete')
    clock.time += 1
    assert.deepEqual([await scrubber.scrub(), await countStored()], [1, 1])
    assert.deepEqual([await readStatus('a'), await readStatus('b')], ['deleted', 'pending_delete'])
    assert.deepEqual(await registry.listUnusedData(9), [])
  })

  it('leaves the data of such images to no search', async () => {
    const id = 'b1e5d6a0-0000-4000-8000-000000000000'
    await remove(id)
    assert.deepEqual([await unused.removeAll(), await unused.sweep(), await countStored()], [0, 0, 1])
    clock.time += DAY
    await registry.scrub(DAY, 1)
    assert.deepEqual([await unused.sweep(), await countStored()], [1, 0])
  })

  it('takes several portions', async () => {
    for (let n = 0; n < 201; n++) {
      await registry.create({id: `${n}`, status: 'active', location: `https://example.com/${n}`})
      await registry.delete(`${n}`, () => ({status: 'pending_delete'}))
    }
    clock.time += DAY
    assert.deepEqual([await scrubber.scrub(), await scrubber.scrub()], [201, 0])
    assert.equal(await readStatus('200'), 'deleted')
  })

  it('shares the images with others that scrub at the same time', async () => {
    for (let n = 0; n < 150; n++) await remove(`${n}`)
    clock.time += DAY
    const other = new Scrubber({registry, unused, scrubTime: DAY})
    const scrubbed = await Promise.all([scrubber.scrub(), other.scrub()])
    assert.equal(scrubbed[0] + scrubbed[1], 150)
    assert.deepEqual([await countStored(), warnings], [0, []])
  })

  it('leaves data that cannot be deleted to the clean-ups', async () => {
    await remove('a')
    clock.time += DAY
    const broken = () => Promise.reject(new Error('the disk is busy'))
    const works = store.delete.bind(store)
    store.delete = broken
    assert.deepEqual([await scrubber.scrub(), await readStatus('a'), warnings.length], [1, 'deleted', 1])
    store.delete = works
    await unused.retry()
    assert.equal(await countStored(), 0)
  })

  it('runs every minute, and goes on after an error', async () => {
    mock.timers.enable({apis: ['setInterval']})
    const log: string[] = []
    const results = [() => Promise.reject(new Error('away')), async () => 2, async () => 0]
    let done: () => void = () => {}
    const scrub = async () => {
      done()
      return await results.shift()!()
    }
    const nothing = async () => {}
    const queue = {wake: () => {}}
    const parts = {queue, scrubber: {scrub}, unused, registry, cleanups: {retry: nothing}, warn: nothing}
    const end = startMaintenance({...parts, log: line => log.push(line)})
    try {
      for (const _ of [1, 2, 3]) {
        const called = new Promise<void>(resolve => {
          done = resolve
        })
        mock.timers.tick(60_000)
        await called
      }
      assert.deepEqual([results.length, log], [0, ['scrubbed 2 images that were deleted']])
    } finally {
      end()
      mock.timers.reset()
    }
  })

  it('is not all: old tasks are deleted every hour, also after an error', async () => {
    mock.timers.enable({apis: ['setInterval']})
    const results = [() => Promise.reject(new Error('away')), async () => {}]
    let done: () => void = () => {}
    const deleteFinishedTasks = () => {
      done()
      return results.shift()!()
    }
    const [nothing, none] = [async () => {}, async () => 0]
    const end = startMaintenance({
      registry: {deleteFinishedTasks},
      unused: {retry: nothing, removeAll: none, sweep: none},
      cleanups: {retry: nothing},
      scrubber: {scrub: none},
      queue: {wake: () => {}},
      log: () => {},
      warn: () => {},
    })
    try {
      for (const _ of [1, 2]) {
        const called = new Promise<void>(resolve => {
          done = resolve
        })
        mock.timers.tick(3_600_000)
        await called
      }
    } finally {
      end()
      mock.timers.reset()
    }
  })
})
