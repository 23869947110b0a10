/** `glance-manage` on a registry in SQLite. */
import assert from 'node:assert/strict'
import {mkdir, stat, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {manage} from '../../../src/manage.js'
import {migrate} from '../../../src/server/registry/migrations/migrate.js'
import {KyselyRegistry} from '../../../src/server/registry/sql/kysely-registry.js'
import {openDatabase, openRegistry} from '../../../src/server/registry/sqlite/open.js'
import {fakeIo} from '../../support/fake-io.js'
import {useTempDir} from '../../support/temp-dir.js'
import {startService} from '../../support/test-service.js'

const LATEST = '0016_rare_filters'
const ADVICE = '  Run glance-manage --help.\n'

describe('glance-manage', () => {
  const folder = useTempDir()
  const file = () => path.join(folder(), 'registry.sqlite')

  async function run(argv: readonly string[], env = {}): Promise<readonly [number, string, string]> {
    const {io, seen} = fakeIo({cwd: folder(), home: folder(), env})
    const code = await manage(argv, io)
    const {stdout, stderr} = seen()
    return [code, stdout, stderr]
  }

  /** A registry whose changes are as old as its clock says. */
  async function openAt(time: string): Promise<KyselyRegistry> {
    const db = await openDatabase(file())
    await migrate(db)
    return new KyselyRegistry(db, () => time)
  }

  it('shows its help and its version', async () => {
    const [code, help] = await run(['--help'])
    assert.deepEqual([code, help.split('\n')[0]], [0, 'Usage: glance-manage COMMAND [options]'])
    assert.deepEqual(await run([]), [2, '', help])
    assert.deepEqual(await run(['db_purge', '--help']), [0, help, ''])
    assert.match((await run(['--version']))[1], /^glance-manage \d+\.\d+\.\d+\n$/)
    for (const line of help.split('\n')) assert.ok(line.length <= 80, line)
  })

  it('takes the registry as --sql-connection, like the original', async () => {
    const [code, stdout, stderr] = await run([`--sql-connection=sqlite:///${file()}`, 'db_sync'])
    assert.deepEqual([code, stdout], [0, `The schema of ${file()} is ${LATEST}.\n`], stderr)
    assert.ok((await stat(file())).isFile())
  })

  it('refuses what it does not understand', async () => {
    const unknown = "glance-manage: unknown command 'db_purg'. Did you mean 'db_purge'?\n"
    const all =
      ' Commands: db_sync, db_version, db_purge, scrub, restore, migrate, db_load_metadefs, db_unload_metadefs, ' +
      'db_export_metadefs.\n'
    const missing = 'glance-manage: missing --age-in-days\n  Example: --age-in-days 30\n'
    const refusals: readonly (readonly [string, string])[] = [
      ['db_purg', unknown + ADVICE],
      ['db', `glance-manage: unknown command 'db'.${all}${ADVICE}`],
      ['db colour', `glance-manage: unknown command 'db_colour'.${all}${ADVICE}`],
      ['db_sync x', `glance-manage: unexpected argument 'x'\n${ADVICE}`],
      ['db_sync --age-in-days 3', `glance-manage: db_sync does not take --age-in-days\n${ADVICE}`],
      ['db_sync --colour', `glance-manage: unknown option '--colour'\n${ADVICE}`],
      [
        'db_sync --registry sqlite:a --sql-connection sqlite:b',
        'glance-manage: give either --registry or --sql-connection\n  both name the registry\n',
      ],
      ['db_purge', missing],
      [
        'db_purge --age-in-days -1',
        "glance-manage: invalid --age-in-days '-1': expected a whole number from 0 to 100000\n",
      ],
      [
        'db_purge --max_rows -1 --age-in-days 1',
        "glance-manage: invalid --max-rows '-1': expected a whole number from 0 to 999999999\n",
      ],
      [
        'db_purge --age-in-days 999999999',
        "glance-manage: invalid --age-in-days '999999999': expected a whole number from 0 to 100000\n",
      ],
      [
        'db_purge --age-in-days week',
        "glance-manage: invalid --age-in-days 'week': expected a whole number from 0 to 100000\n",
      ],
      [
        'db_sync --registry mysql://h/d',
        'glance-manage: invalid URL of the registry: expected sqlite:FILE or postgres://USER@HOST/DATABASE\n',
      ],
      ['restore', 'glance-manage: missing IMAGE\n  Example: glance-manage restore ID\n'],
      ['restore a b', `glance-manage: unexpected argument 'b'\n${ADVICE}`],
      ['scrub a', `glance-manage: unexpected argument 'a'\n${ADVICE}`],
      ['scrub --max-rows 3', `glance-manage: scrub does not take --max-rows\n${ADVICE}`],
      ['migrate --to sqlite:x', 'glance-manage: missing --from\n  Example: --from sqlite:/srv/glance\n'],
    ]
    for (const [line, stderr] of refusals) assert.deepEqual(await run(line.split(' ')), [2, '', stderr], line)
  })

  it('refuses a password on the command line, and does not print it', async () => {
    const url = 'postgres://u:secret@h/d'
    for (const argv of [
      ['db_sync', '--registry', url],
      ['migrate', '--from', 'sqlite:x', '--to', url],
      ['migrate', '--to', 'sqlite:x', '--from', url],
    ]) {
      const [code, , stderr] = await run(argv)
      const message = 'glance-manage: cannot take the password of the registry from the command line'
      assert.deepEqual([code, stderr.split('\n')[0]], [2, message])
      assert.doesNotMatch(stderr, /secret/)
    }
  })

  it('creates the schema, and shows its version', async () => {
    const url = `sqlite:${file()}`
    const missing = `glance-manage: the registry ${file()} does not exist\n`
    assert.deepEqual(await run(['db_version', '--registry', url]), [3, '', missing])
    const synced = `The schema of ${file()} is ${LATEST}.\n`
    assert.deepEqual(await run(['db_sync', '--registry', url]), [0, synced, ''])
    assert.equal((await stat(file())).mode & 0o777, 0o600)
    assert.deepEqual(await run(['db_version', '--registry', url]), [0, `${LATEST}\n`, ''])
  })

  it('names the registry that it takes by default, and the folder that it lacks', async () => {
    const dataDir = path.join(folder(), '.local/share/glance')
    const name = path.join(dataDir, 'registry.sqlite')
    const [code, , stderr] = await run(['db', 'sync'], {HOME: folder()})
    assert.deepEqual(
      [code, stderr],
      [
        1,
        `glance-manage: cannot open the registry ${name}\n  the folder ${dataDir} does not exist\n` +
          '  Create it, or choose another registry.\n',
      ],
    )
    await mkdir(dataDir, {recursive: true})
    assert.deepEqual(await run(['db', 'sync'], {HOME: folder()}), [
      0,
      `The schema of ${name} is ${LATEST}.\n`,
      '',
    ])
  })

  it('purges and copies no registry without tables, and creates no target for it', async () => {
    const db = await openDatabase(file())
    await db.destroy()
    const reason = '  it has no tables\n  Check its name, or run glance-manage db_sync on it.\n'
    assert.deepEqual(await run(['db_purge', '--age-in-days', '1', '--data-dir', folder()]), [
      5,
      '',
      `glance-manage: cannot purge the registry ${file()}\n${reason}`,
    ])
    const target = path.join(folder(), 'copy.sqlite')
    assert.deepEqual(await run(['migrate', '--from', `sqlite:${folder()}`, '--to', `sqlite:${target}`]), [
      5,
      '',
      `glance-manage: cannot copy the registry ${file()}\n${reason}`,
    ])
    await assert.rejects(stat(target), {code: 'ENOENT'})
  })

  it('copies neither a folder without a registry, nor a registry to itself', async () => {
    const target = path.join(folder(), 'copy.sqlite')
    const copy = (from: string, to: string) =>
      run(['migrate', '--from', `sqlite:${from}`, '--to', `sqlite:${to}`])
    const absent = path.join(folder(), 'absent')
    assert.deepEqual(await copy(absent, target), [
      3,
      '',
      `glance-manage: the registry ${absent} does not exist\n`,
    ])
    assert.deepEqual(await copy(folder(), target), [
      3,
      '',
      `glance-manage: ${folder()} is not the data directory of a service\n  it has no registry.sqlite\n`,
    ])
    await (await openRegistry(file())).close()
    await symlink(file(), path.join(folder(), 'link.sqlite'))
    for (const same of [folder(), file(), path.join(folder(), 'link.sqlite')]) {
      assert.deepEqual(await copy(folder(), same), [
        5,
        '',
        `glance-manage: cannot copy the registry ${file()} to itself\n  Choose an empty database for --to.\n`,
      ])
    }
  })

  it('finds the registry by the configuration file, the environment and the data folder', async () => {
    await (await openRegistry(file())).close()
    const config = path.join(folder(), 'glance.conf')
    await writeFile(config, `[database]\nconnection = sqlite:///${file()}\n`)
    for (const argv of [
      ['--config-file', config],
      ['--data-dir', folder()],
    ])
      assert.deepEqual(await run(['db_version', ...argv]), [0, `${LATEST}\n`, ''])
    const env = {GLANCE_SQL_CONNECTION: `sqlite:${file()}`}
    assert.deepEqual(await run(['db', 'version'], env), [0, `${LATEST}\n`, ''])
  })

  it('tells that the schema is of an older release', async () => {
    const db = await openDatabase(file())
    await migrate(db, '0003_v2')
    await db.destroy()
    const expected = `0003_v2 (this release has ${LATEST})\n`
    assert.deepEqual(await run(['db_version', '--data-dir', folder()]), [0, expected, ''])
  })

  it('purges images deleted long ago in batches, and never lets their ids be used again', async () => {
    const old = await openAt('2020-01-01T00:00:00.000000')
    for (let n = 0; n < 7; n++) await old.create({id: `old${n}`, location: `file:///${n}`})
    for (let n = 0; n < 6; n++) await old.delete(`old${n}`)
    await old.createTask(
      {id: 't', imageId: 'old6', type: 'x', owner: null, userId: null, requestId: '', input: ''},
      () => ({}),
    )
    await old.updateTask({id: 't', holder: null}, {status: 'success'})
    await old.close()
    const recent = await openRegistry(file())
    await recent.create({id: 'new'})
    await recent.delete('new')
    await recent.close()
    const purge = (...more: string[]) =>
      run(['db_purge', '--age-in-days', '30', '--data-dir', folder(), ...more])
    assert.deepEqual(await purge('--max-rows', '2'), [0, `Purged 2 images and 1 tasks of ${file()}.\n`, ''])
    assert.deepEqual(await purge('--max_rows=3'), [0, `Purged 3 images and 0 tasks of ${file()}.\n`, ''])
    assert.deepEqual(await purge(), [0, `Purged 1 images and 0 tasks of ${file()}.\n`, ''])
    assert.deepEqual(await purge(), [0, `Purged 0 images and 0 tasks of ${file()}.\n`, ''])
    const registry = await openRegistry(file())
    assert.equal(await registry.find('old0'), undefined)
    assert.equal((await registry.find('old6'))?.status, 'queued')
    assert.equal((await registry.find('new'))?.status, 'deleted')
    assert.equal(await registry.create({id: 'old0'}), undefined)
    assert.equal(await registry.find('old0'), undefined)
    assert.equal((await registry.listUnusedData(10)).length, 6)
    await registry.close()
  })

  it('restores an image that was deleted, before it is scrubbed', async () => {
    const registry = await openRegistry(file())
    for (const id of ['a', 'b']) await registry.create({id, status: 'active', location: `file:///${id}`})
    await registry.delete('a', () => ({status: 'pending_delete'}))
    const restore = async (id: string) => {
      const [code, stdout, stderr] = await run(['restore', id, '--data-dir', folder()])
      return [code, stdout + stderr]
    }
    assert.deepEqual(await restore('a'), [0, `Restored image a of ${file()}.\n`])
    assert.equal((await registry.find('a'))?.status, 'active')
    const advice =
      '  Only images that were deleted with delayed_delete can be restored, until they are scrubbed.\n'
    const refused = 'glance-manage: cannot restore image b\n  its status is active, expected pending_delete\n'
    assert.deepEqual(await restore('b'), [5, refused + advice])
    const missing = `glance-manage: image c does not exist in the registry ${file()}\n`
    assert.deepEqual(await restore('c'), [3, missing])
    await registry.close()
  })

  it('scrubs only with the data, and what it cannot delete is reported and kept in mind', async () => {
    const registry = await openRegistry(file())
    const id = 'b1e5d6a0-0000-4000-8000-000000000000'
    await registry.create({id, status: 'active', location: `file:///srv/images/${id}`})
    await registry.delete(id, () => ({status: 'pending_delete'}))
    const scrub = () => run(['scrub', '--data-dir', folder()])
    const [code, , stderr] = await scrub()
    const images = path.join(folder(), 'images')
    const missing = `glance-manage: the folder of image data ${images} does not exist`
    assert.deepEqual([code, stderr.split('\n')[0]], [3, missing])
    assert.equal((await registry.find(id))?.status, 'pending_delete')
    // A folder in place of the file cannot be deleted as one.
    await mkdir(path.join(images, id), {recursive: true})
    const [failed, , why] = await scrub()
    const lines = why.split('\n')
    const first = 'glance-manage: cannot delete all data of the 1 images that were scrubbed'
    assert.deepEqual([failed, lines[0]], [1, first])
    assert.match(lines[1] ?? '', /^ {2}cannot delete unused data at file:\/\/\/srv\/images\/b1e5d6a0\S+: /)
    assert.deepEqual(await registry.listUnusedData(9), [`file:///srv/images/${id}`])
    await registry.close()
  })

  it('scrubs and restores only with the schema of this release', async () => {
    const db = await openDatabase(file())
    await migrate(db, '0008_processes')
    await db.destroy()
    for (const [line, action] of [
      ['scrub', 'scrub'],
      ['restore a', 'restore an image of'],
    ]) {
      const [code, , stderr] = await run([...(line ?? '').split(' '), '--data-dir', folder()])
      const lines = [
        `glance-manage: cannot ${action} the registry ${file()}`,
        `its schema is 0008_processes, this release has ${LATEST}`,
        'Run glance-manage db_sync on it, or use the release that wrote it.\n',
      ]
      assert.deepEqual([code, stderr], [5, lines.join('\n  ')])
    }
  })

  it('copies a registry with ids, times and all that belongs to images', async () => {
    const source = await openRegistry(file())
    const image = {tags: ['t', 'u'], properties: {k: 'v', n: null}, location: 'file:///a'}
    for (let n = 0; n < 450; n++) await source.create({id: `i${n}`, name: `${n}`, ...image})
    await source.addMember('i1', 'm')
    await source.setMemberStatus('i1', 'm', 'accepted')
    await source.delete('i2')
    const before = await source.find('i1')
    const members = await source.listMembers('i1')
    await source.close()
    const target = path.join(folder(), 'copy.sqlite')
    const argv = ['migrate', '--from', `sqlite:${folder()}`, '--to', `sqlite:${target}`]
    const [code, stdout, stderr] = await run(argv)
    assert.deepEqual([code, stderr], [0, ''])
    assert.equal(
      stdout,
      `Copied ${file()} to ${target}:\n  images: 450\n  image_properties: 898\n  image_tags: 898\n` +
        '  image_members: 1\n  tasks: 0\n  unused_data: 1\n  purged_images: 0\n' +
        '  metadef_namespaces: 0\n  metadef_definitions: 0\n  metadef_resource_types: 0\n  events: 0\n',
    )
    const copy = await openRegistry(target)
    assert.deepEqual([await copy.find('i1'), await copy.listMembers('i1')], [before, members])
    assert.equal((await copy.find('i2'))?.status, 'deleted')
    await copy.close()
    const again = await run(argv)
    assert.deepEqual(
      [again[0], again[2].split('\n')[0]],
      [5, `glance-manage: the registry ${target} is not empty`],
    )
  })

  it('copies no registry that a service uses', async () => {
    const service = await startService({dataDir: folder()})
    try {
      const target = `sqlite:${path.join(folder(), 'copy.sqlite')}`
      const [code, , stderr] = await run(['migrate', '--from', `sqlite:${folder()}`, '--to', target])
      assert.deepEqual(
        [code, stderr.split('\n')[0]],
        [5, `glance-manage: the data directory ${folder()} is in use`],
      )
    } finally {
      await service.close()
    }
  })
})
