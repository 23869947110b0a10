/** `client.operations` of the library, with an embedded service of several stores. */
import assert from 'node:assert/strict'
import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {Readable} from 'node:stream'
import {Client, type Image, isFailure} from '../../src/lib/client.js'
import {GivenSettings} from '../../src/server/settings/sources.js'
import {type Served, serve} from '../support/http/serve.js'
import {startService, type TestService, temporaryFolder} from '../support/test-service.js'

const RAW = {diskFormat: 'raw', containerFormat: 'bare'} as const

describe('operations of a client', () => {
  let service: TestService
  let client: Client
  let image: Image
  before(async () => {
    const folder = await temporaryFolder()
    const stores = ['fast', 'slow', 'full']
    for (const store of stores) await mkdir(join(folder, store))
    const assignments = [
      'enabled_backends=fast:file,slow:file,full:file,web:http',
      'default_backend=fast',
      'slow.store_description=cheap disks',
      ...stores.map(store => `${store}.filesystem_store_datadir=${join(folder, store)}`),
    ]
    service = await startService({given: new GivenSettings({assignments, env: {}})})
    client = new Client(service.url)
  })
  after(async () => {
    await client.close()
    await service.close()
  })
  beforeEach(async () => {
    image = await client.addImage({...RAW, name: 'disk'}, Buffer.from('hello'))
  })
  afterEach(() => service.clear())

  it('lists the stores', async () => {
    assert.deepEqual(
      (await client.operations.getStores()).map(({id, isDefault, isReadOnly}) => [id, isDefault, isReadOnly]),
      [
        ['fast', true, false],
        ['slow', false, false],
        ['full', false, false],
        ['web', false, true],
      ],
    )
    assert.equal((await client.operations.getStores())[1]?.description, 'cheap disks')
  })

  it('deletes the data from one store, but not from the only one', async () => {
    const {operations} = client
    await assert.rejects(operations.deleteFromStore(image.id, 'fast'), error => isFailure(error, 'conflict'))
    await assert.rejects(operations.deleteFromStore(image.id, 'slow'), error => isFailure(error, 'conflict'))
    await assert.rejects(operations.deleteFromStore('none', 'slow'), {kind: 'not-found'})
  })

  it('deactivates an image, and activates it again', async () => {
    await client.operations.deactivate('disk')
    assert.equal((await client.getImageMeta(image.id)).status, 'deactivated')
    await client.operations.reactivate(image.id)
    assert.equal((await client.getImageMeta(image.id)).status, 'active')
  })

  it('stages data, which an update imports', async () => {
    const {id} = await client.addImage({...RAW, name: 'staged'})
    const reports: number[] = []
    const onProgress = ({bytes}: {bytes: number}) => void reports.push(bytes)
    const size = await client.operations.stage('staged', Readable.from([Buffer.from('hello')]), {onProgress})
    assert.deepEqual([size, reports.at(-1)], [5, 5])
    assert.equal((await client.getImageMeta(id)).status, 'uploading')
    const method = 'glance-direct'
    const {status, checksum} = await client.updateImage(id, {}, {serverImport: {method}})
    assert.deepEqual([status, checksum], ['active', '5d41402abc4b2a76b9719d911017c592'])
    const [task, ...others] = await client.operations.getTasks(id)
    assert.deepEqual(
      [task?.method, task?.status, task?.imageId, task?.stores, others],
      ['glance-direct', 'success', id, ['fast'], []],
    )
    assert.equal((await client.operations.getTask(task?.id ?? '')).id, task?.id)
  })

  it('refuses to stage an empty source, unless it is meant', async () => {
    const {id} = await client.addImage({...RAW, name: 'empty'})
    await assert.rejects(client.operations.stage(id, Buffer.alloc(0)), /was not changed/)
    assert.equal((await client.getImageMeta(id)).status, 'queued')
    assert.equal(await client.operations.stage(id, Buffer.alloc(0), {allowEmpty: true}), 0)
    assert.equal((await client.getImageMeta(id)).status, 'uploading')
  })

  it('adds an image by an import in one step, into a store', async () => {
    const serverImport = {method: 'glance-direct'} as const
    const meta = {...RAW, name: 'direct', store: 'slow'}
    const {status, stores} = await client.addImage(meta, Buffer.from('hello'), {serverImport})
    assert.deepEqual([status, stores], ['active', ['slow']])
  })

  it('reads quotas, of which there are none by default', async () => {
    assert.deepEqual(await client.operations.getUsage(), [])
  })

  it('ends with its signal', async () => {
    const reason = new Error('enough')
    const signal = AbortSignal.abort(reason)
    await assert.rejects(client.operations.getStores({signal}), reason)
    await assert.rejects(client.operations.stage(image.id, Buffer.from('x'), {signal}), reason)
  })

  it('is refused on version 1', async () => {
    const old = new Client({url: service.url, version: 1})
    const calls = [
      old.operations.getStores(),
      old.operations.deactivate(image.id),
      old.operations.stage(image.id, Buffer.from('x')),
      old.addImage({...RAW, name: 'x'}, Buffer.from('x'), {serverImport: {method: 'glance-direct'}}),
    ]
    for (const call of calls)
      await assert.rejects(call, {kind: 'usage', message: /^version 1 of the Image API does not have /})
    await old.close()
  })

  it('checks what programs pass', async () => {
    const {operations} = client
    const requests = service.log.length
    const data = Buffer.from('x')
    const untyped = operations as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
    const cases: readonly [Promise<unknown> | undefined, RegExp][] = [
      [untyped['getStores']?.({timeout: 1}), /^unknown key 'timeout' in the options of a call$/],
      [untyped['copyToStores']?.('disk', [1]), /^invalid store: expected a text, not a number$/],
      [
        untyped['copyToStores']?.('disk', [], {timeout: 1}),
        /^unknown key 'timeout' in the options of copyToStores$/,
      ],
      [untyped['deactivate']?.(undefined), /^invalid image: expected its id, name or uri, not undefined$/],
      [untyped['stage']?.('disk', 'text'), /^invalid image data: expected a source of bytes, not a text$/],
      [
        untyped['stage']?.('disk', data, {keepFailed: true}),
        /^unknown key 'keepFailed' in the options of stage$/,
      ],
      [untyped['getTask']?.(''), /^invalid task: expected a text, not an empty text$/],
    ]
    for (const [call, message] of cases) await assert.rejects(call ?? Promise.resolve(), {message})
    const imports: readonly [object, unknown, RegExp][] = [
      [{}, 'fast', /^invalid serverImport: expected a boolean, or an object with method$/],
      [{}, null, /^invalid serverImport/],
      [{}, {method: 'copy-image'}, /^invalid serverImport/],
      [{}, {method: 'glance-direct', remote: {}}, /^unknown key 'remote' in the option serverImport$/],
      [{}, {method: 'glance-download'}, /^cannot read remote of the option serverImport: expected an object/],
      [{}, {method: 'glance-download', remote: {region: 'x'}}, /^invalid imageId: expected a text/],
      [
        {},
        {method: 'glance-download', remote: {region: 'x', imageId: 'i'}},
        /^give either data, or serverImport by glance-download$/,
      ],
      [{}, true, /^serverImport requires copyFrom in the metadata$/],
      [{}, {method: 'web-download'}, /^serverImport requires copyFrom in the metadata$/],
    ]
    for (const [meta, serverImport, message] of imports) {
      const options = {serverImport: serverImport as boolean}
      await assert.rejects(client.addImage({...RAW, name: 'x', ...meta}, data, options), {message})
    }
    const direct = {serverImport: {method: 'glance-direct'}} as const
    await assert.rejects(client.addImage({...RAW, name: 'x'}, undefined, direct), {
      message: 'serverImport by glance-direct requires data',
    })
    const copyFrom = 'http://127.0.0.1/x'
    await assert.rejects(client.addImage({...RAW, name: 'x', copyFrom}, undefined, direct), {
      message: 'serverImport by glance-direct does not go together with location or copyFrom',
    })
    assert.equal(service.log.length, requests)
  })
})

