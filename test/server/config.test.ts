/** Settings of the service: defaults, invalid values, and the warning for a public address. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import {mkdir, symlink, writeFile} from 'node:fs/promises'
import net, {type AddressInfo} from 'node:net'
import {join} from 'node:path'
import {describeSettings, resolveSettings, SHOWN_SETTINGS} from '../../src/server/config.js'
import {isLoopback} from '../../src/server/http/host-check.js'
import {createServer} from '../../src/server/server.js'
import {useTempDir} from '../support/temp-dir.js'

describe('settings of the service', () => {
  const env = {HOME: '/home/ann'}

  it('have defaults', () => {
    assert.deepEqual(resolveSettings({}, env), {
      host: '127.0.0.1',
      port: 9292,
      dataDir: '/home/ann/.local/share/glance',
      shutdownSeconds: 30,
      pid: 0,
      auth: 'none',
      keystoneUrl: undefined,
      registry: undefined,
      showLocations: false,
      checkContent: false,
      fetchFromAnywhere: false,
      logFile: undefined,
      verbose: false,
      debug: false,
    })
  })

  it('read the data folder from the XDG variable, unless that is relative', () => {
    assert.equal(resolveSettings({}, {...env, XDG_DATA_HOME: '/data'}).dataDir, '/data/glance')
    assert.equal(
      resolveSettings({}, {...env, XDG_DATA_HOME: 'data'}).dataDir,
      '/home/ann/.local/share/glance',
    )
  })

  it('use the given values', () => {
    const given = {host: '::1', port: '0', dataDir: '/srv/images', shutdownSeconds: '0', pid: 7}
    assert.deepEqual(resolveSettings(given, {}), {
      host: '::1',
      port: 0,
      dataDir: '/srv/images',
      shutdownSeconds: 0,
      pid: 7,
      auth: 'none',
      keystoneUrl: undefined,
      registry: undefined,
      showLocations: false,
      checkContent: false,
      fetchFromAnywhere: false,
      logFile: undefined,
      verbose: false,
      debug: false,
    })
  })

  it('are verbose with debug', () => {
    const {verbose, debug} = resolveSettings({debug: true}, env)
    assert.deepEqual([verbose, debug], [true, true])
  })

  for (const logFile of [
    '/srv/images',
    '/srv/images/service.log',
    '/srv/images/images/x',
    '/srv/images/..x',
  ]) {
    it(`refuse the log file ${logFile} in the data directory`, () => {
      assert.throws(() => resolveSettings({dataDir: '/srv/images', logFile}, env), {
        kind: 'usage',
        message: `cannot use ${logFile} as the log file`,
      })
    })
  }
  for (const logFile of ['/srv/images.log', '/srv/..images', '/var/log/x']) {
    it(`accept the log file ${logFile} outside the data directory`, () => {
      assert.equal(resolveSettings({dataDir: '/srv/images', logFile}, env).logFile, logFile)
    })
  }

  describe('with links', () => {
    const tempDir = useTempDir()

    it('refuse a log file in the data directory by another path', async () => {
      const [folder, dataDir] = [tempDir(), join(tempDir(), 'data')]
      await symlink('data', join(folder, 'link'))
      await mkdir(dataDir)
      await writeFile(join(dataDir, 'x'), '')
      await symlink('data/x', join(folder, 'log'))
      for (const logFile of [join(folder, 'link', 'new.log'), join(folder, 'log')]) {
        assert.throws(() => resolveSettings({dataDir, logFile}, env), {
          kind: 'usage',
          message: `cannot use ${logFile} as the log file`,
        })
      }
    })
  })

  it('are shown, except secrets and what is not set', () => {
    const settings = resolveSettings({dataDir: '/srv/images', pid: 7}, env)
    const lines = [
      'setting host = 127.0.0.1',
      'setting port = 9292',
      'setting data-dir = /srv/images',
      'setting shutdown-seconds = 30',
      'setting pid = 7',
      'setting auth = none',
      'setting show-locations = false',
      'setting check-content = false',
      'setting fetch-from-anywhere = false',
      'setting verbose = false',
      'setting debug = false',
    ]
    assert.deepEqual(describeSettings(settings), lines)
    const masked = describeSettings(settings, {...SHOWN_SETTINGS, host: {name: 'host', isSecret: true}})
    assert.deepEqual(masked, ['setting host = ***', ...lines.slice(1)])
  })

  it('accept an IPv6 address as written in a URL', () => {
    assert.equal(resolveSettings({host: '[::1]'}, env).host, '::1')
    assert.equal(resolveSettings({host: '[fe80::1%eth0]'}, env).host, 'fe80::1%eth0')
  })

  for (const port of ['', 'abc', '-1', '65536', '80.5', ' 80']) {
    it(`refuse port '${port}'`, () => {
      assert.throws(() => resolveSettings({port}, env), {kind: 'usage'})
    })
  }

  it('require a folder', () => {
    assert.throws(() => resolveSettings({}, {}), {kind: 'usage'})
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
