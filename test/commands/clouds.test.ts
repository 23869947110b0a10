/** Commands with a cloud: clouds.yaml, a login, a catalog, an Image service; plain, with TLS, through a proxy, and over IPv6. */
import assert from 'node:assert/strict'
import {mkdtemp, readdir, rm, stat, writeFile} from 'node:fs/promises'
import type http from 'node:http'
import {networkInterfaces, tmpdir} from 'node:os'
import path from 'node:path'
import {glance, type World} from '../support/fake-io.js'
import {createTokenReply, type FakeKeystone, startFakeKeystone} from '../support/fake-keystone.js'
import {startForwardProxy} from '../support/http/forward-proxy.js'
import {serve} from '../support/http/serve.js'
import {startService, type TestService} from '../support/test-service.js'
import {pem, serveTls} from '../support/tls.js'

const createCatalog = (url: string) =>
  `[{"type": "image", "name": "glance", "endpoints": [{"interface": "public", "region": "RegionOne", "region_id": "RegionOne", "url": "${url}"}]}]`

describe('a cloud', () => {
  let folder: string
  let keystone: FakeKeystone
  let service: TestService

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'glance-cloud-'))
    service = await startService()
    keystone = await startFakeKeystone()
    keystone.answer(() => createTokenReply({catalog: createCatalog(service.url)}))
    await describeCloud({auth_url: `${keystone.url}/v3`})
  })
  afterEach(async () => {
    await keystone.close()
    await service.close()
    await rm(folder, {recursive: true})
  })

  async function describeCloud(
    auth: Record<string, string>,
    more: Record<string, string> = {},
  ): Promise<void> {
    const domains = {user_domain_name: 'Default', project_domain_name: 'Default'}
    const entry = {
      auth: {username: 'alpha', password: 'wonderland', project_name: 'alpha', ...domains, ...auth},
      ...more,
    }
    await writeFile(path.join(folder, 'clouds.yaml'), JSON.stringify({clouds: {test: entry}}))
  }

  const run = (words: readonly string[], {env, ...world}: World = {}) =>
    glance(words, {
      ...world,
      env: {
        OS_CLOUD: 'test',
        OS_CLIENT_CONFIG_FILE: path.join(folder, 'clouds.yaml'),
        XDG_CACHE_HOME: path.join(folder, 'cache'),
        ...env,
      },
    })

  it('is all that a command needs', async () => {
    const added = await run(['add', 'name=x', 'is_public=1'], {stdin: 'data'})
    assert.deepEqual([added.code, added.stderr], [0, ''])
    assert.match((await run(['index'])).stdout, / x {2,}raw /)
    assert.deepEqual(
      keystone.asked.map(({line}) => line),
      ['POST /v3/auth/tokens'],
    )
  })

  it('costs one request when token and version are known', async () => {
    await run(['index'])
    const before = service.log.length
    assert.equal((await run(['index'])).code, 0)
    assert.equal(service.log.length - before, 1)
  })

  it('keeps the token for its owner alone', async () => {
    await run(['index'])
    const cache = path.join(folder, 'cache', 'glance')
    for (const name of await readdir(cache, {recursive: true})) {
      const {mode} = await stat(path.join(cache, name))
      assert.equal(mode & 0o077, 0, name)
    }
    await run(['--no-token-cache', 'index'])
    assert.equal(keystone.asked.length, 2)
  })

  it('is named with the project before images are deleted, also when the login is remembered', async () => {
    await run(['add', 'name=x', 'id=00000000-0000-4000-8000-000000000001'], {stdin: 'data'})
    const deletion = await run(['delete', 'x'], {terminal: true, answers: [false]})
    const image = '00000000-0000-4000-8000-000000000001 "x"'
    assert.deepEqual(deletion.asked, [`Delete image ${image} (project alpha, cloud test)?`])
    const all = await run(['clear', '--all-projects'], {terminal: true, answers: [false]})
    assert.deepEqual(all.asked, ['Delete 1 image of all projects (cloud test)?'])
    const own = await run(['clear'], {terminal: true})
    assert.deepEqual([own.code, own.asked], [0, []])
    assert.equal(own.stderr, 'note: there are no images to delete (project alpha, cloud test)\n')
    assert.equal(keystone.asked.length, 1)
  })

  it('is not contacted by a dry run, nor by help', async () => {
    for (const words of [
      ['--dry-run', 'add', 'name=x'],
      ['--dry-run', 'delete', 'x'],
      ['help', 'add'],
      ['add', '--help'],
    ]) {
      assert.equal((await run(words, {kind: 'file'})).code, 0)
    }
    assert.deepEqual([keystone.asked.length, service.log.length], [0, 0])
    assert.match((await run(['--dry-run', 'add', 'name=x'])).stdout, /container_format => bare/)
  })

  it('is explained without its secrets', async () => {
    const ran = await run(['auth-info'], {env: {OS_USERNAME: 'ignored', OS_REGION_NAME: 'RegionOne'}})
    assert.equal(ran.code, 0)
    const yaml = `cloud 'test' in ${path.join(folder, 'clouds.yaml')}`
    const rows = ran.stdout.split('\n').map(row => row.split(/ {2,}| (?=cloud 'test')/))
    assert.ok(rows.some(([name, value, from]) => name === 'username' && value === 'alpha' && from === yaml))
    assert.ok(
      rows.some(
        ([name, value, from]) => name === 'region' && value === 'RegionOne' && from === 'OS_REGION_NAME',
      ),
    )
    assert.ok(rows.some(([name, value]) => name === 'password' && value === '***'))
    assert.ok(rows.some(([name, value]) => name === 'service' && value === service.url))
    assert.match(ran.stderr, /^note: OS_USERNAME is not used: cloud 'test' is named\n/)
    assert.doesNotMatch(ran.stdout + ran.stderr, /wonderland|gAAAAA/)
  })

  it('is named when it does not exist', async () => {
    const ran = await run(['index'], {env: {OS_CLOUD: 'tset'}})
    assert.equal(ran.code, 2)
    assert.match(ran.stderr, /test/)
  })

  it('is logged in to again when the token is refused', async () => {
    let refused = false
    const image = await serve((request, answer) => {
      if (request.headers['x-auth-token'] === 'gAAAAA-old') {
        refused = true
        answer.writeHead(401).end()
      } else answer.setHeader('content-type', 'application/json').end('{"images": []}')
    })
    keystone.answer((_, n) =>
      createTokenReply({
        token: n === 1 ? 'gAAAAA-old' : 'gAAAAA-new',
        catalog: createCatalog(`${image.url}/v2`),
      }),
    )
    const ran = await run(['index'])
    assert.deepEqual([ran.code, ran.stderr, refused, keystone.asked.length], [0, '', true, 2])
    await image.close()
  })

  it('that refuses its own tokens, or is unreachable, is reported with the source of its address', async () => {
    const image = await serve((_, answer) => void answer.writeHead(401).end())
    keystone.answer(() => createTokenReply({catalog: createCatalog(`${image.url}/v2`)}))
    const refused = await run(['index'])
    assert.equal(refused.code, 4)
    assert.match(
      refused.stderr,
      /Check that the address .* the catalog of the cloud, belongs to the cloud that accepted the login/,
    )
    await image.close()
    const gone = await run(['--retries', '0', 'index'])
    assert.equal(gone.code, 6)
    assert.match(gone.stderr, /Check the address, which comes from the catalog of the cloud\./)
  })

  it('whose entry requires a missing version names the entry', async () => {
    const image = await serve((_, answer) => void answer.writeHead(300).end('{"versions": [{"id": "v2.0"}]}'))
    keystone.answer(() => createTokenReply({catalog: createCatalog(image.url)}))
    await describeCloud({auth_url: `${keystone.url}/v3`}, {image_api_version: '1'})
    const ran = await run(['index'])
    assert.equal(ran.code, 1)
    assert.match(ran.stderr, /Leave out version 1 of the Image API, which comes from cloud 'test' in /)
    await image.close()
  })

  /** Serves identity and images on one port. */
  const serveBoth: (url: () => string) => http.RequestListener = url => (request, answer) => {
    const reply = createTokenReply({catalog: createCatalog(`${url()}/v2`)})
    answer.setHeader('content-type', 'application/json')
    if (request.method === 'POST') answer.writeHead(201, reply.headers).end(reply.body)
    else answer.end('{"images": []}')
  }

  it('with TLS is trusted through its authority, and accepts our certificate', async () => {
    const secure = await serveTls(
      serveBoth(() => secure.url),
      {wantsClient: true},
    )
    await describeCloud({auth_url: `${secure.url}/v3`}, {cacert: pem('authority'), cert: pem('client')})
    assert.deepEqual(await run(['index']), {code: 0, stdout: '', stderr: '', asked: []})
    await describeCloud({auth_url: `${secure.url}/v3`}, {cert: pem('client')})
    const distrusted = await run(['--no-token-cache', '--retries', '0', 'index'])
    assert.equal(distrusted.code, 1)
    assert.match(distrusted.stderr, /--os-cacert/)
    const missing = await run(['--os-cacert', '/nonexistent/ca.pem', '--no-token-cache', 'index'])
    assert.equal(missing.code, 2)
    assert.match(missing.stderr, /\/nonexistent\/ca\.pem/)
    await secure.close()
  })

  it('is reached through a proxy', async () => {
    const inside = await serve(serveBoth(() => 'http://images.example.com'))
    const proxy = await startForwardProxy({port: inside.port, credentials: 'me:proxysecret'})
    const env = {HTTP_PROXY: proxy.url.replace('//', '//me:proxysecret@')}
    await describeCloud({auth_url: 'http://keystone.example.com/v3'})
    const ran = await run(['--debug', 'index'], {env})
    assert.equal(ran.code, 0, ran.stderr)
    assert.doesNotMatch(ran.stderr, /proxysecret/)
    assert.deepEqual(
      proxy.asked.map(line => line.replace(/\?.*/, '')),
      ['POST http://keystone.example.com/v3/auth/tokens', 'GET http://images.example.com/v2/images'],
    )
    await proxy.close()
    await inside.close()
  })

  it('is reached over IPv6', async function () {
    const hasIPv6 = Object.values(networkInterfaces()).some(all =>
      all?.some(({address}) => address === '::1'),
    )
    if (!hasIPv6) this.skip()
    const secure = await serveTls(
      serveBoth(() => secure.url),
      {host: '::1'},
    )
    await describeCloud({auth_url: `${secure.url}/v3`}, {cacert: pem('authority')})
    assert.match(secure.url, /^https:\/\/\[::1\]:\d+$/)
    assert.deepEqual(await run(['index']), {code: 0, stdout: '', stderr: '', asked: []})
    await secure.close()
  })
})
