/** Imports into several stores, and copies between them. */
import assert from 'node:assert/strict'
import {EventEmitter, once} from 'node:events'
import {readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {ImageChanges, ImageRecord} from '../../../src/server/registry/registry.js'
import {openRegistry} from '../../../src/server/registry/sqlite/open.js'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {imageIdFromKey} from '../../../src/server/stores/data-key.js'
import {type Served, serve} from '../../support/http/serve.js'
import {useTempDir} from '../../support/temp-dir.js'
import {startService, type TestService} from '../../support/test-service.js'

const ID = '00000001-0000-4000-8000-000000000000'
const FORMATS = {disk_format: 'raw', container_format: 'bare'}
const OCTETS = {'content-type': 'application/octet-stream'}
const PATCH = {'content-type': 'application/openstack-images-v2.1-json-patch'}
const STORES = ['fast', 'slow', 'cold'] as const

type Json = Readonly<Record<string, unknown>>
type Name = (typeof STORES)[number]

/** The attributes that tell how an import ended. */
const RESULT = ['status', 'stores', 'os_glance_importing_to_stores', 'os_glance_failed_import'] as const

describe('several stores at once', () => {
  const folder = useTempDir()
  let service: TestService
  let source: Served
  let held: EventEmitter | undefined

  const start = (auth: 'none' | 'fake' = 'none') => {
    const folders = STORES.map(name => `${name}.filesystem_store_datadir=${join(folder(), name)}`)
    const assignments = ['enabled_backends=fast:file,slow:file,cold:file,web:http', 'default_backend=fast']
    const given = new GivenSettings({assignments: [...assignments, ...folders], env: {}})
    const dataDir = join(folder(), 'service')
    return startService({
      dataDir,
      shutdownSeconds: 0,
      auth,
      showLocations: true,
      fetchFromAnywhere: true,
      given,
    })
  }

  before(async () => {
    source = await serve(async (request, response) => {
      response.writeHead(request.url === '/missing' ? 404 : 200, {'content-length': 8})
      response.flushHeaders()
      if (request.method === 'GET' && held) {
        const released = once(held, 'release')
        held.emit('asked')
        await released
      }
      response.end(request.method === 'HEAD' ? undefined : 'web data')
    })
  })
  after(() => source.close())
  beforeEach(async () => {
    service = await start()
  })
  afterEach(async () => {
    held?.emit('release')
    held = undefined
    await service.close()
  })

  const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(`${service.url}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : {body: typeof body === 'string' ? body : JSON.stringify(body)}),
    })
  const show = async () => (await (await ask('GET', `/v2/images/${ID}`)).json()) as Json
  const listTasks = async () =>
    ((await (await ask('GET', `/v2/images/${ID}/tasks`)).json()) as {tasks: readonly Json[]}).tasks
  const create = (more: Json = {}) => ask('POST', '/v2/images', {id: ID, ...FORMATS, ...more})
  const upload = async (body = 'data') => {
    await create()
    await ask('PUT', `/v2/images/${ID}/file`, body, OCTETS)
  }
  const importData = (method: Json, more: Json = {}, headers: Record<string, string> = {}) =>
    ask('POST', `/v2/images/${ID}/import`, {method, ...more}, headers)
  const copy = (...stores: string[]) => importData({name: 'copy-image'}, {stores})
  const web = () => ({name: 'web-download', uri: source.url})
  const count = async (name: Name) =>
    (await readdir(join(folder(), name))).map(imageIdFromKey).filter(id => id === ID).length
  const counts = () => Promise.all(STORES.map(count))
  const readStored = async (name: Name) => {
    const [file = ''] = await readdir(join(folder(), name))
    return readFile(join(folder(), name, file), 'utf8')
  }
  /** A file in place of the folder makes the store fail. */
  const breakStore = async (name: Name) => {
    await rm(join(folder(), name), {recursive: true})
    await writeFile(join(folder(), name), '')
  }
  /** Waits until the task has ended. @returns its status, and the attributes of the image that tell how it ended */
  const waitForEnd = async () => {
    for (;;) {
      const [task] = await listTasks()
      if (task?.['status'] === 'success' || task?.['status'] === 'failure') {
        const image = await show()
        return [task['status'], ...RESULT.map(name => image[name])]
      }
    }
  }

  it('announces copies, and the version that brought them', async () => {
    const info = (await (await ask('GET', '/v2/info/import')).json()) as {'import-methods': {value: string[]}}
    assert.deepEqual(info['import-methods'].value, ['glance-direct', 'web-download', 'copy-image'])
    const {versions} = (await (await ask('GET', '/versions')).json()) as {versions: {id: string}[]}
    assert.ok(versions.some(({id}) => id === 'v2.11'))
    const created = await create()
    assert.equal(
      created.headers.get('openstack-image-import-methods'),
      'glance-direct,web-download,copy-image',
    )
  })

  it('receive staged data by one import, in the order of the request', async () => {
    await create()
    await ask('PUT', `/v2/images/${ID}/stage`, 'data', OCTETS)
    assert.equal((await importData({name: 'glance-direct'}, {stores: ['slow', 'fast', 'slow']})).status, 202)
    assert.deepEqual(await waitForEnd(), ['success', 'active', 'slow,fast', '', ''])
    assert.deepEqual([await readStored('slow'), await readStored('fast')], ['data', 'data'])
    assert.deepEqual(await readdir(join(folder(), 'service', 'staging')), [])
    const {checksum, size, virtual_size} = await show()
    assert.deepEqual([checksum, size, virtual_size], ['8d777f385d3dfec8815d20f7496026dc', 4, 4])
    const [task = {}] = await listTasks()
    assert.deepEqual((task['input'] as Json)['backend'], ['slow', 'fast'])
  })

  it('receive data of a web server, which is read once', async () => {
    await create()
    held = new EventEmitter()
    let asked = 0
    held.on('asked', () => {
      asked += 1
      setImmediate(() => held?.emit('release'))
    })
    assert.equal((await importData(web(), {all_stores: true})).status, 202)
    assert.deepEqual(await waitForEnd(), ['success', 'active', 'fast,slow,cold', '', ''])
    assert.deepEqual([await readStored('cold'), asked], ['web data', 1])
  })

  it('are all empty again if one must not fail and does', async () => {
    await create()
    await ask('PUT', `/v2/images/${ID}/stage`, 'data', OCTETS)
    await breakStore('slow')
    await importData({name: 'glance-direct'}, {stores: ['fast', 'slow', 'cold']})
    assert.deepEqual(await waitForEnd(), ['failure', 'queued', undefined, '', 'slow'])
    assert.deepEqual([await count('fast'), await count('cold')], [0, 0])
    assert.deepEqual(await readdir(join(folder(), 'service', 'staging')), [])
    assert.equal((await show())['checksum'], null)
  })

  for (const method of ['glance-direct', 'web-download'] as const) {
    it(`are those that did not fail, where one may: ${method}`, async () => {
      await create()
      if (method === 'glance-direct') await ask('PUT', `/v2/images/${ID}/stage`, 'web data', OCTETS)
      await breakStore('fast')
      const more = {all_stores: true, all_stores_must_succeed: false}
      await importData(method === 'glance-direct' ? {name: method} : web(), more)
      assert.deepEqual(await waitForEnd(), ['success', 'active', 'slow,cold', '', 'fast'])
      assert.deepEqual([await readStored('slow'), await readStored('cold')], ['web data', 'web data'])
    })
  }

  it('have all failed if the data cannot be read, or each of them fails', async () => {
    await create()
    const more = {stores: ['fast', 'slow'], all_stores_must_succeed: false}
    await importData({name: 'web-download', uri: `${source.url}/missing`}, more)
    assert.deepEqual(await waitForEnd(), ['failure', 'queued', undefined, '', 'fast,slow'])
    await breakStore('fast')
    await breakStore('slow')
    await importData(web(), more)
    assert.deepEqual(await waitForEnd(), ['failure', 'queued', undefined, '', 'fast,slow'])
  })

  it('are named in the header of an import, but not in two places', async () => {
    await create()
    const header = {'x-image-meta-store': 'slow'}
    for (const more of [
      {stores: ['fast']},
      {all_stores: true},
      {all_stores: 1},
      {all_stores_must_succeed: 'no'},
    ]) {
      assert.equal((await importData(web(), more, header)).status, 400)
    }
    assert.equal((await importData(web(), {all_stores: true, stores: ['fast']})).status, 400)
    assert.equal((await importData(web(), {}, header)).status, 202)
    assert.deepEqual(await waitForEnd(), ['success', 'active', 'slow', '', ''])
  })

  it('get copies of an active image', async () => {
    await upload()
    const before = await show()
    assert.equal((await copy('slow', 'cold')).status, 202)
    assert.deepEqual(await waitForEnd(), ['success', 'active', 'fast,slow,cold', '', ''])
    assert.deepEqual([await readStored('slow'), await readStored('cold')], ['data', 'data'])
    const {checksum, os_hash_value, size} = await show()
    assert.deepEqual(
      [checksum, os_hash_value, size],
      [before['checksum'], before['os_hash_value'], before['size']],
    )
    const present = await copy('cold')
    assert.deepEqual(
      [present.status, /Image is already present at store &#x27;cold&#x27;/.test(await present.text())],
      [400, true],
    )
    assert.equal((await importData({name: 'copy-image'}, {all_stores: true})).status, 202)
    assert.equal((await listTasks()).length, 1)
  })

  it('get copies of what they do not have, where all are meant', async () => {
    await upload()
    await importData({name: 'copy-image'}, {all_stores: true})
    assert.deepEqual(await waitForEnd(), ['success', 'active', 'fast,slow,cold', '', ''])
    await ask('DELETE', `/v2/stores/fast/${ID}`)
    assert.deepEqual([(await show())['stores'], await counts()], ['slow,cold', [0, 1, 1]])
    assert.equal(await (await ask('GET', `/v2/images/${ID}/file`)).text(), 'data')
  })

  it('get no copy of an image without data, or by a caller who may not', async () => {
    await create()
    const refused = await copy('slow')
    assert.equal(refused.status, 409)
    assert.match(await refused.text(), /Only images with status active can be targeted for copying/)
    await service.close()
    service = await start('fake')
    const token = {'x-auth-token': 'ann:alpha:member'}
    const id = '00000002-0000-4000-8000-000000000000'
    await ask('POST', '/v2/images', {id, ...FORMATS}, token)
    await ask('PUT', `/v2/images/${id}/file`, 'data', {...OCTETS, ...token})
    const body = {method: {name: 'copy-image'}, stores: ['slow']}
    assert.equal((await ask('POST', `/v2/images/${id}/import`, body, token)).status, 403)
    const admin = {'x-auth-token': 'root:ops:admin'}
    assert.equal((await ask('POST', `/v2/images/${id}/import`, body, admin)).status, 202)
  })

  it('keep the copies that were made, or none, if one fails', async () => {
    await upload()
    await breakStore('cold')
    await copy('slow', 'cold')
    assert.deepEqual(await waitForEnd(), ['failure', 'active', 'fast', '', 'cold'])
    while ((await count('slow')) > 0);
    await importData({name: 'copy-image'}, {stores: ['slow', 'cold'], all_stores_must_succeed: false})
    assert.deepEqual(await waitForEnd(), ['success', 'active', 'fast,slow', '', 'cold'])
    await importData({name: 'copy-image'}, {stores: ['cold'], all_stores_must_succeed: false})
    assert.deepEqual(await waitForEnd(), ['failure', 'active', 'fast,slow', '', 'cold'])
  })

  it('get no copy of data that is damaged', async () => {
    await upload()
    const [file = ''] = await readdir(join(folder(), 'fast'))
    await writeFile(join(folder(), 'fast', file), 'dat4')
    await copy('slow')
    assert.deepEqual(await waitForEnd(), ['failure', 'active', 'fast', '', 'slow'])
    assert.equal(await count('slow'), 0)
    const [task] = await listTasks()
    assert.equal(task?.['message'], 'The copied data differs from that of the image: checksum.')
  })

  describe('while data is copied', () => {
    let asked: Promise<unknown>
    beforeEach(async () => {
      await create()
      const add = {op: 'add', path: '/locations/-'}
      const values = ['/a', '/b'].map(path => ({...add, value: {url: source.url + path, metadata: {}}}))
      assert.equal((await ask('PATCH', `/v2/images/${ID}`, values, PATCH)).status, 200)
      held = new EventEmitter()
      asked = once(held, 'asked')
      assert.equal((await copy('slow')).status, 202)
      await asked
    })

    it('keep the data that is read', async () => {
      const refused = await ask('DELETE', `/v2/stores/web/${ID}`)
      assert.deepEqual([refused.status, /in use/.test(await refused.text())], [409, true])
      const remove = [{op: 'remove', path: '/locations/0'}]
      const kept = await ask('PATCH', `/v2/images/${ID}`, remove, PATCH)
      assert.deepEqual([kept.status, /in use/.test(await kept.text())], [409, true])
      assert.equal((await copy('cold')).status, 409)
      held?.emit('release')
      assert.deepEqual(await waitForEnd(), ['success', 'active', 'web,web,slow', '', ''])
      assert.equal((await ask('DELETE', `/v2/stores/web/${ID}`)).status, 204)
    })

    it('have nothing left of an image that is deleted', async () => {
      assert.equal((await ask('DELETE', `/v2/images/${ID}`)).status, 204)
      held?.emit('release')
      while ((await readdir(join(folder(), 'slow'))).length > 0);
    })

    it('are filled after a restart', async () => {
      const closed = service.close()
      await closed
      const registry = await openRegistry(join(folder(), 'service', 'registry.sqlite'))
      const image = await registry.find(ID)
      assert.deepEqual([image?.status, image?.arriving !== null], ['active', true])
      await registry.close()
      held?.emit('release')
      held = undefined
      service = await start()
      assert.deepEqual(await waitForEnd(), ['success', 'active', 'web,web,slow', '', ''])
      assert.equal(await count('slow'), 1)
    })
  })

  /** Leaves an import as a process that died left it, and starts the service. */
  async function restart(input: Json, change: (image: ImageRecord) => ImageChanges): Promise<void> {
    await service.close()
    const registry = await openRegistry(join(folder(), 'service', 'registry.sqlite'))
    const task = {id: 't', imageId: ID, type: 'api_image_import', owner: null, userId: null, requestId: 'r'}
    await registry.createTask({...task, input: JSON.stringify(input)}, image => ({
      properties: {os_glance_import_task: 't', os_glance_importing_to_stores: 'slow'},
      ...change(image),
    }))
    await registry.updateTask({id: 't', holder: null}, {status: 'processing', attempts: 1, holder: 'dead'})
    await registry.close()
    service = await start()
  }

  it('are filled after a crash in the middle of an import', async () => {
    await create()
    await ask('PUT', `/v2/images/${ID}/stage`, 'data', OCTETS)
    const half = `file://${join(folder(), 'slow', `${ID}.0123456789abcdef`)}`
    await writeFile(new URL(half), 'da')
    const arriving = `file://${join(folder(), 'fast', `${ID}.fedcba9876543210`)}`
    const input = {import_req: {method: {name: 'glance-direct'}}, backend: ['slow', 'fast']}
    await restart(input, image => ({
      status: 'importing',
      holder: 'dead',
      arriving,
      locations: [...image.locations, {url: half, metadata: {}}],
      properties: {os_glance_import_task: 't', os_glance_importing_to_stores: 'fast'},
    }))
    assert.deepEqual(await waitForEnd(), ['success', 'active', 'slow,fast', '', ''])
    assert.deepEqual([await readStored('slow'), await counts()], ['data', [1, 1, 0]])
  })

  it('keep the data of an image that was deactivated before a crash in the middle of an import', async () => {
    await upload()
    await ask('POST', `/v2/images/${ID}/actions/deactivate`)
    const input = {import_req: {method: web(), all_stores_must_succeed: false}, backend: ['fast', 'slow']}
    await restart(input, () => ({}))
    assert.deepEqual(await waitForEnd(), ['failure', 'deactivated', 'fast', '', 'slow'])
    assert.deepEqual([await readStored('fast'), await counts()], ['data', [1, 0, 0]])
  })

  it('are free again after a crash in the middle of a copy of an image that was deactivated then', async () => {
    await upload()
    await ask('POST', `/v2/images/${ID}/actions/deactivate`)
    const arriving = `file://${join(folder(), 'slow', `${ID}.fedcba9876543210`)}`
    const input = {import_req: {method: {name: 'copy-image'}}, backend: ['slow']}
    await restart(input, () => ({arriving, holder: 'dead'}))
    assert.deepEqual(await waitForEnd(), ['failure', 'deactivated', 'fast', '', 'slow'])
    await ask('POST', `/v2/images/${ID}/actions/reactivate`)
    const removed = await ask('PATCH', `/v2/images/${ID}`, [{op: 'remove', path: '/locations/0'}], PATCH)
    assert.match(await removed.text(), /Cannot remove last location/)
    assert.equal((await copy('slow')).status, 202)
    assert.deepEqual(await waitForEnd(), ['success', 'active', 'fast,slow', '', ''])
  })
})
