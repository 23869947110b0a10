/** Every command as users type it, against a real cloud: one of `OS_CLOUD`, or the one with Keystone on this machine. */
import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {mkdtemp, readdir, readFile, rm} from 'node:fs/promises'
import {homedir, tmpdir} from 'node:os'
import path from 'node:path'
import {gzipSync} from 'node:zlib'
import {glance, type Ran, type World} from '../support/fake-io.js'
import {KEYSTONE_URL, PASSWORD} from './clouds.js'

type Variables = Readonly<Record<string, string>>

/** A user whose project has the same name. */
const user = (name: string): Variables => ({
  OS_AUTH_URL: KEYSTONE_URL,
  OS_USERNAME: name,
  OS_PASSWORD: PASSWORD,
  OS_PROJECT_NAME: name,
  OS_USER_DOMAIN_NAME: 'Default',
  OS_PROJECT_DOMAIN_NAME: 'Default',
})

/** The cloud of the user who runs the tests, if one is named. */
const chosen = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    name.startsWith('OS_') && value ? [[name, value]] : [],
  ),
)
const own: Variables = chosen['OS_CLOUD'] === undefined ? user('alpha') : {...chosen, HOME: homedir()}

describe('every command against a cloud', () => {
  let cache: string
  const name = `glance test ${process.pid} ${Date.now()}`
  let id = ''

  before(async () => {
    cache = await mkdtemp(path.join(tmpdir(), 'glance-cloud-'))
  })
  after(async () => {
    await run(['update', id, 'protected=no'])
    await run(['delete', '--force', id])
    await rm(cache, {recursive: true})
  })

  function run(words: readonly string[], as: Variables = own, world: World = {}): Promise<Ran> {
    return glance(words, {...world, home: homedir(), env: {...as, XDG_CACHE_HOME: cache}})
  }

  async function done(words: readonly string[], as: Variables = own, world: World = {}): Promise<string> {
    const ran = await run(words, as, world)
    assert.equal(ran.code, 0, `${words.join(' ')}: ${ran.stderr}`)
    return ran.stdout
  }

  it('add streams data from a pipe', async () => {
    const words = [
      '--verbose',
      'add',
      `name=${name}`,
      'disk_format=raw',
      'min_ram=64',
      'distro=lucid',
      'umlaut=äöü 日本',
    ]
    const output = await done(words, own, {stdin: 'hello world'})
    id = /^Added new image with ID: (\S+)$/m.exec(output)?.[1] ?? ''
    assert.match(output, /^ +status => active$/m)
    assert.match(output, /^ +size => 11$/m)
    assert.match(output, /^ +checksum => 5eb63bbbe01eeed093cb22bb8f5acdc3$/m)
  })

  it('add refuses what does not match, and leaves nothing', async () => {
    const words = ['add', `name=${name} wrong`, 'checksum=00000000000000000000000000000000']
    const ran = await run(words, own, {stdin: 'hello world'})
    assert.deepEqual([ran.code, ran.stdout], [7, ''])
    assert.equal(await done(['index', `name=${name} wrong`]), '')
  })

  it('add tells the format, adds the same data once, and unpacks', async () => {
    const data = Buffer.concat([
      Buffer.from('QFI\xfb\0\0\0\x03', 'latin1'),
      Buffer.alloc(504),
      Buffer.from(name),
    ])
    const first = await run(['add', `name=${name} once`], own, {stdin: data, kind: 'file'})
    const once = /ID: (\S+)/.exec(first.stdout)?.[1] ?? ''
    assert.equal(first.stderr, 'note: the data looks like qcow2, so disk_format is qcow2\n')
    const again = await done(['add', `name=${name} twice`, '--if-absent'], own, {stdin: data, kind: 'file'})
    assert.equal(again, `There is an image with this data, with ID: ${once}\n`)
    const packed = ['add', `name=${name} thrice`, '--if-absent', '--decompress']
    assert.equal(await done(packed, own, {stdin: gzipSync(data), kind: 'file'}), again)
    await done(['delete', '--force', once])
  })

  it('add without data, then update with it', async () => {
    const output = await done(['add', `name=${name} later`])
    const later = /ID: (\S+)/.exec(output)?.[1] ?? ''
    assert.match(await done(['show', later]), /^Status: queued$/m)
    await done(['update', later, 'distro=later'], own, {stdin: 'hello', kind: 'file'})
    const shown = await done(['show', later])
    assert.match(shown, /^Status: active$/m)
    assert.match(shown, /^Property 'distro': later$/m)
    assert.equal((await run(['update', later], own, {stdin: 'again'})).code, 5)
    await done(['delete', '--force', later])
  })

  it('show, by id and by name', async () => {
    for (const word of [id, name]) {
      const shown = await done(['show', word])
      assert.match(shown, new RegExp(`^Name: ${name}$`, 'm'))
      assert.match(shown, /^Property 'umlaut': äöü 日本$/m)
      assert.match(shown, /^Visibility: shared$/m)
    }
    assert.equal((await run(['show', '00000000-0000-4000-8000-000000000000'])).code, 3)
    assert.equal((await run(['show', `${name} nobody`])).code, 3)
  })

  it('index and details, with filters', async () => {
    assert.match(await done(['index', `name=${name}`]), new RegExp(`^${id} `, 'm'))
    assert.match(await done(['details', 'distro=lucid', `name=${name}`]), new RegExp(`^Id: ${id}$`, 'm'))
    assert.equal(await done(['index', `name=${name}`, 'distro=other']), '')
    assert.match(
      await done(['index', '--sort-key', 'size', '--sort-dir', 'asc', '--limit', '1', '--max-items', '2']),
      /^ID /,
    )
  })

  it('update keeps what is not named, and purges when told', async () => {
    await done(['update', id, 'min_disk=1', 'arch=x86'])
    assert.match(await done(['show', id]), /^Property 'distro': lucid$/m)
    await done(['update', id, 'arch=arm', '--purge-props'])
    const shown = await done(['show', id])
    assert.match(shown, /^Property 'arch': arm$/m)
    assert.doesNotMatch(shown, /distro/)
    assert.match(shown, /^Minimum Disk Required \(GB\): 1$/m)
  })

  it('update refuses what the cloud keeps to itself', async () => {
    const ran = await run(['update', id, 'is_public=true'])
    assert.equal(ran.code, 4)
    assert.match(ran.stderr, /community/)
  })

  it('a protected image stays', async () => {
    await done(['update', id, 'protected=yes'])
    const ran = await run(['delete', '--force', id])
    assert.deepEqual([ran.code, ran.stdout], [5, ''])
    await done(['update', id, 'protected=no'])
  })

  it('an image is shared, accepted, and taken back', async function () {
    if (own !== chosen && chosen['OS_CLOUD'] !== undefined) this.skip()
    const project = async (as: Variables) => /^project +(\S+)/m.exec(await done(['auth-info'], as))?.[1] ?? ''
    const beta = await project(user('beta'))
    await done(['member-add', id, beta])
    await done(['member-add', id, beta])
    assert.equal(await done(['image-members', id]), `${beta} pending\n`)
    assert.equal(await done(['index', `name=${name}`], user('beta')), '')
    await done(['member-update', id, beta, 'accepted'], user('beta'))
    assert.match(await done(['index', `name=${name}`], user('beta')), new RegExp(`^${id} `, 'm'))
    assert.match(await done(['member-images', beta], user('beta')), new RegExp(`^${id}`, 'm'))
    assert.match(await done(['member-images', beta]), new RegExp(`^${id} accepted$`, 'm'))
    assert.equal((await run(['update', id, 'name=mine'], user('beta'))).code, 4)
    await done(['members-replace', id, 'somebody'])
    assert.equal(await done(['image-members', id]), 'somebody pending\n')
    await done(['member-delete', id, 'somebody'])
    assert.equal((await run(['member-delete', id, 'somebody'])).code, 3)
    assert.equal((await run(['member-add', id, beta, '--can-share'])).code, 2)
  })

  it('a private image takes members only after a yes', async () => {
    await done(['update', id, 'visibility=private'])
    const refused = await run(['member-add', id, 'somebody'])
    assert.equal(refused.code, 5)
    const agreed = await run(['member-add', id, 'somebody'], own, {terminal: true, answers: [true]})
    assert.equal(agreed.code, 0)
    assert.deepEqual(agreed.asked, [`Image ${id} takes no members. Change its visibility to shared?`])
    assert.match(await done(['show', id]), /^Visibility: shared$/m)
    await done(['member-delete', id, 'somebody'])
  })

  it('names that are not enough are listed', async () => {
    const output = await done(['add', `name=${name}`])
    const ran = await run(['show', name])
    assert.equal(ran.code, 1)
    assert.match(ran.stderr, new RegExp(id))
    await done(['delete', '--force', /ID: (\S+)/.exec(output)?.[1] ?? ''])
  })

  it('a dry run of everything changes nothing', async () => {
    const before = await done(['show', id])
    for (const words of [
      ['add', `name=${name} dry`],
      ['update', id, 'name=dry'],
      ['delete', id],
      ['member-add', id, 'somebody'],
      ['members-replace', id, 'somebody'],
      ['member-delete', id, 'somebody'],
      ['member-update', id, 'somebody', 'accepted'],
    ]) {
      assert.match(await done(['--dry-run', ...words]), /^Dry run\. We would have done the following:\n./)
    }
    assert.equal(await done(['show', id]), before)
    assert.equal(await done(['index', `name=${name} dry`]), '')
  })

  it('logs in once for all of it, and keeps no password', async () => {
    const files = await readdir(path.join(cache, 'glance'), {recursive: true, withFileTypes: true})
    const texts = await Promise.all(
      files
        .filter(file => file.isFile())
        .map(file => readFile(path.join(file.parentPath, file.name), 'utf8')),
    )
    assert.ok(texts.length > 0)
    assert.doesNotMatch(texts.join(), new RegExp(`"${PASSWORD}"`))
  })

  it('shows no secret in its debugging output', async () => {
    const ran = await run(['--debug', '--no-token-cache', 'show', id])
    assert.equal(ran.code, 0)
    assert.match(ran.stderr, /<- 200/)
    for (const secret of [PASSWORD, 'gAAAA']) assert.doesNotMatch(ran.stderr + ran.stdout, new RegExp(secret))
  })
})

