/** Addresses that the service does not contact for a caller, and ranges of streams. */
import assert from 'node:assert/strict'
import {Readable} from 'node:stream'
import {parseConfig} from '../../../src/server/settings/config-file.js'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {
  ANYWHERE,
  type FetchPolicy,
  isPublicAddress,
  PUBLIC_WEB,
  readFetchPolicy,
} from '../../../src/server/stores/fetch-policy.js'
import {HttpStore} from '../../../src/server/stores/http-store.js'
import {RangeSlice} from '../../../src/server/stores/range-slice.js'
import {type Served, serve} from '../../support/http/serve.js'

describe('public addresses', () => {
  const inner =
    '127.0.0.1 127.9.9.9 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 ' +
    '255.255.255.255 192.0.2.1 198.51.100.1 203.0.113.1 ::1 :: fe80::1 fe80::1%eth0 fec0::1 fc00::1 fd12::1 ff02::1 ' +
    '::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.1.1.1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 2001::1 2001:db8::1 ' +
    '2002:7f00:1::1 3fff::1 4000::1 name'
  for (const address of inner.split(' ')) {
    it(`${address} is not one`, () => assert.equal(isPublicAddress(address), false))
  }
  for (const address of '8.8.8.8 172.32.0.1 100.128.0.1 2001:4860:4860::8888 2606:4700::1111'.split(' ')) {
    it(`${address} is one`, () => assert.equal(isPublicAddress(address), true))
  }

  const refused =
    'http://127.0.0.1/ http://localhost/ http://[::1]/ http://[::ffff:127.0.0.1]/ http://2130706433/ ' +
    'http://0x7f.1/ http://0177.1/ http://127.1/ http://u:p@127.0.0.1/ http://8.8.8.8:22/ https://8.8.8.8:9292/'
  for (const uri of refused.split(' ')) {
    it(`nothing is fetched from ${uri}`, async () => {
      const store = new HttpStore(PUBLIC_WEB)
      for (const tried of [store.check(uri), store.get(uri), store.getSize(uri)]) {
        await assert.rejects(tried, {name: 'StoreForbidden'})
      }
    })
  }
  it('are fetched from, and all addresses if that is allowed', async () => {
    for (const uri of [
      'http://8.8.8.8/x',
      'http://8.8.8.8:80/',
      'https://8.8.8.8:443/x',
      'http://nosuch.invalid/',
    ]) {
      await new HttpStore(PUBLIC_WEB).check(uri)
    }
    await new HttpStore(ANYWHERE).check('http://127.0.0.1:9/x')
    await assert.rejects(new HttpStore(ANYWHERE).check('file:///etc/passwd'), {name: 'StoreUnreachable'})
  })
})

describe('filters of imports', () => {
  const check = async (file: string, uri: string, isAnywhere = false) => {
    const values = parseConfig(`[import_filtering_opts]\n${file}`, 'f')
    const given = new GivenSettings({assignments: [], env: {}, file: {path: 'f', values}})
    return new HttpStore(readFetchPolicy(given.in(), isAnywhere)).check(uri).then(
      () => 'allowed',
      error => error.message,
    )
  }
  const FORBIDDEN_PORT = 'names a port that is not allowed'
  const rows: readonly [string, string, string][] = [
    ['allowed_schemes = [https]', 'http://8.8.8.8/', 'http is not an allowed scheme'],
    ["allowed_schemes = ['https']", 'https://8.8.8.8/', 'allowed'],
    ['allowed_schemes =\ndisallowed_schemes = HTTP', 'http://8.8.8.8/', 'http is not an allowed scheme'],
    ['allowed_schemes =\ndisallowed_schemes = http', 'https://8.8.8.8/', 'allowed'],
    ['disallowed_schemes = http', 'http://8.8.8.8/', 'allowed'],
    ['allowed_hosts = 8.8.4.4', 'http://8.8.8.8/', '8.8.8.8 is not an allowed host'],
    ['allowed_hosts = 10.1.2.3', 'http://10.1.2.3/', 'allowed'],
    ['allowed_hosts = LocalHost.', 'http://localhost/', 'allowed'],
    ['allowed_hosts = localhost', 'http://LOCALHOST./', 'allowed'],
    ['allowed_hosts = localhost', 'http://127.0.0.1/', '127.0.0.1 is not an allowed host'],
    ['allowed_hosts = ::1', 'http://[0:0::1]/', 'allowed'],
    ['disallowed_hosts = 8.8.8.8', 'http://8.8.8.8/', '8.8.8.8 is not an allowed host'],
    ['disallowed_hosts = 8.8.8.8', 'http://134744072/', '8.8.8.8 is not an allowed host'],
    ['disallowed_hosts = 8.8.8.8\nallowed_hosts = 8.8.8.8', 'http://8.8.8.8/', 'allowed'],
    [
      'disallowed_hosts = 8.8.4.4',
      'http://127.0.0.1/',
      '127.0.0.1 is on this machine or in a private network',
    ],
    ['allowed_ports = 8080', 'http://8.8.8.8:8080/', 'allowed'],
    ['allowed_ports = [8080]', 'http://8.8.8.8/', `http://8.8.8.8 ${FORBIDDEN_PORT}`],
    ['allowed_ports = 443', 'https://8.8.8.8/', 'allowed'],
    ['disallowed_ports = 80', 'http://8.8.8.8/', 'allowed'],
    ['allowed_ports =\ndisallowed_ports = 22', 'http://8.8.8.8:22/', `http://8.8.8.8:22 ${FORBIDDEN_PORT}`],
    ['allowed_ports =\ndisallowed_ports = 22', 'http://8.8.8.8:9292/', 'allowed'],
  ]
  for (const [file, uri, expected] of rows) {
    it(`${file.replace('\n', ', ')}: ${uri}`, async () => assert.equal(await check(file, uri), expected))
  }

  it('let everything pass from anywhere but what they name', async () => {
    assert.equal(await check('', 'http://127.0.0.1:9292/', true), 'allowed')
    assert.match(await check('allowed_ports = 80', 'http://127.0.0.1:22/', true), /port that is not allowed/)
    const refused = 'disallowed_hosts = 169.254.169.254'
    assert.match(await check(refused, 'http://169.254.169.254/', true), /not an allowed host/)
    assert.match(await check(refused, 'http://[::ffff:a9fe:a9fe]/', true), /private network/)
  })

  for (const [name, value, expected] of [
    ['allowed_hosts', '*.example.org', 'names or addresses of hosts, separated by commas'],
    ['disallowed_hosts', 'example.org:80', 'names or addresses of hosts, separated by commas'],
    ['allowed_ports', '80,99999', 'numbers of ports, separated by commas'],
    ['allowed_schemes', 'http://', 'schemes of URLs, separated by commas'],
  ] as const) {
    it(`refuse ${value} as ${name}`, () => {
      const given = new GivenSettings({assignments: [`${name}=${value}`], env: {}})
      assert.throws(() => readFetchPolicy(given.in()), {
        message: `invalid ${name} '${value}' in --set: expected ${expected}`,
      })
    })
  }

  it('apply to each hop, and let an allowed host be private', async () => {
    let location = ''
    const server = await serve((request, response) => {
      if (request.url === '/data') response.end('x')
      else response.writeHead(302, {location}).end()
    })
    const assignments = ['allowed_hosts=localhost', `allowed_ports=${server.port}`]
    const store = new HttpStore(readFetchPolicy(new GivenSettings({assignments, env: {}}).in()))
    const start = `http://localhost:${server.port}`
    location = `${start}/data`
    assert.equal(await store.getSize(start), 1)
    location = `${server.url}/data`
    await assert.rejects(store.getSize(start), {message: '127.0.0.1 is not an allowed host'})
    await server.close()
  })
})

