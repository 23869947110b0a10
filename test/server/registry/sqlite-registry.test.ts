/** The registry in SQLite: the contract, durability, and the cost of a page. */
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {copyFile, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {type KyselyPlugin, sql} from 'kysely'
import {migrate} from '../../../src/server/registry/migrations/migrate.js'
import type {ImageQuery} from '../../../src/server/registry/registry.js'
import {KyselyRegistry} from '../../../src/server/registry/sql/kysely-registry.js'
import {keysetRanges} from '../../../src/server/registry/sql/lists/keyset.js'
import {openDatabase, openRegistry} from '../../../src/server/registry/sqlite/open.js'
import {registryContract} from '../../contract/registry.contract.js'
import {useTempDir} from '../../support/temp-dir.js'
import {useTinyDisk} from '../../support/tiny-disk.js'

registryContract('SQLite', () => openRegistry(':memory:'))

describe('registry in an SQLite file', () => {
  const directory = useTempDir()
  const file = () => join(directory(), 'registry.sqlite')

  it('keeps images, properties and members when it is opened again', async () => {
    const first = await openRegistry(file())
    const made = await first.create({id: 'a', name: 'n', properties: {k: 'v'}})
    await first.putMember('a', 'm', true)
    const members = await first.listMembers('a')
    await first.close()
    const second = await openRegistry(file())
    assert.deepEqual(await second.find('a'), made)
    assert.deepEqual([members?.length, await second.listMembers('a')], [1, members])
    await second.close()
  })

  it('changes no record before its last change, also when the clock was set back between two starts', async () => {
    const at = (time: string) => async () => {
      const db = await openDatabase(file())
      await migrate(db)
      return new KyselyRegistry(db, () => time)
    }
    const task = {id: 't', imageId: 'a', type: 'x', owner: null, userId: null, requestId: '', input: ''}
    const first = await at('2026-06-01T00:00:00.999999')()
    await first.create({id: 'a'})
    await first.create({id: 'b'})
    await first.addMember('a', 'm')
    await first.createTask(task, () => ({}))
    await first.close()
    const second = await at('2026-05-01T00:00:00.000000')()
    assert.equal((await second.change('a', () => ({name: 'n'})))?.updatedAt, '2026-06-01T00:00:01.000000')
    assert.equal((await second.change('a', () => ({name: 'o'})))?.updatedAt, '2026-06-01T00:00:01.000001')
    await second.delete('b')
    assert.equal((await second.find('b'))?.deletedAt, '2026-06-01T00:00:01.000000')
    const member = await second.setMemberStatus('a', 'm', 'accepted')
    assert.equal(member?.updatedAt, '2026-06-01T00:00:00.999999')
    const failed = await second.updateTask({id: 't', holder: null}, {status: 'failure'})
    assert.equal(failed?.updatedAt, '2026-06-01T00:00:01.000000')
    await second.close()
  })

  it('keeps each answered change when the process is killed', async () => {
    const child = spawn(process.execPath, [childScript('create-images'), file()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', chunk => {
      output += chunk
      if (output.split('\n').length > 20) child.kill('SIGKILL')
    })
    await once(child, 'close')
    const answered = output.split('\n').slice(0, -1)
    assert.ok(answered.length >= 20)
    const registry = await openRegistry(file())
    for (const id of answered) assert.deepEqual((await registry.find(id))?.properties, {a: '1', b: '2'})
    await registry.close()
  })

  it('refuses a file of a newer release, and does not change it', async () => {
    await (await openRegistry(file())).close()
    const db = await openDatabase(file())
    await sql`insert into kysely_migration values ('9999_later', '2099-01-01')`.execute(db)
    await db.destroy()
    await assert.rejects(openRegistry(file()), {name: 'Failure', kind: 'failed', why: /9999_later/})
  })

  it('refuses a file that is not a database', async () => {
    await writeFile(file(), 'no database, but long enough to be looked at'.repeat(100))
    await assert.rejects(openRegistry(file()), {name: 'Failure', kind: 'failed', why: /not a database/})
  })

  it('refuses a path that cannot exist', async () => {
    await assert.rejects(openRegistry(join(directory(), 'absent', 'x')), {name: 'Failure', kind: 'failed'})
  })

  it('rolls back a migration that fails in the middle', async () => {
    const db = await openDatabase(file())
    await sql`create table image_members (hindrance text)`.execute(db)
    await db.destroy()
    await assert.rejects(openRegistry(file()), {name: 'Failure', why: /image_members/})
    const again = await openDatabase(file())
    const {rows} = await sql<{
      n: number
    }>`select count(*) as n from sqlite_master where name = 'images'`.execute(again)
    assert.deepEqual(rows, [{n: 0}])
    await again.destroy()
  })

  it('turns private images of an older release with members into shared ones', async () => {
    const db = await openDatabase(file())
    await migrate(db, '0002_lists')
    const image = (
      id: string,
      isPublic: number,
    ) => sql`insert into images (id, status, is_public, protected, size,
      min_disk, min_ram, created_at, updated_at, deleted)
      values (${id}, 'queued', ${isPublic}, 0, 0, 0, 0, '2020', '2020', 0)`
    await image('open', 1).execute(db)
    await image('own', 0).execute(db)
    await sql`insert into image_members (image_id, member_id, can_share) values ('own', 'm', 1)`.execute(db)
    await db.destroy()
    const registry = await openRegistry(file())
    assert.equal((await registry.find('open'))?.visibility, 'public')
    assert.equal((await registry.find('own'))?.visibility, 'shared')
    const times = {createdAt: '2020', updatedAt: '2020'}
    const member = {imageId: 'own', memberId: 'm', canShare: true, status: 'pending', ...times}
    assert.deepEqual(await registry.listMembers('own'), [member])
    await registry.close()
  })

  it('is one file when it was closed', async () => {
    const registry = await openRegistry(file())
    await registry.create({id: 'a'})
    await registry.close()
    await copyFile(file(), `${file()}.copy`)
    const copy = await openRegistry(`${file()}.copy`)
    assert.equal((await copy.find('a'))?.id, 'a')
    await copy.close()
  })

  it('does not grow with the number of queries', async () => {
    const registry = await openRegistry(':memory:')
    await registry.create({id: 'a', properties: {k: 'v'}})
    const before = process.memoryUsage().rss
    for (let n = 0; n < 5000; n++) await registry.find('a')
    const grown = process.memoryUsage().rss - before
    assert.ok(grown < 50_000_000, `grew by ${grown} bytes`)
    await registry.close()
  })

  it('writes changes to disk before it responds', async () => {
    const db = await openDatabase(file())
    const {rows} =
      await sql`select * from pragma_synchronous, pragma_journal_mode, pragma_foreign_keys`.execute(db)
    assert.deepEqual(rows, [{synchronous: 2, journal_mode: 'wal', foreign_keys: 1}])
    await db.destroy()
    assert.ok((await stat(file())).isFile())
  })
})

describe('registry in an SQLite file on a full disk', () => {
  const directory = useTinyDisk(1)

  it('reports it, and keeps what it acknowledged', async () => {
    const registry = await openRegistry(join(directory(), 'registry.sqlite'))
    let made = 0
    const fill = async () => {
      for (; made < 1000; made++) await registry.create({id: `${made}`, name: 'x'.repeat(20_000)})
    }
    await assert.rejects(fill, {code: 'SQLITE_FULL'})
    await assert.rejects(registry.create({id: 'big', name: 'x'.repeat(500_000)}), {code: 'SQLITE_FULL'})
    assert.ok(made > 0)
    assert.equal(await registry.find('big'), undefined)
    const page = await registry.list({sortKey: 'created_at', sortDir: 'desc', limit: 1000})
    assert.equal(page !== 'unknown marker' && page.images.length, made)
    await registry.close()
  })
})

describe('pages of the registry in SQLite', () => {
  const keys = ['name', 'status', 'container_format', 'disk_format', 'size', 'id', 'created_at', 'updated_at']
  const filters: readonly Partial<ImageQuery>[] = [
    {},
    {isPublic: true},
    {status: 'active', isPublic: true},
    {sizeMin: 1, sizeMax: 9},
    {diskFormat: 'raw', minRam: 1},
    {properties: {k: 'v'}},
  ]
  const position = {name: 'n', status: 'active', container_format: 'bare', disk_format: 'raw', size: 1}
  const marker = {...position, id: 'x', created_at: '2020', updated_at: '2020'}

  async function plans(queries: readonly ImageQuery[]): Promise<string[]> {
    await (await openRegistry(file())).close()
    const db = await openDatabase(file())
    const found: string[] = []
    for (const query of queries) {
      for (const {conditions, order} of keysetRanges(query, marker)) {
        let select = db.selectFrom('images').selectAll()
        for (const condition of conditions) select = select.where(condition)
        for (const {column, dir} of order) select = select.orderBy(column, dir)
        const steps = await select.limit(25).explain(undefined, sql`query plan`)
        found.push(steps.map(step => step['detail']).join('; '))
      }
    }
    await db.destroy()
    return found
  }
  const directory = useTempDir()
  const file = () => join(directory(), 'registry.sqlite')

  it('are read along an index from the marker, never sorted', async () => {
    const queries = keys.flatMap(sortKey =>
      filters.flatMap(filter =>
        (['asc', 'desc'] as const).map(sortDir => ({...filter, sortKey, sortDir, limit: 25}) as ImageQuery),
      ),
    )
    const bad = (await plans(queries)).filter(
      plan => !plan.startsWith('SEARCH images USING') || /TEMP/.test(plan),
    )
    assert.deepEqual(bad, [])
  })

  it('need one query for the images, their properties and their tags, whatever their number', async () => {
    let queries = 0
    const counter: KyselyPlugin = {
      transformQuery: ({node}) => node,
      transformResult: async ({result}) => {
        queries += 1
        return result
      },
    }
    const db = await openDatabase(':memory:')
    await migrate(db)
    const registry = new KyselyRegistry(db.withPlugin(counter))
    for (let n = 0; n < 50; n++) await registry.create({id: `${n}`, properties: {k: 'v', l: 'w'}})
    queries = 0
    const page = await registry.list({sortKey: 'created_at', sortDir: 'desc', limit: 50})
    assert.equal(page !== 'unknown marker' && page.images.length, 50)
    assert.equal(queries, 1)
    await registry.close()
  })

  it('use the index of names when a name is given', async () => {
    const [plan] = await plans([{name: 'n', sortKey: 'created_at', sortDir: 'desc', limit: 25}])
    assert.equal(plan, 'SEARCH images USING INDEX images_by_name (name=? AND (created_at,id)<(?,?))')
  })

  it('are read along an index also for API v2: by viewer, by owner, in mixed orders', async () => {
    const page = {
      sortKey: 'created_at',
      sortDir: 'desc',
      limit: 25,
      hidden: false,
      communityOf: null,
    } as const
    const viewer = {project: 'p', memberStatus: 'accepted'} as const
    const ties = [
      {key: 'created_at', dir: 'desc'},
      {key: 'id', dir: 'desc'},
    ] as const
    const bad = (
      await plans([
        page,
        {...page, viewer},
        {...page, owner: 'p'},
        {...page, oneOf: {status: ['active', 'queued']}, tags: ['t'], ranges: [{column: 'size', min: 1}]},
        {...page, viewer, sortKey: 'name', sortDir: 'asc', thenBy: ties},
        {...page, sortKey: 'size', sortDir: 'asc', thenBy: ties},
      ])
    ).filter(plan => !plan.startsWith('SEARCH images USING') || /B-TREE FOR ORDER BY/.test(plan))
    assert.deepEqual(bad, [])
  })

  it('are read along an index also for changed images', async () => {
    const query = {changesSince: '2000', sortDir: 'desc', limit: 25} as const
    assert.deepEqual(
      await plans([
        {...query, sortKey: 'created_at'},
        {...query, sortKey: 'updated_at'},
      ]),
      [
        'SEARCH images USING INDEX images_all_by_created_at ((created_at,id)<(?,?))',
        'SEARCH images USING INDEX images_all_by_updated_at ((updated_at,created_at,id)<(?,?,?))',
      ],
    )
  })
})

function childScript(name: string): string {
  return fileURLToPath(new URL(`../children/${name}.js`, import.meta.url))
}
