/** Runs every program in `examples/` against the embedded service, in this process as far as possible. */
import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {readdirSync, readFileSync} from 'node:fs'
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {pathToFileURL} from 'node:url'
import {formatWithOptions, promisify} from 'node:util'
import {Client} from '../src/lib/client.js'
import {createTokenReply, type FakeKeystone, startFakeKeystone} from './support/fake-keystone.js'
import {startService, type TestService} from './support/test-service.js'

const ROOT = path.resolve(import.meta.dirname, '../..')
const MIB = 1024 * 1024
const UUID = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/g

describe('the programs in examples/', () => {
  const ran = new Set<string>()
  let service: TestService
  let client: Client
  let folder: string
  let keystone: FakeKeystone
  before(async () => {
    service = await startService()
    client = new Client('127.0.0.1', service.port)
    folder = await mkdtemp(path.join(tmpdir(), 'glance-programs-'))
    keystone = await startFakeKeystone()
    const endpoint = {interface: 'public', region: 'North', region_id: 'North', url: service.url}
    const catalog = JSON.stringify([{type: 'image', name: 'glance', endpoints: [endpoint]}])
    keystone.answer(() => createTokenReply({catalog}))
  })
  after(async () => {
    await client.close()
    await service.close()
    await keystone.close()
    await rm(folder, {recursive: true})
  })
  beforeEach(() => service.clear())

  /** Runs a program; each can be run once in a process. @returns what it prints, with IDs replaced */
  async function run(name: string, args: readonly unknown[] = [], env: Record<string, string> = {}) {
    const lines: string[] = []
    const {argv} = process
    const {log} = console
    const variables = {GLANCE_HOST: '127.0.0.1', GLANCE_PORT: String(service.port), ...env}
    const previous = Object.fromEntries(Object.keys(variables).map(key => [key, process.env[key]]))
    try {
      Object.assign(process.env, variables)
      process.argv = [...argv.slice(0, 2), ...args.map(String)]
      console.log = (...values: unknown[]) => void lines.push(formatWithOptions({colors: false}, ...values))
      await import(pathToFileURL(path.join(ROOT, 'examples', name)).href)
    } finally {
      console.log = log
      process.argv = argv
      for (const [key, value] of Object.entries(previous))
        if (value === undefined) delete process.env[key]
        else process.env[key] = value
    }
    ran.add(name)
    return lines.map(line => line.replaceAll(UUID, 'ID')).join('\n')
  }

  const add = (name: string, data?: Buffer) =>
    client.addImage({name, isPublic: true, diskFormat: 'raw', minRam: 64}, data)

  it('add.mjs adds an image with its data', async () => {
    const file = path.join(folder, 'image.tar.gz')
    await writeFile(file, 'hello world')
    assert.equal(await run('add.mjs', [file]), 'Stored image. Got identifier: ID')
    const [image] = await client.getImagesDetailed().toArray()
    assert.deepEqual(
      [image?.name, image?.isPublic, image?.properties, image?.checksum],
      ['Ubuntu 10.10 5G', true, {distro: 'Ubuntu 10.10'}, '5eb63bbbe01eeed093cb22bb8f5acdc3'],
    )
  })

  it('list.mjs lists images', async () => {
    await add('one')
    assert.equal(await run('list.mjs'), 'ID one')
  })

  it('list-detailed.mjs lists all metadata', async () => {
    await add('one')
    const text = await run('list-detailed.mjs')
    assert.match(text, /name: 'one'/)
    assert.match(text, /minRam: 64/)
  })

  it('filter.mjs lists those that match', async () => {
    await add('with data', Buffer.from('x'))
    await add('without data')
    const text = await run('filter.mjs', ['active'])
    assert.match(text, /name: 'with data'/)
    assert.doesNotMatch(text, /without/)
  })

  it('sort.mjs lists images by name', async () => {
    for (const name of ['b', 'c', 'a']) await add(name)
    assert.equal(await run('sort.mjs'), 'a\nb\nc')
  })

  it('pages.mjs lists one page after the other', async () => {
    for (const name of ['b', 'c', 'a']) await add(name)
    assert.equal(await run('pages.mjs'), "[ 'a', 'b' ]\n[ 'c' ]")
  })

  it('show.mjs prints the image of a URI', async () => {
    await add('one')
    const text = await run('show.mjs')
    for (const line of ["id: 'ID'", "name: 'one'"]) assert.ok(text.includes(line), text)
  })

  it('data.mjs writes the data into a file', async () => {
    await add('one', Buffer.from('hello world'))
    const file = path.join(folder, 'data')
    assert.equal(await run('data.mjs', ['one', file]), 'one 11')
    assert.equal(await readFile(file, 'utf8'), 'hello world')
  })

  it('progress.mjs ends a download and continues it', async () => {
    const data = Buffer.alloc(8 * MIB, 'glance')
    await add('one', data)
    const file = path.join(folder, 'image.img')
    assert.equal(
      await run('progress.mjs', ['one', file, MIB]),
      `Interrupted; the data so far is in ${file}.part\n100 % are in ${file}`,
    )
    assert.ok((await readFile(file)).equals(data))
  })

  it('the programs for members share an image', async () => {
    const {id} = await client.addImage({name: 'private', isPublic: false})
    await run('add-member.mjs', [id])
    const both = [
      ['tenant1', false],
      ['tenant2', true],
    ]
    const v1 = new Client(`${service.url}/v1`)
    const read = async () =>
      (await v1.getImageMembers(id)).map(({memberId, canShare}) => [memberId, canShare]).sort()
    assert.deepEqual(await read(), both)
    assert.match(await run('members.mjs', [id]), /memberId: 'tenant1'[\s\S]*memberId: 'tenant2'/)
    await run('delete-member.mjs', [id])
    assert.deepEqual(await read(), [['tenant2', true]])
    await run('replace-members.mjs', [id])
    assert.deepEqual(await read(), both)
    await run('member-images.mjs')
    await v1.close()
  })

  it('cloud.mjs logs in to a cloud', async () => {
    await add('one')
    const file = path.join(folder, 'clouds.yaml')
    const auth = `{auth_url: "${keystone.url}", username: alpha, password: secret, project_name: alpha}`
    await writeFile(file, `clouds: {mycloud: {auth: ${auth}}}`)
    const env = {OS_CLIENT_CONFIG_FILE: file, XDG_CACHE_HOME: folder}
    assert.equal(await run('cloud.mjs', ['mycloud'], env), 'ID one')
    assert.deepEqual(
      keystone.asked.map(({line}) => line),
      ['POST /v3/auth/tokens'],
    )
  })

  it('commonjs.cjs loads the library with require', async () => {
    await add('one')
    const env = {...process.env, GLANCE_PORT: String(service.port)}
    const program = path.join(ROOT, 'examples/commonjs.cjs')
    const {stdout, stderr} = await promisify(execFile)(process.execPath, [program], {env})
    assert.deepEqual([stdout.replaceAll(UUID, 'ID'), stderr], ['ID one\n', ''])
    ran.add('commonjs.cjs')
  })

  it('are all run, and say how', () => {
    const names = readdirSync(path.join(ROOT, 'examples'))
    assert.deepEqual([...ran].sort(), names.sort())
    for (const name of names) {
      const [first = ''] = readFileSync(path.join(ROOT, 'examples', name), 'utf8').split('\n')
      assert.match(first, /^\/\/ \w.*[^,;]$/)
    }
  })
})
