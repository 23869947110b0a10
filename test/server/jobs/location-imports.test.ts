/** Locations that are added by their own call: digests are computed and compared after the response. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import http, {type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {sql} from 'kysely'
import {openDatabase, openRegistry} from '../../../src/server/registry/sqlite/open.js'
import {useTempDir} from '../../support/temp-dir.js'
import {startService, type TestService} from '../../support/test-service.js'

const ID = '00000001-0000-4000-8000-000000000000'
const OTHER = '00000002-0000-4000-8000-000000000000'
const DATA = '0123456789abcdef'
const MD5 = '4032af8d61035123906e58e067140cc5'
const SHA1 = 'fe5567e8d769550852182cdf69d74bb16dff8e29'
const SHA256 = '9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f'
const SHA512 =
  '1c043fbe4bca7c7920dae536c680fd44c15d71ec12cd82a2a9491b0043b57f4d0b8905985e85ad13831ee6d39e55a54e8f808cc82c41a0582931bbc0c0221d60'

type Json = Readonly<Record<string, unknown>>

describe('a location by its own call', () => {
  let service: TestService
  let source: http.Server
  let url: string
  /** Responds to GET; HEAD always succeeds. */
  let answer: (response: ServerResponse) => unknown

  beforeEach(async () => {
    answer = response => response.end(DATA)
    source = http.createServer((request, response) => {
      if (request.method === 'HEAD') response.writeHead(200, {'content-length': DATA.length}).end()
      else answer(response)
    })
    await once(source.listen(0, '127.0.0.1'), 'listening')
    url = `http://127.0.0.1:${(source.address() as AddressInfo).port}/image`
    service = await startService({fetchFromAnywhere: true})
    const image = {id: ID, disk_format: 'raw', container_format: 'bare'}
    await ask('POST', '/v2/images', image)
  })
  afterEach(async () => {
    source.close()
    source.closeAllConnections()
    await service.close()
  })

  async function ask(method: string, path: string, body?: object | string): Promise<readonly [number, Json]> {
    const headers = {accept: 'application/json', 'content-type': 'application/octet-stream'}
    const content = typeof body === 'object' ? JSON.stringify(body) : body
    const request = {method, headers, ...(content === undefined ? {} : {body: content})}
    const response = await fetch(`${service.url}${path}`, request)
    const text = await response.text()
    return [response.status, text.startsWith('{') ? (JSON.parse(text) as Json) : {}]
  }

  const add = (more: object = {}) => ask('POST', `/v2/images/${ID}/locations`, {url, ...more})
  const show = async () => (await ask('GET', `/v2/images/${ID}`))[1]
  const readTask = async () => (await ask('GET', `/v2/images/${ID}/tasks`))[1]['tasks'] as readonly Json[]

  /** The image and its task, once the task has ended. */
  async function waitForEnd(): Promise<readonly [Json, Json]> {
    let image = await show()
    while (image['os_glance_import_task'] !== undefined) image = await show()
    const [task = {}] = await readTask()
    return [image, task]
  }

  for (const more of [{}, {validation_data: {}}]) {
    it(`makes the image active, and computes its digests: ${JSON.stringify(more)}`, async () => {
      assert.equal((await add(more))[0], 202)
      assert.equal((await show())['status'], 'active')
      const [image, task] = await waitForEnd()
      const {status, size, checksum, os_hash_algo, os_hash_value, stores} = image
      assert.deepEqual([status, size, stores], ['active', 16, 'http'])
      assert.deepEqual([checksum, os_hash_algo, os_hash_value], [MD5, 'sha512', SHA512])
      assert.deepEqual([task['type'], task['status']], ['location_import', 'success'])
      assert.deepEqual(task['input'], {image_id: ID, loc_url: url, validation_data: {}})
    })
  }

  for (const [algorithm, value] of [
    ['md5', MD5],
    ['sha1', SHA1],
    ['sha256', SHA256.toUpperCase()],
    ['sha512', SHA512],
  ]) {
    it(`makes the image active when its ${algorithm} is right`, async () => {
      const validation = {os_hash_algo: algorithm, os_hash_value: value}
      assert.equal((await add({validation_data: validation}))[0], 202)
      const [image, task] = await waitForEnd()
      const {status, size, checksum, os_hash_algo, os_hash_value} = image
      assert.deepEqual([status, size, task['status']], ['active', 16, 'success'])
      assert.deepEqual([checksum, os_hash_algo, os_hash_value], [MD5, algorithm, value?.toLowerCase()])
    })
  }

  it('is importing until the digest is compared', async () => {
    let release = () => {}
    answer = response => {
      release = () => response.end(DATA)
    }
    await add({validation_data: {os_hash_algo: 'sha256', os_hash_value: SHA256}})
    const {status, os_hash_value, stores} = await show()
    assert.deepEqual([status, os_hash_value, stores], ['importing', null, undefined])
    assert.equal((await add())[0], 409)
    assert.equal((await ask('PUT', `/v2/images/${ID}/file`, 'other'))[0], 409)
    answer = response => response.end(DATA)
    while ((await readTask())[0]?.['status'] !== 'processing');
    release()
    assert.equal((await waitForEnd())[0]['status'], 'active')
  })

  it('queues the image again when the digest is wrong', async () => {
    const validation = {os_hash_algo: 'sha256', os_hash_value: '0'.repeat(64)}
    assert.equal((await add({validation_data: validation}))[0], 202)
    const [image, task] = await waitForEnd()
    const {status, size, checksum, os_hash_algo, os_hash_value} = image
    assert.deepEqual(
      [status, size, checksum, os_hash_algo, os_hash_value],
      ['queued', null, null, null, null],
    )
    assert.deepEqual(
      [task['status'], task['message']],
      ['failure', `os_hash_value: (${'0'.repeat(64)}) not matched with actual os_hash_value: (${SHA256})`],
    )
    assert.equal((await ask('PUT', `/v2/images/${ID}/file`, 'other'))[0], 204)
    assert.equal((await show())['size'], 5)
  })

  it('queues the image again when the data cannot be read', async () => {
    answer = response => response.writeHead(404).end()
    await add({validation_data: {os_hash_algo: 'sha256', os_hash_value: SHA256}})
    const [image, task] = await waitForEnd()
    assert.deepEqual([image['status'], task['status']], ['queued', 'failure'])
    assert.equal(task['message'], 'HTTP datastore could not find image at URI.')
  })

  it('does not read more than the source announced', async () => {
    answer = response => {
      const send = () => response.write('x'.repeat(65_536), error => error || send())
      send()
    }
    await add({validation_data: {os_hash_algo: 'sha256', os_hash_value: SHA256}})
    const [image, task] = await waitForEnd()
    assert.deepEqual([image['status'], task['status']], ['queued', 'failure'])
    assert.equal(task['message'], 'The source of the image sends more than the 16 bytes that it announced.')
  })

  it('leaves the image active without digests when the data cannot be read later', async () => {
    answer = response => response.writeHead(404).end()
    await add()
    const [image, task] = await waitForEnd()
    assert.deepEqual([image['status'], image['checksum'], task['status']], ['active', null, 'failure'])
  })

  it('ends its task later if the registry cannot be written at first', async () => {
    const database = await openDatabase(join(service.dataDir, 'registry.sqlite'))
    const full = sql`create trigger full before update on tasks when new.status = 'success'
      begin select raise(abort, 'full'); end`
    await full.execute(database)
    const sent = new Promise(resolve => {
      answer = response => response.on('finish', resolve).end(DATA)
    })
    await add()
    await sent
    for (let n = 0; n < 20; n++) await show()
    assert.deepEqual([(await show())['checksum'], (await readTask())[0]?.['status']], [null, 'processing'])
    await sql`drop trigger full`.execute(database)
    await database.destroy()
    // Before it takes data, the service does what failed before.
    await ask('POST', '/v2/images', {id: OTHER, disk_format: 'raw', container_format: 'bare'})
    await ask('PUT', `/v2/images/${OTHER}/file`, 'data')
    const [image, task] = await waitForEnd()
    assert.deepEqual([image['status'], task['status']], ['active', 'success'])
  })

  const refusals: readonly (readonly [string, object, RegExp])[] = [
    [
      'too short',
      {os_hash_algo: 'sha512', os_hash_value: SHA256},
      /is not the correct size for \(sha512\) \(should be \(64\) bytes\)/,
    ],
    [
      'too long',
      {os_hash_algo: 'sha256', os_hash_value: SHA512},
      /is not the correct size for \(sha256\) \(should be \(32\) bytes\)/,
    ],
    [
      'not hexadecimal',
      {os_hash_algo: 'md5', os_hash_value: 'x'.repeat(32)},
      /is not a valid hexadecimal value/,
    ],
    [
      'of another algorithm',
      {os_hash_algo: 'sha123', os_hash_value: SHA512},
      /'sha123' is not one of \['sha1', 'sha256', 'sha512', 'md5'\]/,
    ],
    ['without algorithm', {os_hash_value: SHA512}, /'os_hash_algo' is a dependency of 'os_hash_value'/],
    ['without value', {os_hash_algo: 'sha512'}, /'os_hash_value' is a dependency of 'os_hash_algo'/],
    ['of MD5 as checksum', {checksum: MD5}, /'checksum' was unexpected/],
  ]
  for (const [what, validation, message] of refusals) {
    it(`refuses a digest ${what}`, async () => {
      const [status, error] = await add({validation_data: validation})
      assert.equal(status, 400)
      assert.match(String(error['message']), message)
      assert.deepEqual([(await show())['status'], await readTask()], ['queued', []])
    })
  }

  it('refuses an image that is not queued', async () => {
    await ask('PUT', `/v2/images/${ID}/file`, 'data')
    const [status, error] = await add()
    assert.equal(status, 409)
    assert.match(String(error['message']), /^It's not allowed to add locations if image status is active\./)
  })
})

