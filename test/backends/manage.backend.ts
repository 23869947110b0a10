/** `glance-manage` on a registry in PostgreSQL. */
import assert from 'node:assert/strict'
import {mkdir, mkdtemp, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {manage} from '../../src/manage.js'
import {openRegistry} from '../../src/server/registry/sqlite/open.js'
import {fakeIo} from '../support/fake-io.js'
import {describePostgres, inSchema, openTestRegistry, useDatabase} from './postgres.js'

const LATEST = '0016_rare_filters'

describePostgres('glance-manage with PostgreSQL', () => {
  const database = useDatabase()
  let folder: string
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'glance-manage-'))
  })
  after(() => rm(folder, {recursive: true, force: true}))

  async function run(argv: readonly string[], url: string): Promise<readonly [number, string, string]> {
    const {io, seen} = fakeIo({cwd: folder, env: {GLANCE_SQL_CONNECTION: url}})
    const code = await manage(argv, io)
    const {stdout, stderr} = seen()
    return [code, stdout, stderr]
  }

  async function makeSchema(name: string): Promise<string> {
    await database.run(`create schema ${name}`)
    return inSchema(database.url, name)
  }

  it('creates the tables once, however many run it', async () => {
    const url = await makeSchema('synced')
    assert.deepEqual(await run(['db_version'], url), [0, `none (this release has ${LATEST})\n`, ''])
    const runs = await Promise.all(Array.from({length: 4}, () => run(['db_sync'], url)))
    for (const [code, stdout] of runs) {
      assert.equal(code, 0)
      assert.match(stdout, /^The schema of postgres:\/\/\S+ is 0016_rare_filters\.\n$/)
    }
    assert.deepEqual(await run(['db_version'], url), [0, `${LATEST}\n`, ''])
  })

  it('purges deleted images while a service runs, and keeps their ids', async () => {
    const url = await makeSchema('purged')
    const registry = await openTestRegistry(url)
    for (let n = 0; n < 5; n++) await registry.create({id: `i${n}`})
    for (let n = 0; n < 4; n++) await registry.delete(`i${n}`)
    await database.run("update purged.images set updated_at = '2020-01-01T00:00:00.000000' where id <> 'i0'")
    const [code, stdout] = await run(['db_purge', '--age-in-days', '30'], url)
    assert.equal(code, 0)
    assert.match(stdout, /^Purged 3 images and 0 tasks of postgres:\/\/\S+\.\n$/)
    assert.equal(await registry.find('i1'), undefined)
    assert.equal(await registry.create({id: 'i1'}), undefined)
    assert.deepEqual(
      [(await registry.find('i0'))?.status, (await registry.find('i4'))?.status],
      ['deleted', 'queued'],
    )
    await registry.close()
  })

  it('scrubs and restores images while a service runs', async () => {
    const url = await makeSchema('pending')
    const registry = await openTestRegistry(url)
    const id = 'b1e5d6a0-0000-4000-8000-000000000000'
    await mkdir(path.join(folder, 'images'))
    await writeFile(path.join(folder, 'images', id), 'data')
    await registry.create({id, status: 'active', location: `file:///srv/images/${id}`})
    await registry.delete(id, () => ({status: 'pending_delete'}))
    const [code, stdout] = await run(['restore', id], url)
    assert.deepEqual([code, stdout.startsWith(`Restored image ${id} of postgres://`)], [0, true])
    assert.equal((await registry.find(id))?.status, 'active')
    await registry.delete(id, () => ({status: 'pending_delete'}))
    const scrubbed = await run(['scrub', '--data-dir', folder], url)
    assert.deepEqual([scrubbed[0], scrubbed[1].slice(0, 21)], [0, 'Scrubbed 1 images of '])
    assert.deepEqual(await readdir(path.join(folder, 'images')), [])
    assert.equal((await registry.find(id))?.status, 'deleted')
    const [refused, , stderr] = await run(['restore', id], url)
    assert.deepEqual([refused, stderr.split('\n')[0]], [5, `glance-manage: cannot restore image ${id}`])
    await registry.close()
  })

  it('copies a registry from SQLite, byte by byte, once', async () => {
    const source = await openRegistry(path.join(folder, 'registry.sqlite'))
    const properties = {long: 'ü'.repeat(50_000), empty: '', none: null}
    for (let n = 0; n < 250; n++) await source.create({id: `i${n}`, name: `${n}`, tags: ['ünï'], properties})
    await source.addMember('i7', 'm')
    await source.createTask(
      {id: 't', imageId: 'i7', type: 'x', owner: null, userId: 'u', requestId: 'r', input: '{}'},
      () => ({size: 9_007_199_254_740_991}),
    )
    await source.delete('i8')
    const toEvent = (id: string) =>
      ({id, type: 'image.update', priority: 'INFO', publisher: 'h', payload: {}}) as const
    await source.addEvents(['b', 'a'].map(toEvent))
    const read = (registry: typeof source) =>
      Promise.all([
        registry.find('i7'),
        registry.find('i8'),
        registry.listMembers('i7'),
        registry.findTask('t'),
        registry.listUnusedData(10),
        registry.list({sortKey: 'name', sortDir: 'asc', limit: 100}),
      ])
    const before = await read(source)
    await source.close()
    const url = await makeSchema('copied')
    const [code, stdout, stderr] = await run(['migrate', '--from', `sqlite:${folder}`], url)
    assert.deepEqual([code, stderr], [0, ''])
    assert.match(stdout, /^Copied \S+\/registry\.sqlite to postgres:\/\/\S+:\n {2}images: 250\n/)
    const copy = await openTestRegistry(url)
    assert.deepEqual(await read(copy), before)
    await copy.addEvents([toEvent('c')])
    const events = await copy.takeEvents({sent: [], limit: 9})
    assert.deepEqual(events !== 'busy' && events.map(({id}) => id), ['b', 'a', 'c'])
    await copy.close()
    const known = "select 1 from pg_stats where schemaname = 'copied' and tablename = 'image_properties'"
    assert.ok((await database.run(known)).length > 0, 'no statistics for the planner')
    const [self, , itself] = await run(['migrate', '--from', url, '--to', url], url)
    assert.equal(self, 5)
    assert.match(itself, /^glance-manage: cannot copy the registry \S+ to itself\n/)
    const [again, , why] = await run(['migrate', '--from', `sqlite:${folder}`], url)
    assert.equal(again, 5)
    assert.match(why, / is not empty\n {2}it has rows in images, image_properties, image_tags, /)
  })

  it('tells that there is no database', async () => {
    const [code, , stderr] = await run(['db_version'], 'postgres://ann:secret@127.0.0.1:1/d')
    assert.equal(code, 6)
    assert.equal(
      stderr,
      'glance-manage: cannot open the registry postgres://ann@127.0.0.1:1/d\n  connect ECONNREFUSED 127.0.0.1:1\n' +
        '  Check that PostgreSQL runs, and its address, user and password in sql_connection.\n',
    )
  })
})
