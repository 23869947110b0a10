/** The URL of the service in its responses, the client in its log, and the host names that it accepts. */
import assert from 'node:assert/strict'
import {GivenSettings} from '../../../../src/server/settings/sources.js'
import {request} from '../../../support/http/request.js'
import {startService, type TestService} from '../../../support/test-service.js'

/** Requests with headers, as proxies send them. */
type Headers = Readonly<Record<string, string>>

describe('the URL of a service', () => {
  let service: TestService
  afterEach(() => service.close())

  const start = async (...assignments: string[]) => {
    service = await startService({given: new GivenSettings({assignments, env: {}})})
  }
  /** The URL in the versions document, without the version. */
  const findUrl = async (headers: Headers = {}) => {
    const {status, body} = await request(`${service.url}/versions`, {headers})
    assert.equal(status, 200, body)
    return JSON.parse(body).versions[0].links[0].href.replace(/\/v2\/$/, '')
  }
  const lastClient = () => /^\S+ (\S+) "/.exec(service.log.at(-1) ?? '')?.[1]

  const PROXY = {
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Host': 'images.example.com',
    'X-Forwarded-For': '192.0.2.7',
    'X-Forwarded-Prefix': '/image/',
  }

  it('is the one that the client used, whatever it says about proxies', async () => {
    await start()
    assert.equal(await findUrl(PROXY), service.url)
    assert.equal(lastClient(), '127.0.0.1')
  })

  it('is public_endpoint in all links, and its host is accepted', async () => {
    await start('public_endpoint=https://images.example.com/image/')
    assert.equal(await findUrl({host: 'images.example.com'}), 'https://images.example.com/image')
    const added = await request(`${service.url}/v1/images`, {method: 'POST'})
    assert.match(
      added.headers.location ?? '',
      /^https:\/\/images\.example\.com\/image\/v1\/images\/[\w-]{36}$/,
    )
    const headers = {'content-type': 'application/json'}
    const created = await request(`${service.url}/v2/images`, {method: 'POST', headers, body: '{}'})
    assert.match(
      created.headers.location ?? '',
      /^https:\/\/images\.example\.com\/image\/v2\/images\/[\w-]{36}$/,
    )
    const moved = await request(`${service.url}/v2`)
    assert.deepEqual([moved.status, moved.headers.location], [302, 'https://images.example.com/image/v2/'])
    // Clients put relative paths after the endpoint, which has the prefix already.
    const {id, self, file} = JSON.parse(created.body)
    assert.deepEqual([self, file], [`/v2/images/${id}`, `/v2/images/${id}/file`])
    const {body} = await request(`${service.url}/v2/images?limit=1`)
    assert.match(JSON.parse(body).next, /^\/v2\/images\?limit=1&marker=/)
  })

  it('and the client are those that a trusted proxy states', async () => {
    await start('enable_proxy_headers_parsing=true')
    assert.equal(await findUrl(PROXY), 'https://images.example.com/image')
    assert.equal(lastClient(), '192.0.2.7')
    const forwarded = 'for="[2001:db8::1]:4711";proto=https;host="images.example.com:8443"'
    assert.equal(await findUrl({Forwarded: forwarded}), 'https://images.example.com:8443')
    assert.equal(lastClient(), '2001:db8::1')
  })

  it('are not those that a client behind no trusted proxy states', async () => {
    await start('enable_proxy_headers_parsing=true', 'trusted_proxies=192.0.2.1,10.0.0.0/8')
    assert.equal(await findUrl(PROXY), service.url)
    assert.equal(lastClient(), '127.0.0.1')
  })

  const chains: readonly (readonly [title: string, headers: Headers, url: string, client: string])[] = [
    [
      'of several proxies, those of the outermost trusted one',
      {
        'X-Forwarded-For': '203.0.113.9, 192.0.2.7, 10.0.0.1',
        'X-Forwarded-Proto': 'ftp, https, http',
        'X-Forwarded-Host': 'evil.example, images.example.com, inner',
      },
      'https://images.example.com',
      '192.0.2.7',
    ],
    [
      'where proxies replace the header, its only value',
      {'X-Forwarded-For': '192.0.2.7, 10.0.0.1', 'X-Forwarded-Host': 'images.example.com'},
      'http://images.example.com',
      '192.0.2.7',
    ],
    [
      'in Forwarded, those of the outermost trusted one',
      {
        Forwarded:
          'for=203.0.113.9;host=evil.example, for=192.0.2.7;host=images.example.com;proto=https, for=10.0.0.1',
      },
      'https://images.example.com',
      '192.0.2.7',
    ],
    [
      'malformed values are ignored',
      {
        'X-Forwarded-For': 'unknown',
        'X-Forwarded-Proto': 'javascript',
        'X-Forwarded-Host': 'a/b',
        'X-Forwarded-Prefix': '//evil.example',
      },
      '',
      '127.0.0.1',
    ],
    ['without headers, its own', {}, '', '127.0.0.1'],
  ]
  for (const [title, headers, url, client] of chains) {
    it(title, async () => {
      await start('enable_proxy_headers_parsing=true', 'trusted_proxies=127.0.0.1,10.0.0.0/8')
      assert.equal(await findUrl(headers), url || service.url)
      assert.equal(lastClient(), client)
    })
  }

  it('may have the host names that are allowed, and no others', async () => {
    await start('allowed_hostnames=images.example.com, other.example')
    assert.equal(await findUrl({host: 'IMAGES.example.com:8080'}), 'http://IMAGES.example.com:8080')
    const headers = {host: 'evil.example', Accept: 'text/plain'}
    const refused = await request(`${service.url}/versions`, {headers})
    assert.equal(refused.status, 421)
    assert.match(refused.body, /not 'evil\.example', or add that to allowed_hostnames\./)
  })

  it('may have any host name where that is allowed', async () => {
    await start('allowed_hostnames=*')
    assert.equal(await findUrl({host: 'any.example'}), 'http://any.example')
  })

  for (const [setting, expected] of [
    ['public_endpoint=images.example.com', 'a URL that begins with http:// or https://, without ? and #'],
    ['public_endpoint=https://u:p@h/', 'a URL that begins with http:// or https://, without ? and #'],
    ['trusted_proxies=10.0.0.0/33', 'addresses, or networks as 10.0.0.0/8, separated by commas'],
    ['trusted_proxies=proxy.example', 'addresses, or networks as 10.0.0.0/8, separated by commas'],
    ['cors_allowed_origin=horizon.example', 'origins as https://horizon.example.com, separated by commas'],
  ] as const) {
    it(`is not served with ${setting}`, async () => {
      await start()
      const [name, value] = setting.split('=')
      await assert.rejects(startService({given: new GivenSettings({assignments: [setting], env: {}})}), {
        kind: 'usage',
        message: `invalid ${name} '${value}' in --set: expected ${expected}`,
      })
    })
  }
})
