/** Settings of the service: defaults, invalid values, and the warning for a public address. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import net, {type AddressInfo} from 'node:net'
import {loadSettings} from '../../src/server/config.js'
import {isLoopback} from '../../src/server/http/host-check.js'
import {createServer} from '../../src/server/server.js'
import {type Env, toFlag} from '../../src/server/settings/places.js'
import {useTempDir} from '../support/temp-dir.js'

describe('settings of the service', () => {
  const env = {HOME: '/home/ann'}
  const load = async (values: Readonly<Record<string, string>> = {}, variables: Env = env) => {
    const flags = Object.entries(values).map(([name, text]) => [name, {text, from: toFlag(name)}] as const)
    const {given, log, ...settings} = await loadSettings({flags: Object.fromEntries(flags)}, variables)
    assert.ok(given && log)
    return settings
  }
  const DEFAULTS = {
    host: '127.0.0.1',
    port: 9292,
    dataDir: '/home/ann/.local/share/glance',
    shutdownSeconds: 30,
    pid: 0,
    auth: 'none',
    showLocations: false,
    checkContent: false,
    fetchFromAnywhere: false,
  }

  it('have defaults', async () => {
    assert.deepEqual(await load(), DEFAULTS)
    assert.equal((await loadSettings({program: 'glance-registry'}, env)).port, 9191)
  })

  it('read the data folder from the XDG variable, unless that is relative', async () => {
    assert.equal((await load({}, {...env, XDG_DATA_HOME: '/data'})).dataDir, '/data/glance')
    assert.equal((await load({}, {...env, XDG_DATA_HOME: 'data'})).dataDir, '/home/ann/.local/share/glance')
  })

  it('use the given values', async () => {
    const given = {
      bind_host: '::1',
      bind_port: '0',
      data_dir: '/srv/images',
      graceful_shutdown_timeout: '0',
      auth: 'fake',
      show_multiple_locations: 'yes',
      check_content: 'true',
      fetch_from_anywhere: '1',
    }
    assert.deepEqual(await load(given, {}), {
      ...DEFAULTS,
      host: '::1',
      port: 0,
      dataDir: '/srv/images',
      shutdownSeconds: 0,
      auth: 'fake',
      showLocations: true,
      checkContent: true,
      fetchFromAnywhere: true,
    })
  })

  it('know the flavors of the original', async () => {
    for (const [flavor, auth] of [
      ['keystone', 'keystone'],
      ['keystone+cachemanagement', 'keystone'],
      ['caching', 'none'],
      ['', 'none'],
    ] as const)
      assert.equal((await load({auth: flavor})).auth, auth)
    for (const flavor of ['trusted-auth', 'keystone+fake', 'keyston']) {
      const message = `invalid auth '${flavor}' in --auth: expected none or fake or keystone`
      await assert.rejects(load({auth: flavor}), {kind: 'usage', message})
    }
  })

  it('accept an IPv6 address as written in a URL', async () => {
    assert.equal((await load({bind_host: '[::1]'})).host, '::1')
    assert.equal((await load({bind_host: '[fe80::1%eth0]'})).host, 'fe80::1%eth0')
  })

  for (const port of ['', 'abc', '-1', '65536', '80.5', ' 80']) {
    it(`refuse port '${port}'`, async () => {
      await assert.rejects(load({bind_port: port}), {kind: 'usage'})
    })
  }

  it('require a folder', async () => {
    await assert.rejects(load({}, {}), {kind: 'usage', message: 'no data directory is configured'})
  })

  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1']) {
    it(`${host} is loopback`, () => assert.equal(isLoopback(host), true))
  }
  for (const host of ['0.0.0.0', '::', '10.0.0.1', 'localhost.example.org', '127.0.0.1.example.org']) {
    it(`${host} is not loopback`, () => assert.equal(isLoopback(host), false))
  }
})

describe('address of the service', () => {
  const dataDir = useTempDir()

  const warnings: string[] = []
  beforeEach(() => warnings.splice(0))
  const serverOn = (host: string, port = 0) => {
    const settings = {host, port, dataDir: dataDir(), shutdownSeconds: 1, pid: 1}
    return createServer(settings, {log: () => {}, warn: line => warnings.push(line)})
  }

  it('causes no warning when it cannot be used', async () => {
    const other = net.createServer().listen(0, '0.0.0.0')
    await once(other, 'listening')
    const server = await serverOn('0.0.0.0', (other.address() as AddressInfo).port)
    await assert.rejects(server.listen(), {name: 'Failure', why: 'another program listens there already'})
    other.close()
    assert.deepEqual(warnings, [])
  })

  it('causes a warning when others can reach it', async () => {
    const server = await serverOn('0.0.0.0')
    assert.match(await server.listen(), /^http:\/\/0\.0\.0\.0:\d+$/)
    await server.close()
    assert.deepEqual(warnings, [
      'listening on 0.0.0.0: everyone who can reach it may read, change and delete every image',
    ])
  })
})