describe('fetching within limits', () => {
  let server: Served
  let hits: number
  let location: string
  beforeEach(async () => {
    hits = 0
    server = await serve((_request, response) => {
      hits += 1
      response.writeHead(302, {location}).end()
    })
    location = `http://localhost:${server.port}/x`
  })
  afterEach(() => server.close())

  /** Allows every port, and loopback while the condition holds. */
  const allowWhile = (condition: () => boolean): FetchPolicy => ({
    ...ANYWHERE,
    allowsAddress: address => isPublicAddress(address) || condition(),
  })

  it('checks names when the connection is made', async () => {
    const store = new HttpStore(allowWhile(() => false))
    await assert.rejects(store.get(location), {
      name: 'StoreForbidden',
      message: 'localhost is on this machine or in a private network',
    })
    assert.equal(hits, 0)
  })

  it('checks the current address of a name, not an earlier one', async () => {
    let isPublic = true
    const store = new HttpStore(allowWhile(() => isPublic))
    await store.check(location)
    isPublic = false
    await assert.rejects(store.get(location), {name: 'StoreForbidden'})
    assert.equal(hits, 0)
  })

  for (const method of ['get', 'getSize'] as const) {
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      it(`checks again after a redirect to ${host} (${method})`, async () => {
        location = `http://${host}:${server.port}/x`
        const store = new HttpStore(allowWhile(() => hits === 0))
        await assert.rejects(store[method](server.url), {name: 'StoreForbidden'})
        assert.equal(hits, 1)
      })
    }
  }

  it('checks the port after a redirect too', async () => {
    const reach = {...ANYWHERE, allowsPort: (port: string) => port === String(server.port)}
    location = 'http://127.0.0.1:22/'
    await assert.rejects(new HttpStore(reach).get(server.url), {
      name: 'StoreForbidden',
      message: 'http://127.0.0.1:22 names a port that is not allowed',
    })
  })
})

describe('ranges of streams', () => {
  const part = async (chunks: readonly string[], first: number, last: number) => {
    const found: Buffer[] = []
    const sliced = Readable.from(chunks.map(Buffer.from)).pipe(new RangeSlice({first, last}))
    for await (const chunk of sliced) found.push(chunk as Buffer)
    return Buffer.concat(found).toString()
  }

  it('are cut out wherever the chunks end', async () => {
    assert.equal(await part(['abc', 'def', 'ghi'], 0, 8), 'abcdefghi')
    assert.equal(await part(['abc', 'def', 'ghi'], 2, 3), 'cd')
    assert.equal(await part(['abc', 'def', 'ghi'], 4, 4), 'e')
    assert.equal(await part(['abc', 'def', 'ghi'], 6, 8), 'ghi')
  })

  it('are cut out of the whole from a server without ranges', async () => {
    const server = await serve((_request, response) => response.end('0123456789'))
    const {data, size} = await new HttpStore(ANYWHERE).get(server.url, {first: 3, last: 5})
    const found: Buffer[] = []
    for await (const chunk of data) found.push(chunk as Buffer)
    assert.deepEqual([Buffer.concat(found).toString(), size], ['345', 10])
    await server.close()
  })
})
