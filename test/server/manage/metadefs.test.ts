/** `glance-manage` on metadata definitions: files are loaded, deleted and written again. */
import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {manage} from '../../../src/manage.js'
import {openRegistry} from '../../../src/server/registry/sqlite/open.js'
import {fakeIo} from '../../support/fake-io.js'
import {useTempDir} from '../../support/temp-dir.js'
import {startService} from '../../support/test-service.js'

/** A file as those of the original. */
const DISKS = {
  namespace: 'Lab::Disks',
  display_name: 'Disks of the lab',
  description: 'd',
  visibility: 'public',
  protected: true,
  resource_type_associations: [{name: 'Lab::Image', prefix: 'hw_'}, {name: 'Lab::Volume'}],
  properties: {
    disk_bus: {title: 'Bus', type: 'string', enum: ['ide', 'scsi'], default: 'ide', unknown: 1},
    disk_count: {title: 'Number', type: 'integer', minimum: 1, default: 2},
  },
  objects: [{name: 'cache', description: 'c', properties: {mode: {title: 'Mode', type: 'string'}}}],
  tags: [{name: 'fast'}, {name: 'slow'}],
}
const PLAIN = {namespace: 'Lab::Plain'}

/** Where Debian installs those of the original. */
const DEBIAN = ['/usr/share/glance-common/metadefs', '/etc/glance/metadefs'].find(existsSync)

