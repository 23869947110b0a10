/** The files that keep tokens: private, complete, and never a cause of failure. */
import assert from 'node:assert/strict'
import {execFileSync, spawn} from 'node:child_process'
import {chmod, chown, mkdir, readdir, readFile, stat, symlink, utimes, writeFile} from 'node:fs/promises'
import {userInfo} from 'node:os'
import {join} from 'node:path'
import {
  type CachedToken,
  cacheKey,
  fileTokenCache,
  type TokenCache,
} from '../../../src/lib/identity/token-cache.js'
import {cacheFolder} from '../../../src/lib/io/cache-folder.js'
import {type ConfigFixture, createConfigFixture} from '../../support/config-fixture.js'

const KEY = 'a'.repeat(64)
const ENTRY: CachedToken = {
  token: 'gAAAAA-1',
  expiresAt: new Date('2126-01-01T01:00:00Z'),
  obtainedAt: new Date('2126-01-01T00:00:00Z'),
  endpoint: 'http://i.example',
  apiVersion: 2,
  projectId: 'p',
  projectName: 'alpha',
  userId: 'u',
}

describe('token cache', () => {
  let fixture: ConfigFixture
  let folder: string
  let cache: TokenCache
  const file = () => join(folder, `${KEY}.json`)

  beforeEach(async () => {
    fixture = await createConfigFixture()
    folder = join(fixture.home, '.cache/glance')
    cache = fileTokenCache(folder)
  })
  afterEach(() => fixture.remove())

  it('is in the cache folder of the user', () => {
    assert.equal(cacheFolder(fixture), folder)
    assert.equal(cacheFolder(fixture.with({XDG_CACHE_HOME: '/x/cache'})), '/x/cache/glance')
    assert.equal(cacheFolder(fixture.with({XDG_CACHE_HOME: 'relative'})), folder)
    assert.equal(cacheFolder({env: {}, home: ''}), undefined)
  })

  it('returns what was stored, and nothing else', async () => {
    assert.equal(await cache.load(KEY), undefined)
    await cache.store(KEY, ENTRY)
    assert.deepEqual(await cache.load(KEY), ENTRY)
    assert.equal(await cache.load('b'.repeat(64)), undefined)
    const {apiVersion: _a, projectId: _p, projectName: _n, userId: _u, ...least} = ENTRY
    await cache.store(KEY, least)
    assert.deepEqual(await cache.load(KEY), least)
  })

  it('does not wait for a named pipe', async () => {
    await mkdir(folder, {recursive: true, mode: 0o700})
    execFileSync('mkfifo', ['-m', '600', file()])
    assert.equal(await cache.load(KEY), undefined)
  })

  it('is private to its owner', async () => {
    await mkdir(folder, {recursive: true, mode: 0o755})
    await cache.store(KEY, ENTRY)
    assert.equal((await stat(folder)).mode & 0o777, 0o700)
    assert.equal((await stat(file())).mode & 0o777, 0o600)
    assert.deepEqual(await readdir(folder), [`${KEY}.json`])
  })

  it('does not trust a file that others may read, or that is not a regular file', async () => {
    await cache.store(KEY, ENTRY)
    await chmod(file(), 0o640)
    assert.equal(await cache.load(KEY), undefined)
    await chmod(file(), 0o600)
    await symlink(file(), join(folder, `${'b'.repeat(64)}.json`))
    assert.equal(await cache.load('b'.repeat(64)), undefined)
    await mkdir(join(folder, `${'c'.repeat(64)}.json`))
    assert.equal(await cache.load('c'.repeat(64)), undefined)
    assert.deepEqual(await cache.load(KEY), ENTRY)
  })

  it('does not trust a file of another user', async function () {
    if (userInfo().uid !== 0) this.skip()
    await cache.store(KEY, ENTRY)
    await chown(file(), 65534, 65534)
    assert.equal(await cache.load(KEY), undefined)
    await chown(folder, 65534, 65534)
    await cache.store('b'.repeat(64), ENTRY)
    assert.deepEqual(await readdir(folder), [`${KEY}.json`])
  })

  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '{"format":2}',
    '{"format":1,"token":7,"endpoint":"http://i","expiresAt":"2126-01-01","obtainedAt":"2126-01-01"}',
    '{"format":1,"token":"a\\r\\nb: c","endpoint":"http://i","expiresAt":"2126-01-01","obtainedAt":"2126-01-01"}',
    '{"format":1,"token":"t","endpoint":"nowhere","expiresAt":"2126-01-01","obtainedAt":"2126-01-01"}',
    '{"format":1,"token":"t","endpoint":"http://i","expiresAt":"soon","obtainedAt":"2126-01-01"}',
  ]) {
    it(`ignores a damaged entry: ${text}`, async () => {
      await mkdir(folder, {recursive: true})
      await writeFile(file(), text, {mode: 0o600})
      assert.equal(await cache.load(KEY), undefined)
      await cache.drop(KEY, 't')
      await cache.store(KEY, ENTRY)
      assert.deepEqual(await cache.load(KEY), ENTRY)
    })
  }

  it('removes an entry only if it still holds the same token', async () => {
    await cache.store(KEY, ENTRY)
    await cache.drop(KEY, 'gAAAAA-0')
    assert.deepEqual(await cache.load(KEY), ENTRY)
    await cache.drop(KEY, 'gAAAAA-1')
    assert.equal(await cache.load(KEY), undefined)
    await cache.drop(KEY, 'gAAAAA-1')
  })

  it('never fails when nothing can be written', async () => {
    const blocked = fileTokenCache(await fixture.put('home/file', ''))
    await blocked.store(KEY, ENTRY)
    assert.equal(await blocked.load(KEY), undefined)
    await blocked.drop(KEY, 'gAAAAA-1')
  })

  it('removes entries unused for a week, and no foreign files', async () => {
    const [old, draft] = [`${'b'.repeat(64)}.json`, `${'b'.repeat(64)}.json.0a-1b.tmp`]
    await mkdir(folder, {recursive: true})
    for (const name of [old, draft, 'mine.txt']) {
      await writeFile(join(folder, name), '')
      await utimes(join(folder, name), new Date('2020-01-01'), new Date('2020-01-01'))
    }
    await cache.store(KEY, ENTRY)
    assert.deepEqual((await readdir(folder)).sort(), [`${KEY}.json`, 'mine.txt'])
  })

  it('has a different key for each secret and each other setting, and reveals none', () => {
    const keys = [
      cacheKey({authUrl: 'http://k', proof: 'u'}, 'hunter2'),
      cacheKey({authUrl: 'http://k', proof: 'u'}, 'hunter3'),
      cacheKey({authUrl: 'http://k', proof: 'v'}, 'hunter2'),
      cacheKey({authUrl: 'http://k', proof: 'u'}, undefined),
      cacheKey({authUrl: 'http://k', proof: 'u'}, ''),
    ]
    assert.equal(new Set(keys).size, 5)
    for (const key of keys) assert.match(key, /^[0-9a-f]{64}$/)
    assert.equal(cacheKey({authUrl: 'http://k', proof: 'u'}, 'hunter2'), keys[0])
  })

  it('shows complete entries to twenty processes that write at once', async () => {
    const module = new URL('../../../src/lib/identity/token-cache.js', import.meta.url).href
    const script = `
      const {fileTokenCache} = await import(${JSON.stringify(module)})
      const cache = fileTokenCache(${JSON.stringify(folder)})
      const id = process.argv[1]
      let bad = 0
      for (let n = 0; n < 25; n++) {
        const token = id + '-' + n + '-' + 'x'.repeat(n * 100)
        const time = new Date('2126-01-01')
        await cache.store('${KEY}', {token, expiresAt: time, obtainedAt: time, endpoint: 'http://i/' + token})
        const read = await cache.load('${KEY}')
        if (!read || 'http://i/' + read.token !== read.endpoint) bad++
      }
      process.exit(bad)`
    const codes = await Promise.all(
      Array.from({length: 20}, (_, id) => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', script, '--', String(id)])
        return new Promise(resolve => child.on('exit', resolve))
      }),
    )
    assert.deepEqual(codes, Array(20).fill(0))
    assert.deepEqual(await readdir(folder), [`${KEY}.json`])
    JSON.parse(await readFile(file(), 'utf8'))
  })
})
