/** Keystone away during uploads and lists: known tokens go on, new ones get a clear error in time, and nothing is half-made. */
import assert from 'node:assert/strict'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {glance} from '../../support/fake-io.js'
import {type FakeKeystone, startFakeKeystone} from '../../support/fake-keystone.js'
import {createNetwork, type Network} from '../../support/http/network.js'
import {exchange, RawConnection} from '../../support/http/raw-http.js'
import {startService, type TestService} from '../../support/test-service.js'
import {describeToken} from '../../support/token-documents.js'

const ID = '00000001-0000-4000-8000-000000000000'
const OCTETS = 'Content-Type: application/octet-stream\r\n'
const META =
  'x-image-meta-name: n\r\nx-image-meta-disk_format: raw\r\nx-image-meta-container_format: bare\r\n'

describe('Keystone that goes away', () => {
  let keystone: FakeKeystone
  let network: Network
  let service: TestService
  beforeEach(async () => {
    keystone = await startFakeKeystone()
    keystone.answer(({subject}) =>
      describeToken(subject === 'brief' ? {expires: new Date(Date.now() + 1000).toISOString()} : {}),
    )
    network = await createNetwork(keystone.url)
    service = await start()
  })
  const start = (...assignments: string[]) =>
    startService({
      auth: 'keystone',
      given: new GivenSettings({assignments: [`auth_url=${network.url}`, ...assignments], env: {}}),
    })
  afterEach(async () => {
    await service.close()
    await network.close()
    await keystone.close()
  })

  const toRequest = (line: string, token: string, headers = '', body = '') =>
    `${line} HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: ${token}\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`
  const ask = (...given: Parameters<typeof toRequest>) => exchange(service.port, toRequest(...given))
  const createImage = () =>
    ask('POST /v2/images', 'known', '', `{"id": "${ID}", "disk_format": "raw", "container_format": "bare"}`)

  /** Begins to send eight bytes of data; the last one is missing. */
  async function beginUpload(token: string): Promise<RawConnection> {
    const connection = new RawConnection(service.port)
    const request = toRequest(`PUT /v2/images/${ID}/file`, token, OCTETS, '12345678')
    await connection.write(request.slice(0, -1))
    while (!(await ask(`GET /v2/images/${ID}`, 'known')).body.includes('"saving"'));
    return connection
  }

  async function assertRefused(line: string, ...more: string[]): Promise<void> {
    const {status, headers, body} = await ask(line, 'new', ...more)
    assert.deepEqual([line, status, headers.get('retry-after')], [line, 503, '5'])
    assert.match(body.toString(), /The Identity service cannot validate the token now\. Try again later\./)
  }

  for (const [title, fail, reason] of [
    ['is cut off', () => network.cut(), /connection refused/],
    ['hangs', async () => network.silence(), /does not answer: there was no answer within 1 s/],
  ] as const) {
    describe(`because it ${title}`, () => {
      it('lets known tokens go on, and refuses new ones without a trace', async () => {
        if (title === 'hangs') {
          await service.close()
          service = await start('http_connect_timeout=1')
        }
        await createImage()
        const upload = await beginUpload('known')
        await fail()
        await Promise.all([
          assertRefused('GET /v2/images'),
          assertRefused(`PUT /v2/images/${ID}/file`, OCTETS, 'data'),
          assertRefused('GET /v1/images'),
          assertRefused('POST /v1/images', META + OCTETS, 'data'),
          assertRefused('POST /v2/images', '', '{}'),
          assertRefused(`DELETE /v2/images/${ID}`),
        ])
        await upload.write('8')
        assert.equal((await upload.answer())?.status, 204)
        const list = await ask('GET /v2/images', 'known')
        const {images} = JSON.parse(list.body.toString()) as {images: {id: string; status: string}[]}
        assert.deepEqual(
          images.map(({id, status}) => [id, status]),
          [[ID, 'active']],
        )
        assert.equal((await ask(`GET /v2/images/${ID}/file`, 'known')).body.toString(), '12345678')
        assert.deepEqual(await service.listStored(), [ID])
        assert.equal(service.warnings.length, 1)
        assert.match(service.warnings[0] ?? '', reason)
      })
    })
  }

  it('is asked again as soon as it is back', async () => {
    await network.cut()
    await assertRefused('GET /v2/images')
    await network.restore()
    assert.equal((await ask('GET /v2/images', 'new')).status, 200)
    assert.ok(service.log.includes('Keystone validates tokens again'))
  })

  it('is a clear message of the tool', async () => {
    await network.cut()
    const ran = await glance(['--url', service.url, '-A', 'new', '--retries', '0', 'add', 'name=n'], {
      stdin: 'data',
    })
    assert.deepEqual([ran.code, ran.stdout], [6, ''])
    assert.match(ran.stderr, /The Identity service cannot validate the token now\. Try again later\./)
  })

  it('does not end an upload whose token expires meanwhile', async () => {
    await createImage()
    const upload = await beginUpload('brief')
    keystone.answer(({subject}) => (subject === 'brief' ? {status: 401} : describeToken()))
    while ((await ask('GET /v2/images', 'brief')).status !== 401);
    await upload.write('8')
    assert.equal((await upload.answer())?.status, 204)
  })
})