describe('glance-manage on metadata definitions', () => {
  const folder = useTempDir()
  const files = () => path.join(folder(), 'metadefs')

  beforeEach(async () => {
    await (await openRegistry(path.join(folder(), 'registry.sqlite'))).close()
    await mkdir(files())
    await writeFile(path.join(files(), 'b-plain.json'), JSON.stringify(PLAIN))
    await writeFile(path.join(files(), 'a-disks.json'), JSON.stringify(DISKS))
    await writeFile(path.join(files(), 'notes.txt'), 'not JSON')
  })

  async function run(line: string): Promise<readonly [number, string]> {
    const {io, seen} = fakeIo({cwd: folder(), home: folder(), env: {}})
    const code = await manage([...line.split(' '), '--data-dir', folder()], io)
    const {stdout, stderr} = seen()
    return [code, (stdout + stderr).replaceAll(folder(), 'DIR')]
  }

  async function get(route: string) {
    const service = await startService({dataDir: folder()})
    try {
      return JSON.parse(
        JSON.stringify(await (await fetch(`${service.url}/v2/metadefs/${route}`)).json()),
        (name, value) => (name === 'created_at' ? undefined : value),
      )
    } finally {
      await service.close()
    }
  }

  it('loads the files of a folder, which the API shows', async () => {
    assert.deepEqual(await run('db_load_metadefs metadefs'), [
      0,
      'Loaded 2 namespaces into DIR/registry.sqlite.\n',
    ])
    const {unknown: _unknown, ...bus} = DISKS.properties.disk_bus
    assert.deepEqual(await get('namespaces/Lab::Disks?resource_type=Lab::Image'), {
      ...DISKS,
      owner: 'admin',
      properties: {hw_disk_bus: bus, hw_disk_count: {...DISKS.properties.disk_count, default: '2'}},
      objects: [
        {
          name: 'cache',
          description: 'c',
          required: [],
          properties: {hw_mode: {title: 'Mode', type: 'string'}},
          self: '/v2/metadefs/namespaces/Lab::Disks/objects/cache',
          schema: '/v2/schemas/metadefs/object',
        },
      ],
      tags: [{name: 'slow'}, {name: 'fast'}],
      self: '/v2/metadefs/namespaces/Lab::Disks',
      schema: '/v2/schemas/metadefs/namespace',
    })
    const {namespaces} = await get('namespaces?sort_key=namespace&sort_dir=asc')
    assert.deepEqual(namespaces[1], {
      namespace: 'Lab::Plain',
      visibility: 'private',
      protected: false,
      owner: 'admin',
      self: '/v2/metadefs/namespaces/Lab::Plain',
      schema: '/v2/schemas/metadefs/namespace',
    })
    assert.deepEqual(await get('resource_types'), {
      resource_types: [{name: 'Lab::Image'}, {name: 'Lab::Volume'}],
    })
  })

  it('leaves alone what exists, or merges with it, as the options say', async () => {
    await run('db_load_metadefs metadefs')
    const changed = {...DISKS, description: 'new', tags: [{name: 'new'}]}
    await writeFile(path.join(files(), 'a-disks.json'), JSON.stringify(changed))
    const describe = async (line: string) => {
      const [code, text] = await run(line)
      const {description, tags} = await get('namespaces/Lab::Disks')
      return [code, text.trim(), description, tags.map(({name}: {name: string}) => name).join(' ')]
    }
    const to = 'DIR/registry.sqlite'
    assert.deepEqual(await describe('db load_metadefs --path metadefs'), [
      0,
      `Loaded 0 namespaces into ${to}; 2 exist already and were left alone.`,
      'd',
      'slow fast',
    ])
    assert.deepEqual(await describe('db_load_metadefs metadefs/a-disks.json --merge'), [
      0,
      `Loaded 1 namespaces into ${to}.`,
      'd',
      'new slow fast',
    ])
    const preferNew = await describe('db_load_metadefs metadefs --merge --prefer_new')
    assert.deepEqual(preferNew.slice(2), ['new', 'new slow fast'])
    const overwrite = await describe('db_load_metadefs metadefs --merge --overwrite')
    assert.deepEqual(overwrite.slice(2), ['new', 'new'])
  })

  it('writes files that can be loaded again, and deletes what it loaded', async () => {
    await run('db_load_metadefs metadefs')
    await mkdir(path.join(folder(), 'out'))
    assert.deepEqual(await run('db_export_metadefs out'), [0, 'Wrote 2 files to DIR/out.\n'])
    const names = (await readdir(path.join(folder(), 'out'))).sort()
    assert.deepEqual(names, ['Disksofthelab.json', 'LabPlain.json'])
    const written = JSON.parse(await readFile(path.join(folder(), 'out', 'Disksofthelab.json'), 'utf8'))
    assert.deepEqual(written, {...DISKS, owner: 'admin'})
    const deleted = 'Deleted the metadata definitions of DIR/registry.sqlite.\n'
    assert.deepEqual(await run('db_unload_metadefs'), [0, deleted])
    assert.deepEqual((await get('namespaces')).namespaces, [])
    assert.equal((await run('db_load_metadefs out'))[0], 0)
    assert.equal((await get('namespaces')).namespaces.length, 2)
  })

  it('loads nothing when a file is not a namespace', async () => {
    for (const [content, why] of [
      ['{', /JSON/],
      ['[]', /it is not a JSON object/],
      ['{}', /it has no namespace/],
      ['{"namespace": "x", "visibility": "shared"}', /its visibility is not public or private/],
      ['{"namespace": "x", "tags": {}}', /its tags are not objects/],
      ['{"namespace": "x", "tags": [{}]}', /one of its tags has no name/],
      ['{"namespace": "x", "properties": {"p": 5}}', /its properties are not objects/],
      ['{"namespace": "x", "objects": [{"name": "o", "properties": []}]}', /not an object/],
    ] as const) {
      await writeFile(path.join(files(), 'z-broken.json'), content)
      const [code, text] = await run('db_load_metadefs metadefs')
      assert.equal(code, 1, content)
      assert.match(
        text,
        /^glance-manage: cannot load the metadata definitions in DIR\/metadefs\/z-broken.json\n/,
      )
      assert.match(text, why)
    }
    assert.deepEqual((await get('namespaces')).namespaces, [])
  })

  it('refuses options that contradict each other, and folders without files', async () => {
    const cases: readonly (readonly [string, number, string])[] = [
      ['db_load_metadefs metadefs --overwrite', 2, '--overwrite needs --merge'],
      ['db_load_metadefs metadefs --prefer-new', 2, '--prefer-new needs --merge'],
      [
        'db_load_metadefs --merge --prefer-new --overwrite',
        2,
        'cannot use --prefer-new and --overwrite together',
      ],
      ['db_load_metadefs nowhere', 3, 'cannot read DIR/nowhere'],
      ['db_export_metadefs nowhere', 0, 'Wrote 0 files to DIR/nowhere.'],
      ['db_unload_metadefs metadefs', 2, "unexpected argument 'metadefs'"],
      ['db_unload_metadefs --merge', 2, 'db_unload_metadefs does not take --merge'],
    ]
    for (const [line, code, text] of cases) {
      const [actual, output] = await run(line)
      assert.deepEqual([actual, output.split('\n')[0]?.replace('glance-manage: ', '')], [code, text], line)
    }
    await mkdir(path.join(folder(), 'empty'))
    assert.deepEqual(await run('db_load_metadefs empty'), [
      3,
      'glance-manage: no metadata definitions in DIR/empty\n  it has no file whose name ends with .json\n',
    ])
  })

  it('loads the definitions that Debian installs', async function () {
    if (DEBIAN === undefined) return this.skip()
    const names = (await readdir(DEBIAN)).filter(name => name.endsWith('.json'))
    assert.ok(names.length > 30)
    const [code, text] = await run(`db_load_metadefs ${DEBIAN}`)
    assert.deepEqual([code, text], [0, `Loaded ${names.length} namespaces into DIR/registry.sqlite.\n`])
    const {namespaces} = await get('namespaces?limit=1000')
    assert.equal(namespaces.length, names.length)
    await mkdir(path.join(folder(), 'out'))
    assert.deepEqual(await run('db_export_metadefs out'), [0, `Wrote ${names.length} files to DIR/out.\n`])
  })
})
