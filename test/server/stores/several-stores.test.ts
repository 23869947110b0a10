/** A service with several stores: uploads choose one, downloads find the data, and each is cleaned up. */
import assert from 'node:assert/strict'
import {mkdir, readdir, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {imageIdFromKey} from '../../../src/server/stores/data-key.js'
import {type ForeignSource, startForeignSource} from '../../support/http/foreign-source.js'
import {useTempDir} from '../../support/temp-dir.js'
import {startService, type TestService} from '../../support/test-service.js'

const ID = '00000001-0000-4000-8000-000000000000'
const FORMATS = {disk_format: 'raw', container_format: 'bare'}
const OCTETS = {'content-type': 'application/octet-stream'}
const META = {'x-image-meta-disk_format': 'raw', 'x-image-meta-container_format': 'bare'}
const PATCH = {'content-type': 'application/openstack-images-v2.1-json-patch'}

type Json = Readonly<Record<string, unknown>>

describe('a service with several stores', () => {
  const folder = useTempDir()
  let service: TestService

  const give = (...more: string[]) =>
    new GivenSettings({
      assignments: [
        'enabled_backends=fast:file,slow:file,web:http',
        'default_backend=fast',
        `fast.filesystem_store_datadir=${folder()}/a/data`,
        `slow.filesystem_store_datadir=${folder()}/b/data`,
        'slow.store_description=cheap disks',
        ...more,
      ],
      env: {},
    })
  const start = () =>
    startService({
      dataDir: join(folder(), 'service'),
      showLocations: true,
      fetchFromAnywhere: true,
      given: give(),
    })

  beforeEach(async () => {
    service = await start()
  })
  afterEach(() => service.close())

  const ask = (method: string, path: string, init: RequestInit = {}) =>
    fetch(`${service.url}${path}`, {method, ...init})
  const show = async (id = ID) => (await (await ask('GET', `/v2/images/${id}`)).json()) as Json
  const create = async (id = ID) => {
    const reply = await ask('POST', '/v2/images', {body: JSON.stringify({id, ...FORMATS})})
    assert.equal(reply.status, 201)
    return reply
  }
  const upload = (store?: string, body = 'data', header = 'x-image-meta-store') =>
    ask('PUT', `/v2/images/${ID}/file`, {body, headers: {...OCTETS, ...(store ? {[header]: store} : {})}})
  const list = async (name: 'a' | 'b') => (await readdir(join(folder(), name, 'data'))).map(imageIdFromKey)
  const download = async (query = '') => {
    const reply = await ask('GET', `/v2/images/${ID}/file${query}`)
    return [reply.status, await reply.text()]
  }
  /** Adds the location of the image on a web server. @returns its URL */
  const addLocation = async ({host}: ForeignSource) => {
    const value = {url: `http://${host}/src.img`, metadata: {}}
    const body = JSON.stringify([{op: 'add', path: '/locations/-', value}])
    assert.equal((await ask('PATCH', `/v2/images/${ID}`, {headers: PATCH, body})).status, 200)
    return value.url
  }

  it('describes them', async () => {
    const stores = [
      {id: 'fast', default: 'true'},
      {id: 'slow', description: 'cheap disks'},
      {id: 'web', 'read-only': 'true'},
    ]
    assert.deepEqual(await (await ask('GET', '/v2/info/stores')).json(), {stores})
    const {stores: details} = (await (await ask('GET', '/v2/info/stores/detail')).json()) as {stores: Json[]}
    assert.deepEqual(details, [
      {...stores[0], type: 'file', properties: {data_dir: `${folder()}/a/data`}},
      {...stores[1], type: 'file', properties: {data_dir: `${folder()}/b/data`}},
      {...stores[2], type: 'http', properties: {}},
    ])
    const reply = await create()
    assert.equal(reply.headers.get('openstack-image-store-ids'), 'fast,slow,web')
  })

  for (const header of ['x-image-meta-store', 'x-openstack-image-store-id']) {
    it(`stores data where ${header} says`, async () => {
      await create()
      assert.equal((await upload('slow', 'data', header)).status, 204)
      const {stores, locations} = await show()
      assert.equal(stores, 'slow')
      assert.deepEqual((locations as Json[])[0]?.['metadata'], {store: 'slow'})
      assert.deepEqual([await list('a'), await list('b')], [[], [ID]])
      assert.deepEqual(await download(), [200, 'data'])
    })
  }

  it('stores other data in the default store, and refuses an unknown and a read-only one', async () => {
    await create()
    const unknown = await upload('nope')
    assert.deepEqual(
      [unknown.status, /Store for identifier nope not found/.test(await unknown.text())],
      [400, true],
    )
    assert.equal((await upload('web')).status, 410)
    assert.equal((await show())['status'], 'queued')
    assert.equal((await upload()).status, 204)
    assert.deepEqual([(await show())['stores'], await list('a'), await list('b')], ['fast', [ID], []])
  })

  it('takes the store of version 1, for data and for copies', async () => {
    const source = await startForeignSource()
    try {
      const add = (headers: Record<string, string>, body?: string) =>
        ask('POST', '/v1/images', {
          headers: {...META, ...(body === undefined ? {} : OCTETS), ...headers},
          ...(body === undefined ? {} : {body}),
        })
      const bad = await add({'x-image-meta-store': 'nope'}, 'data')
      assert.deepEqual([bad.status, /Required store nope is invalid/.test(await bad.text())], [400, true])
      assert.equal((await add({'x-image-meta-store': 'web'}, 'data')).status, 400)
      assert.equal((await add({'x-image-meta-store': 'slow', 'x-image-meta-id': ID}, 'data')).status, 201)
      assert.equal((await show())['stores'], 'slow')
      const id = '00000002-0000-4000-8000-000000000000'
      const url = `http://${source.host}/src.img`
      const copy = {'x-image-meta-store': 'slow', 'x-image-meta-id': id, 'x-glance-api-copy-from': url}
      assert.equal((await add(copy)).status, 201)
      let image = await show(id)
      while (image['status'] === 'queued' || image['status'] === 'saving') image = await show(id)
      assert.deepEqual([image['status'], image['stores']], ['active', 'slow'])
    } finally {
      source.close()
    }
  })

  it('imports into the store that is named', async () => {
    await create()
    await ask('PUT', `/v2/images/${ID}/stage`, {body: 'data', headers: OCTETS})
    const body = (stores: string[]) => JSON.stringify({method: {name: 'glance-direct'}, stores})
    assert.equal((await ask('POST', `/v2/images/${ID}/import`, {body: body(['nope'])})).status, 409)
    assert.equal((await ask('POST', `/v2/images/${ID}/import`, {body: body(['web'])})).status, 409)
    assert.equal((await ask('POST', `/v2/images/${ID}/import`, {body: body(['slow'])})).status, 202)
    let image = await show()
    while (image['status'] !== 'active') image = await show()
    assert.deepEqual([image['stores'], await list('a'), await list('b')], ['slow', [], [ID]])
  })

  it('reads the data from a web server when the store has lost it, or when it is preferred', async () => {
    const source = await startForeignSource()
    try {
      await create()
      await upload('slow')
      const url = await addLocation(source)
      assert.equal((await show())['stores'], 'slow,web')
      const other = await (await fetch(url)).text()
      assert.deepEqual(await download(), [200, 'data'])
      assert.deepEqual(await download('?prefer=nope,web,slow'), [200, other])
      assert.deepEqual(await download('?prefer=slow'), [200, 'data'])
      const [file = ''] = await readdir(join(folder(), 'b', 'data'))
      await rm(join(folder(), 'b', 'data', file))
      assert.deepEqual(await download(), [200, other])
      assert.match(service.warnings.at(-1) ?? '', new RegExp(`^cannot read image ${ID} from slow: `))
    } finally {
      source.close()
    }
  })

  it('deletes the data from one store, and from all with the image', async () => {
    const source = await startForeignSource()
    try {
      await create()
      await upload('slow')
      await addLocation(source)
      assert.equal((await ask('DELETE', `/v2/stores/fast/${ID}`)).status, 404)
      assert.equal((await ask('DELETE', `/v2/stores/nope/${ID}`)).status, 409)
      assert.equal((await ask('DELETE', `/v2/stores/slow/${ID}`)).status, 204)
      assert.deepEqual([(await show())['stores'], await list('b')], ['web', []])
    } finally {
      source.close()
    }
    const id = '00000002-0000-4000-8000-000000000000'
    await create(id)
    await ask('PUT', `/v2/images/${id}/file`, {body: 'x', headers: {...OCTETS, 'x-image-meta-store': 'slow'}})
    assert.deepEqual(await list('b'), [id])
    await ask('DELETE', `/v2/images/${id}`)
    assert.deepEqual(await list('b'), [])
  })

  it('deletes data of no image from each store at the start', async () => {
    await create()
    await upload('slow')
    await service.close()
    for (const name of ['a', 'b']) {
      await mkdir(join(folder(), name, 'data'), {recursive: true})
      await writeFile(join(folder(), name, 'data', `${ID}.0123456789abcdef`), 'orphan')
    }
    service = await start()
    assert.deepEqual([await list('a'), await list('b')], [[], [ID]])
    assert.deepEqual(await download(), [200, 'data'])
  })

  it('shows data of a store that is not enabled any more as unreadable', async () => {
    await create()
    await upload('slow')
    await service.close()
    const given = new GivenSettings({
      assignments: [
        'enabled_backends=other:file',
        'default_backend=other',
        `other.filesystem_store_datadir=${folder()}/c`,
      ],
      env: {},
    })
    service = await startService({dataDir: join(folder(), 'service'), given})
    assert.equal((await show())['stores'], '')
    assert.equal((await download())[0], 404)
  })
})
