/** The lifetime of a login: across commands and processes, until it expires or is refused. */
import assert from 'node:assert/strict'
import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {createTransport} from '../../../../src/lib/http/send.js'
import {openIdentity} from '../../../../src/lib/identity/open-identity.js'
import {resolveSettings} from '../../../../src/lib/identity/settings/settings.js'
import {fileTokenCache, noTokenCache, type TokenCache} from '../../../../src/lib/identity/token-cache.js'
import {cacheFolder} from '../../../../src/lib/io/cache-folder.js'
import {type ConfigFixture, createConfigFixture} from '../../../support/config-fixture.js'
import {createTokenReply, type FakeKeystone, startFakeKeystone} from '../../../support/fake-keystone.js'

const START = Date.parse('2126-01-01T00:00:00Z')
const MINUTES = 60_000

describe('a login and its cache', () => {
  let fixture: ConfigFixture
  let keystone: FakeKeystone
  let now: number
  /** The lifetime of a token. */
  let life: number
  const {send, close} = createTransport()

  before(async () => {
    fixture = await createConfigFixture()
  })
  after(async () => {
    await Promise.all([fixture.remove(), close()])
  })
  beforeEach(async () => {
    now = START
    life = 60 * MINUTES
    keystone = await startFakeKeystone()
    keystone.answer((_, n) =>
      createTokenReply({token: `t-${n}`, expires: new Date(now + life).toISOString()}),
    )
  })
  afterEach(() => keystone.close())

  /** An identity as the next command would have it. */
  const command = async (env: Record<string, string> = {}, cached: boolean | TokenCache = true) => {
    const all = {OS_AUTH_URL: keystone.url, OS_USERNAME: 'alpha', OS_PASSWORD: 'hunter2', ...env}
    const settings = await resolveSettings({flags: {}, environment: fixture.with(all)})
    const cache =
      typeof cached === 'object' ? cached : cached ? fileTokenCache(cacheFolder(fixture) ?? '') : noTokenCache
    return openIdentity(settings, {send, cache, now: () => now, askSecret: async () => 'hunter2'})
  }
  const readToken = async (identity: Awaited<ReturnType<typeof command>>, lifeSeconds = 0) =>
    (await identity.session({lifeSeconds})).headers['x-auth-token']

  it('is reused by the next command, which sends nothing', async () => {
    const first = await (await command()).session()
    const second = await (await command()).session()
    assert.deepEqual(second, first)
    assert.equal(keystone.asked.length, 1)
  })

  it('is repeated by each command without a cache', async () => {
    await (await command({}, false)).session()
    await (await command({}, false)).session()
    assert.equal(keystone.asked.length, 2)
  })

  it('is repeated for another password, project, region, interface or address', async () => {
    const all: Record<string, string>[] = [
      {},
      {OS_PASSWORD: 'hunter3'},
      {OS_PROJECT_NAME: 'beta'},
      {OS_REGION_NAME: 'RegionOne'},
      {OS_INTERFACE: 'internal'},
      {OS_IMAGE_ENDPOINT_OVERRIDE: 'http://i.example'},
      {OS_IMAGE_SERVICE_TYPE: 'image'},
      {OS_AUTH_URL: `${keystone.url}/v3`},
    ]
    for (const env of all) await (await command(env)).session()
    assert.equal(keystone.asked.length, 8)
    for (const env of all) await (await command(env)).session()
    assert.equal(keystone.asked.length, 8)
  })

  it('is repeated when less than two minutes are left', async () => {
    const long = await command()
    assert.equal(await readToken(long), 't-1')
    now = START + 58 * MINUTES
    assert.equal(await readToken(await command()), 't-1')
    now += 1
    assert.equal(await readToken(await command()), 't-2')
    assert.equal(await readToken(long), 't-2', 'also in a process that goes on')
  })

  it('is repeated for an operation that takes longer than the token lives', async () => {
    await (await command()).session()
    now = START + 30 * MINUTES
    assert.equal(await readToken(await command(), 1800), 't-1')
    assert.equal(await readToken(await command(), 1801), 't-2')
    const short = await command()
    assert.equal(await readToken(short, 7200), 't-2', 'no token lives longer than a new one')
    assert.equal((await short.session()).expiresAt?.getTime(), now + 60 * MINUTES)
  })

  it('is not repeated for every request when tokens live less than two minutes', async () => {
    life = 5000
    const who = await command()
    for (const expected of ['t-1', 't-1', 't-1']) assert.equal(await readToken(who), expected)
    now += 501
    assert.equal(await readToken(who), 't-2')
  })

  it('is discarded when the token is refused, for the next command too', async () => {
    const who = await command()
    await who.session()
    assert.deepEqual((await who.renew())?.headers, {'x-auth-token': 't-2'})
    assert.equal(await readToken(await command()), 't-2')
    assert.equal(keystone.asked.length, 2)
  })

  it('is repeated when the token is refused and its file cannot be removed', async () => {
    const old = {obtainedAt: new Date(START), expiresAt: new Date(START + life), endpoint: 'http://i.example'}
    const readOnly = {...noTokenCache, load: async () => ({...old, token: 'bad'})}
    const who = await command({}, readOnly)
    assert.equal(await readToken(who), 'bad')
    assert.deepEqual((await who.renew())?.headers, {'x-auth-token': 't-1'})
    assert.equal(await readToken(who), 't-1')
  })

  it('keeps the version of the API when it is repeated', async () => {
    const who = await command()
    await who.session()
    await who.rememberApiVersion(2)
    assert.equal((await who.renew())?.apiVersion, 2)
    assert.equal((await (await command()).session()).apiVersion, 2)
  })

  it('uses a token that another process renewed', async () => {
    const [one, other] = [await command(), await command()]
    await one.session()
    await other.session()
    await other.renew()
    assert.deepEqual((await one.renew())?.headers, {'x-auth-token': 't-2'})
    assert.equal(keystone.asked.length, 2)
  })

  it('remembers the version of the API, until the token ends', async () => {
    const who = await command()
    assert.equal((await who.session()).apiVersion, undefined)
    await who.rememberApiVersion(2, 3)
    assert.equal((await who.session()).apiVersion, 2)
    const {apiVersion, apiMinor} = await (await command()).session()
    assert.deepEqual([apiVersion, apiMinor], [2, 3])
  })

  it('does not ask for the password while the token is valid', async () => {
    const env = {OS_PASSWORD: ''}
    await (await command(env)).session()
    keystone.asked.length = 0
    await (await command(env)).session()
    assert.equal(keystone.asked.length, 0)
  })

  it('is not kept when its expiry is unknown', async () => {
    keystone.answer((_, n) => createTokenReply({token: `t-${n}`, expires: 'soon'}))
    const who = await command()
    assert.equal(await readToken(who), 't-1')
    assert.equal(await readToken(who), 't-1')
    assert.equal(await readToken(await command()), 't-2')
  })

  it('leaves no password in any file', async () => {
    await (await command()).session()
    const names = await readdir(cacheFolder(fixture) ?? '')
    assert.ok(names.length > 10)
    for (const name of names) {
      assert.doesNotMatch(await readFile(join(cacheFolder(fixture) ?? '', name), 'utf8'), /hunter|catalog/)
    }
  })
})