describe('who may what, in the cloud on this machine', () => {
  let cache: string
  before(async function () {
    if (chosen['OS_CLOUD'] !== undefined) this.skip()
    cache = await mkdtemp(path.join(tmpdir(), 'glance-cloud-'))
  })
  after(async () => rm(cache ?? '/nonexistent', {recursive: true, force: true}))

  const run = (words: readonly string[], env: Variables, world: World = {}) =>
    glance(words, {...world, env: {...env, XDG_CACHE_HOME: cache}})

  it('a wrong password is told, and not the password', async () => {
    const ran = await run(['index'], {...user('alpha'), OS_PASSWORD: 'not-the-one'})
    assert.equal(ran.code, 4)
    assert.doesNotMatch(ran.stderr, /not-the-one/)
  })

  it('a missing password is asked for at a terminal', async () => {
    const {OS_PASSWORD: _, ...env} = user('alpha')
    const ran = await run(['index', '--force'], env, {terminal: true, secret: PASSWORD})
    assert.deepEqual([ran.code, ran.asked.length], [0, 1])
    const refused = await run(['--no-token-cache', 'index'], env, {stdin: 'data'})
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /OS_PASSWORD/)
  })

  it('a region that does not exist names those that do', async () => {
    const ran = await run(['index'], {...user('alpha'), OS_REGION_NAME: 'Nowhere'})
    assert.equal(ran.code, 2)
    assert.match(ran.stderr, /RegionOne/)
  })

  it('a token that is not believed any more is replaced once', async () => {
    assert.equal((await run(['index'], user('alpha'))).code, 0)
    const folder = path.join(cache, 'glance')
    const {writeFile} = await import('node:fs/promises')
    let changed = 0
    for (const file of await readdir(folder, {recursive: true, withFileTypes: true})) {
      if (!file.isFile()) continue
      const place = path.join(file.parentPath, file.name)
      const text = await readFile(place, 'utf8')
      const spoilt = text.replace(
        /"token":\s*"[^"]+"/,
        `"token": "gAAAAA${createHash('md5').update(text).digest('hex')}"`,
      )
      if (spoilt !== text) changed++
      await writeFile(place, spoilt)
    }
    assert.ok(changed > 0)
    const ran = await run(['--debug', 'index'], user('alpha'))
    assert.equal(ran.code, 0, ran.stderr)
    assert.match(ran.stderr, /<- 401/)
  })

  it('a token alone works with an address, and fails clearly when it is none', async () => {
    const ran = await run(['--url', 'http://127.0.0.1:9392', '-A', 'gAAAAAnonsense', 'index'], {})
    assert.equal(ran.code, 4)
    assert.doesNotMatch(ran.stderr, /nonsense/)
  })

  it("the administrator's clear leaves the images of others", async () => {
    const added = await run(['add', 'name=left alone'], user('beta'))
    const id = /ID: (\S+)/.exec(added.stdout)?.[1] ?? ''
    const dry = await run(['--dry-run', 'clear'], user('admin'))
    assert.equal(dry.code, 0, dry.stderr)
    assert.doesNotMatch(dry.stdout, new RegExp(id))
    const all = await run(['--dry-run', 'clear', '--all-projects'], user('admin'))
    assert.match(all.stdout, new RegExp(id))
    assert.equal((await run(['delete', '--force', id], user('beta'))).code, 0)
  })
})