describe('copies between stores by a client', () => {
  const ID = '00000000-0000-4000-8000-00000000000a'
  const DISK = {id: ID, name: 'disk', status: 'active', stores: 'fast', disk_format: 'raw', size: 3}
  let served: Served
  let client: Client
  let imports: unknown[] = []
  /** The stores that the image is in after an import, and those that failed. */
  let ends = {stores: '', os_glance_failed_import: ''}
  before(async () => {
    served = await serve((request, response) => {
      const path = request.url?.split('?')[0] ?? ''
      request.setEncoding('utf8')
      const reply = (status: number, document: object) =>
        response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(document))
      request.on('data', text => imports.push(JSON.parse(text)))
      request.on('end', () => {
        if (path === '/') reply(300, {versions: [{id: 'v2.15'}]})
        else if (path === '/v2/info/stores') reply(200, {stores: [{id: 'fast'}, {id: 'slow'}]})
        else if (path === '/v2/info/import') reply(200, {'import-methods': {value: ['copy-image']}})
        else if (path === `/v2/images/${ID}/import`) reply(202, {})
        else if (path === `/v2/images/${ID}/tasks`) reply(200, {tasks: imports.length > 0 ? [TASK] : []})
        else if (path === `/v2/images/${ID}`) reply(200, imports.length > 0 ? {...DISK, ...ends} : DISK)
        else reply(404, {})
      })
    })
    client = new Client(served.url)
  })
  beforeEach(() => {
    imports = []
  })
  after(async () => {
    await client.close()
    await served.close()
  })
  const TASK = {id: 't', status: 'success', created_at: '2026-01-01T00:00:00', input: {}}

  it('copies the data to stores that do not have it, and returns the image', async () => {
    ends = {stores: 'fast,slow', os_glance_failed_import: ''}
    const {id, stores} = await client.operations.copyToStores(ID, ['slow', 'fast', 'slow'])
    assert.deepEqual([id, stores], [ID, ['fast', 'slow']])
    assert.deepEqual(imports, [
      {method: {name: 'copy-image'}, stores: ['slow'], all_stores_must_succeed: false},
    ])
  })

  it('copies to all stores, and requests nothing for an image that is there', async () => {
    ends = {stores: 'fast,slow', os_glance_failed_import: ''}
    assert.deepEqual((await client.operations.copyToStores(ID)).stores, ['fast', 'slow'])
    imports = []
    assert.deepEqual((await client.operations.copyToStores(ID, ['fast'])).stores, ['fast'])
    assert.deepEqual(imports, [])
  })

  it('fails for a store that did not get the data', async () => {
    ends = {stores: 'fast', os_glance_failed_import: 'slow'}
    await assert.rejects(client.operations.copyToStores(ID, ['slow']), {
      kind: 'failed',
      message: `cannot copy image ${ID} to slow`,
      why: 'slow: the service could not store it there',
    })
  })
})
