/** The service with its data in S3: what callers get while S3 works, fails and is back. */
import assert from 'node:assert/strict'
import {readdir, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {FakeS3, sendError} from '../../support/fake-s3.js'
import {startService, type TestService, temporaryFolder} from '../../support/test-service.js'

const FORMATS = {disk_format: 'raw', container_format: 'bare'}
const REASON = /The image storage is not available: S3 answered 503 \((SlowDown|no reason given)\)\./

describe('a service with data in S3', () => {
  let fake: FakeS3
  let service: TestService
  let dataDir: string
  let start: () => Promise<TestService>
  before(async () => {
    dataDir = await temporaryFolder()
    fake = await FakeS3.start()
    const values = {default_store: 's3', s3_store_host: fake.url, s3_store_bucket: 'images'}
    const assignments = Object.entries(values).map(([name, value]) => `${name}=${value}`)
    const env = {GLANCE_S3_STORE_ACCESS_KEY: 'the-access', GLANCE_S3_STORE_SECRET_KEY: 'the-secret'}
    const given = new GivenSettings({assignments, env})
    start = () => startService({dataDir, given, showLocations: true})
    service = await start()
  })
  after(async () => {
    await service.close()
    await fake.close()
    await rm(dataDir, {recursive: true})
  })

  const isAway = (away: boolean) => {
    fake.interfere = (_, response) => {
      if (away) sendError(response, 503, 'SlowDown')
      return away
    }
  }
  const ask = (method: string, path: string, init: RequestInit = {}) =>
    fetch(service.url + path, {...init, method})
  const create = async (): Promise<string> => {
    const headers = {'content-type': 'application/json'}
    const reply = await ask('POST', '/v2/images', {headers, body: JSON.stringify(FORMATS)})
    return ((await reply.json()) as {id: string}).id
  }
  const upload = (id: string, body: string) =>
    ask('PUT', `/v2/images/${id}/file`, {headers: {'content-type': 'application/octet-stream'}, body})
  const show = async (id: string) =>
    (await (await ask('GET', `/v2/images/${id}`)).json()) as Readonly<Record<string, string>>

  it('stores, reads and deletes', async () => {
    const id = await create()
    assert.equal((await upload(id, 'hello')).status, 204)
    const [key] = fake.objects.keys()
    assert.match(key ?? '', new RegExp(`^${id}\\.[0-9a-f]{16}$`))
    const {status, checksum, direct_url: location} = await show(id)
    assert.deepEqual([status, checksum], ['active', '5d41402abc4b2a76b9719d911017c592'])
    assert.equal(location, `s3://images/${key}`)
    assert.equal(await (await ask('GET', `/v2/images/${id}/file`)).text(), 'hello')
    const range = await ask('GET', `/v2/images/${id}/file`, {headers: {range: 'bytes=1-2'}})
    assert.deepEqual([range.status, await range.text()], [206, 'el'])
    assert.equal((await ask('DELETE', `/v2/images/${id}`)).status, 204)
    assert.equal(fake.count, 0)
  })

  it('stages data where other processes find it, and imports it from there', async () => {
    const id = await create()
    const octets = {headers: {'content-type': 'application/octet-stream'}, body: 'staged'}
    assert.equal((await ask('PUT', `/v2/images/${id}/stage`, octets)).status, 204)
    const [staged] = fake.objects.keys()
    assert.deepEqual([fake.count, await readdir(join(service.dataDir, 'staging'))], [1, []])
    assert.equal((await show(id))['status'], 'uploading')
    const headers = {'content-type': 'application/json'}
    const body = JSON.stringify({method: {name: 'glance-direct'}})
    assert.equal((await ask('POST', `/v2/images/${id}/import`, {headers, body})).status, 202)
    while ((await show(id))['status'] !== 'active');
    assert.equal(await (await ask('GET', `/v2/images/${id}/file`)).text(), 'staged')
    while (fake.objects.has(staged ?? '')) await show(id)
    assert.equal((await ask('DELETE', `/v2/images/${id}`)).status, 204)
    assert.equal(fake.count, 0)
  })

  it('answers 503 while S3 fails, and leaves nothing when it is back', async () => {
    const [filled, empty] = [await create(), await create()]
    await upload(filled, 'hello')
    isAway(true)
    const put = await upload(empty, 'hello')
    assert.equal(put.status, 503)
    assert.match(await put.text(), REASON)
    assert.equal((await show(empty))['status'], 'queued')
    const headers = {'x-image-meta-name': 'old', 'content-type': 'application/octet-stream'}
    const formats = {'x-image-meta-disk-format': 'raw', 'x-image-meta-container-format': 'bare'}
    const old = await ask('POST', '/v1/images', {headers: {...headers, ...formats}, body: 'hello'})
    assert.equal(old.status, 503)
    assert.match(await old.text(), REASON)
    const read = await ask('GET', `/v2/images/${filled}/file`)
    assert.equal(read.status, 503)
    assert.match(await read.text(), REASON)
    assert.equal((await ask('DELETE', `/v2/images/${filled}`)).status, 204)
    assert.equal(fake.count, 1)
    isAway(false)
    assert.equal((await upload(empty, 'again')).status, 204)
    assert.doesNotMatch([...service.log, ...service.warnings].join('\n'), /the-access|the-secret/)
    // Uploads do not wait for it: it is tried again every minute, and at the start.
    await service.close()
    service = await start()
    assert.deepEqual([...fake.objects.values()].map(String), ['again'])
  })
})