describe('a location whose digest was not compared when the service died', () => {
  const dataDir = useTempDir()

  it('is removed if the task is not known, which has failed', async () => {
    await (await startService({dataDir: dataDir()})).close()
    const registry = await openRegistry(join(dataDir(), 'registry.sqlite'))
    await registry.create({id: ID, status: 'importing', location: 'http://127.0.0.1:1/x'})
    const task = {owner: null, userId: null, requestId: 'req', input: '{}'}
    await registry.createTask({...task, id: 't', imageId: ID, type: 'location_import'}, () => ({
      properties: {os_glance_import_task: 't'},
    }))
    await registry.close()
    const service = await startService({dataDir: dataDir()})
    const read = async (path: string) =>
      (await (await fetch(`${service.url}/v2/images/${ID}${path}`)).json()) as Json
    const readTask = async () => ((await read('/tasks'))['tasks'] as Json[])[0]?.['status']
    while ((await readTask()) !== 'failure');
    const {status, os_glance_failed_import: failed} = await read('')
    assert.deepEqual([status, failed], ['queued', undefined])
    await service.close()
  })
})

describe('a location whose task cannot be recorded', () => {
  const dataDir = useTempDir()

  it('is not added', async () => {
    await (await startService({dataDir: dataDir()})).close()
    const path = join(dataDir(), 'registry.sqlite')
    const registry = await openRegistry(path)
    await registry.create({id: ID, status: 'queued', diskFormat: 'raw', containerFormat: 'bare'})
    await registry.close()
    const database = await openDatabase(path)
    const full = sql`create trigger full before insert on tasks begin select raise(abort, 'full'); end`
    await full.execute(database)
    await database.destroy()
    const source = http.createServer((_, response) => response.writeHead(200, {'content-length': 1}).end())
    await once(source.listen(0, '127.0.0.1'), 'listening')
    const service = await startService({dataDir: dataDir(), fetchFromAnywhere: true})
    const image = `${service.url}/v2/images/${ID}`
    const body = JSON.stringify({url: `http://127.0.0.1:${(source.address() as AddressInfo).port}/x`})
    const {status} = await fetch(`${image}/locations`, {method: 'POST', body})
    const {status: after, size, stores} = (await (await fetch(image)).json()) as Json
    assert.deepEqual([status, after, size, stores], [500, 'queued', null, undefined])
    source.close()
    await service.close()
  })
})
