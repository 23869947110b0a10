/** Commands with a login that a person confirms in a browser: what they see, what is cached, and what stays secret. */
import assert from 'node:assert/strict'
import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {complete} from '../../src/complete.js'
import {createInterrupt} from '../support/command-line.js'
import {fakeIo, glance, type World} from '../support/fake-io.js'
import {createTokenReply, type FakeKeystone, startFakeKeystone} from '../support/fake-keystone.js'
import {
  ACCESS_TOKEN,
  createDeviceResponse,
  createOauthError,
  DEVICE_CODE,
  type FakeProvider,
  ID_TOKEN,
  startFakeProvider,
} from '../support/fake-provider.js'
import {startService, type TestService} from '../support/test-service.js'

const CLIENT_SECRET = 'client-secret-20c4'

describe('a cloud with a login by device', () => {
  let folder: string
  let provider: FakeProvider
  let keystone: FakeKeystone
  let service: TestService

  before(async () => {
    service = await startService()
  })
  after(() => service.close())
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'glance-device-'))
    provider = await startFakeProvider()
    keystone = await startFakeKeystone()
    const endpoints = [{interface: 'public', region: 'RegionOne', url: service.url}]
    const catalog = JSON.stringify([{type: 'image', name: 'glance', endpoints}])
    keystone.answer((_, n) => createTokenReply({token: `gAAAAA-${n}-7d1b20`, catalog}))
    const auth = {
      auth_url: `${keystone.url}/v3`,
      identity_provider: 'keycloak',
      protocol: 'openid',
      client_id: 'glance',
      client_secret: CLIENT_SECRET,
      discovery_endpoint: `${provider.url}/.well-known/openid-configuration`,
      project_name: 'alpha',
    }
    const clouds = {fed: {auth_type: 'v3oidcdeviceauthz', auth}}
    await writeFile(path.join(folder, 'clouds.yaml'), JSON.stringify({clouds}))
  })
  afterEach(async () => {
    await Promise.all([keystone.close(), provider.close()])
    await rm(folder, {recursive: true})
  })

  const run = (line: string, world: World = {}) =>
    glance(line.split(' '), {
      ...world,
      env: {
        OS_CLOUD: 'fed',
        OS_CLIENT_CONFIG_FILE: path.join(folder, 'clouds.yaml'),
        XDG_CACHE_HOME: path.join(folder, 'cache'),
      },
    })

  for (const terminal of [true, false]) {
    it(`says where to enter the code, ${terminal ? 'at a terminal' : 'in a pipe'}`, async () => {
      const {code, stdout, stderr, asked} = await run('index', {terminal})
      assert.deepEqual([code, stdout, asked], [0, '', []])
      assert.equal(
        stderr
          .replaceAll(provider.url, 'URL')
          .replace(/\d\d:\d\d UTC/, 'HH:MM UTC')
          .replace('No public images found.\n', ''),
        'note: to log in, enter the code WDJB-MJHT at URL/login, or open URL/login?user_code=WDJB-MJHT (waiting until HH:MM UTC)\n',
      )
    })
  }

  it('caches the token of Keystone, and none of the provider', async () => {
    await run('index')
    const again = await run('index')
    assert.deepEqual([again.code, again.stderr], [0, ''])
    assert.equal(provider.asked.filter(({line}) => line === 'POST /device').length, 1)
    const [file = '', ...others] = await readdir(path.join(folder, 'cache/glance'))
    assert.deepEqual(others, [])
    const text = await readFile(path.join(folder, 'cache/glance', file), 'utf8')
    assert.match(text, /"token":"gAAAAA-2-7d1b20"/)
    for (const secret of [ACCESS_TOKEN, DEVICE_CODE, CLIENT_SECRET]) assert.ok(!text.includes(secret))
  })

  it('keeps secrets out of --debug', async () => {
    const {code, stdout, stderr} = await run('--debug index')
    assert.equal(code, 0)
    assert.match(stderr, /-> POST http:\/\/127\.0\.0\.1:\d+\/token /)
    assert.match(stderr, /\/auth \| accept: application\/json \| authorization: \*\*\*/)
    assert.match(stderr, /WDJB-MJHT/)
    for (const secret of [ACCESS_TOKEN, DEVICE_CODE, CLIENT_SECRET, ID_TOKEN, 'gAAAAA'])
      assert.ok(!(stdout + stderr).includes(secret), secret)
  })

  it('fails when the person refuses', async () => {
    provider.answer(({line}) => (line === 'POST /token' ? createOauthError('access_denied') : undefined))
    const {code, stderr} = await run('index')
    assert.equal(code, 4)
    assert.match(
      stderr,
      /^glance: the login at the identity provider 'keycloak' was refused\n.*it was not confirmed in the browser\n.*Run the command again\.\n$/m,
    )
  })

  it('ends at Ctrl-C while it waits', async () => {
    const {signal, interrupt} = createInterrupt()
    const slow = {...createDeviceResponse(provider.url), interval: 500}
    provider.answer(({line}) => (line === 'POST /device' ? {body: slow} : undefined))
    const onStderr = (text: string) => {
      if (text.includes('WDJB-MJHT')) interrupt()
    }
    const {code, stderr} = await run('index', {signal, onStderr})
    assert.equal(code, 130)
    assert.match(stderr, /^glance: interrupted by SIGINT$/m)
  })

  it('is not begun by completion, which nobody watches', async () => {
    const file = {path: path.join(folder, 'images.json'), kind: 'images', flags: ['--os-cloud=fed']}
    const env = {
      OS_CLIENT_CONFIG_FILE: path.join(folder, 'clouds.yaml'),
      XDG_CACHE_HOME: path.join(folder, 'cache'),
      GLANCE_COMPLETION_REFRESH: JSON.stringify(file),
    }
    assert.equal(await complete(['refresh'], fakeIo({env, cwd: folder}).io, async () => {}), 0)
    assert.deepEqual(provider.asked, [])
  })

  it('is shown by auth-info without its secrets', async () => {
    const {code, stdout} = await run('auth-info')
    assert.equal(code, 0)
    assert.match(stdout, /^auth_type +v3oidcdeviceauthz /m)
    assert.match(stdout, /^identity_provider +keycloak /m)
    assert.match(stdout, /^client_secret +\*\*\* /m)
  })
})
