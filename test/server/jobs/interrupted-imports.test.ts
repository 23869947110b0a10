/** Imports and computations of digests that were interrupted: a service that starts carries them out. */
import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {readdir, writeFile} from 'node:fs/promises'
import type {ServerResponse} from 'node:http'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import type {ImageChanges, NewTask, TaskChanges} from '../../../src/server/registry/registry.js'
import {openRegistry} from '../../../src/server/registry/sqlite/open.js'
import {type Served, serve} from '../../support/http/serve.js'
import {ServiceClient} from '../../support/shared-services.js'
import {useTempDir} from '../../support/temp-dir.js'
import {startService, type TestService} from '../../support/test-service.js'

const ID = '00000001-0000-4000-8000-000000000000'
const TASK = 't'
const DATA = 'all of the data'
const SHA512 = createHash('sha512').update(DATA).digest('hex')
const RUNNING = {os_glance_import_task: TASK, os_glance_importing_to_stores: 'file'}

type Json = Readonly<Record<string, unknown>>

describe('a task that was interrupted', () => {
  const folder = useTempDir()
  let source: Served
  let isPatient: boolean
  /** What a patient source sends at once. */
  let first: string
  let begun: Promise<ServerResponse>
  let service: TestService | undefined
  let client: ServiceClient
  beforeEach(async () => {
    isPatient = false
    first = DATA.slice(0, 3)
    let tell: (response: ServerResponse) => void
    begun = new Promise(resolve => {
      tell = resolve
    })
    source = await serve(({method}, response) => {
      response.setHeader('content-length', DATA.length)
      if (method === 'HEAD' || !isPatient) return void response.end(DATA)
      if (first !== '') response.write(first)
      tell(response)
    })
    service = undefined
    await start()
    await client.create(ID)
  })
  afterEach(async () => {
    await service?.close()
    await source.close()
  })

  async function start(): Promise<void> {
    service = await startService({dataDir: folder(), fetchFromAnywhere: true, shutdownSeconds: 0})
    client = new ServiceClient(service.url)
  }

  /** Leaves the image and a task as a process that died left them, and starts the service. */
  async function restart(task: Partial<NewTask>, image: ImageChanges, changes?: TaskChanges): Promise<void> {
    await service?.close()
    const registry = await openRegistry(join(folder(), 'registry.sqlite'))
    const facts = {type: 'api_image_import', owner: null, userId: null, requestId: 'req', input: '{}'}
    const properties = {...RUNNING, kept: 'k'}
    await registry.createTask({...facts, ...task, id: TASK, imageId: ID}, () => ({...image, properties}))
    if (changes) await registry.updateTask({id: TASK, holder: null}, changes)
    await registry.close()
    await start()
  }

  /** Writes a file. @returns its URL */
  async function write(store: 'images' | 'staging', name: string, data: string): Promise<string> {
    const path = join(folder(), store, `${ID}.${name}`)
    await writeFile(path, data)
    return pathToFileURL(path).href
  }

  const web = () => ({
    input: JSON.stringify({backend: ['file'], import_req: {method: {name: 'web-download', uri: source.url}}}),
  })
  const DIRECT = {input: JSON.stringify({backend: ['file'], import_req: {method: {name: 'glance-direct'}}})}

  async function waitForEnd(): Promise<readonly [image: Json, task: Json]> {
    for (;;) {
      const [task = {}] = (await client.read(`/v2/images/${ID}/tasks`))['tasks'] as readonly Json[]
      if (task['status'] === 'success' || task['status'] === 'failure')
        return [await client.read(`/v2/images/${ID}`), task]
    }
  }

  /** The names of files, and the end of a task. */
  async function see(): Promise<readonly unknown[]> {
    const [{status, kept, os_glance_import_task}, {status: end, message}] = await waitForEnd()
    const [images, staging] = await Promise.all(
      ['images', 'staging'].map(async name => (await readdir(join(folder(), name))).length),
    )
    assert.deepEqual([kept, os_glance_import_task], ['k', undefined])
    return [status, end, message, images, staging]
  }

  const IMPORTED = ['active', 'success', 'Copied 0 MiB', 1, 0]

  async function readData(): Promise<string> {
    return (await client.send('GET', `/v2/images/${ID}/file`)).text()
  }

  it('downloads from the web, if it waited', async () => {
    await restart(web(), {})
    assert.deepEqual(await see(), IMPORTED)
    assert.equal(await readData(), DATA)
  })

  it('downloads again from the beginning, if it had begun', async () => {
    const arriving = await write('images', 'aa.part', 'all').then(url => url.replace('.part', ''))
    const image = {status: 'importing', onFailure: 'queued', arriving, holder: 'dead'} as const
    await restart(web(), image, {status: 'processing', attempts: 1, holder: 'dead'})
    assert.deepEqual(await see(), IMPORTED)
    assert.equal(await readData(), DATA)
  })

  it('imports staged data, if it waited', async () => {
    await restart(DIRECT, {status: 'uploading', location: await write('staging', 'ss', DATA)})
    assert.deepEqual(await see(), IMPORTED)
    assert.equal(await readData(), DATA)
  })

  it('imports staged data again, if it had begun', async () => {
    const location = await write('staging', 'ss', DATA)
    const arriving = await write('images', 'aa', 'all')
    const image = {status: 'importing', onFailure: 'queued', location, arriving, holder: 'dead'} as const
    await restart(DIRECT, image, {status: 'processing', attempts: 1, holder: 'dead'})
    assert.deepEqual(await see(), IMPORTED)
    assert.equal(await readData(), DATA)
  })

  it('has failed when the staged data is gone', async () => {
    const location = pathToFileURL(join(folder(), 'staging', `${ID}.gone`)).href
    await restart(DIRECT, {status: 'uploading', location})
    const message = 'The service ended before the import did, and cannot repeat it.'
    assert.deepEqual(await see(), ['queued', 'failure', message, 0, 0])
  })

  it('is given up when the service ended three times while it ran', async () => {
    const location = await write('staging', 'ss', DATA)
    const image = {status: 'importing', onFailure: 'queued', location, holder: 'dead'} as const
    await restart(DIRECT, image, {status: 'processing', attempts: 3, holder: 'dead'})
    const message = 'The import was given up: it was interrupted 3 times.'
    assert.deepEqual(await see(), ['queued', 'failure', message, 0, 0])
    assert.equal(
      (await client.send('PUT', `/v2/images/${ID}/file`, 'x', 'application/octet-stream')).status,
      204,
    )
  })

  for (const status of ['active', 'deactivated'] as const) {
    it(`has succeeded if its image is complete, and ${status}`, async () => {
      const location = await write('images', 'aa', DATA)
      const facts = {size: DATA.length, hashAlgo: 'sha512', hashValue: SHA512}
      const image = {status, location, ...facts}
      await restart(DIRECT, image, {status: 'processing', attempts: 3, holder: 'dead'})
      assert.deepEqual(await see(), [status, ...IMPORTED.slice(1)])
    })
  }

  it('computes the digests of a location, compared or not', async () => {
    const type = 'location_import'
    const size = DATA.length
    const dead = {status: 'processing', attempts: 1, holder: 'dead'} as const
    const input = (validation_data: Json) => ({
      type,
      input: JSON.stringify({loc_url: source.url, validation_data}),
    })
    const expected = {os_hash_algo: 'sha512', os_hash_value: SHA512}
    await restart(input(expected), {status: 'importing', location: source.url, size}, dead)
    assert.deepEqual(await see(), ['active', 'success', '', 0, 0])
    await client.send('DELETE', `/v2/images/${ID}`)
  })

  async function stopAndStart(): Promise<void> {
    await begun
    await service?.close()
    const registry = await openRegistry(join(folder(), 'registry.sqlite'))
    const [task] = (await registry.listTasks({limit: 1})) as readonly {status: string; attempts: number}[]
    assert.deepEqual([task?.status, task?.attempts], ['pending', 0])
    await registry.close()
    isPatient = false
    await start()
    const [{status}, {status: end}] = await waitForEnd()
    assert.deepEqual([status, end, await readData()], ['active', 'success', DATA])
  }

  for (const [what, sent] of [
    ['receives', 3],
    ['waits for', 0],
  ] as const) {
    it(`is interrupted by the end of a service while it ${what} data, without a loss and without counting`, async () => {
      isPatient = true
      first = DATA.slice(0, sent)
      const body = JSON.stringify({method: {name: 'web-download', uri: source.url}})
      assert.equal((await client.send('POST', `/v2/images/${ID}/import`, body)).status, 202)
      if (sent > 0) await client.waitForStatus(ID, 'importing')
      await stopAndStart()
      assert.equal((await readdir(join(folder(), 'images'))).length, 1)
    })

    it(`computes digests again when the service ends while it ${what} data`, async () => {
      isPatient = true
      first = DATA.slice(0, sent)
      const location = {url: source.url, validation_data: {os_hash_algo: 'sha512', os_hash_value: SHA512}}
      const {status} = await client.send('POST', `/v2/images/${ID}/locations`, JSON.stringify(location))
      assert.equal(status, 202)
      await stopAndStart()
    })
  }

  it('has failed when its input cannot be read', async () => {
    await restart({input: 'null'}, {})
    const message = 'The service ended before the import did, and cannot repeat it.'
    assert.deepEqual(await see(), ['queued', 'failure', message, 0, 0])
  })
})
