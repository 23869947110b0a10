/** The registry API of the administration manual, chapter 4. */
import assert from 'node:assert/strict'
import type {Registry} from '../../../src/server/registry/registry.js'
import {openRegistry} from '../../../src/server/registry/sqlite/open.js'
import {startRegistryServer, type TestRegistryServer} from '../../support/registry-server.js'

const ID = '00000001-0000-4000-8000-000000000000'
const IMAGE = {name: 'n', status: 'active', disk_format: 'vhd', container_format: 'ovf'}

type Json = Readonly<Record<string, unknown>>

describe('the registry API', () => {
  let registry: Registry
  let server: TestRegistryServer
  beforeEach(async () => {
    registry = await openRegistry(':memory:')
    server = await startRegistryServer(registry)
  })
  afterEach(() => server.close())

  async function send(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
    const accept = {accept: 'text/plain'}
    const type = {...accept, 'content-type': 'application/json'}
    const json =
      body === undefined
        ? {headers: {...accept, ...headers}}
        : {body: JSON.stringify(body), headers: {...type, ...headers}}
    const response = await fetch(server.url + path, {method, ...json})
    const text = await response.text()
    const isJson = text !== '' && response.headers.get('content-type')?.startsWith('application/json')
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: (isJson ? JSON.parse(text) : {}) as Json,
    }
  }
  const post = (image: object) => send('POST', '/images', {image})
  const ids = async (query: string, path = '/images') => {
    const {json} = await send('GET', `${path}?sort_dir=asc&${query}`)
    return (json['images'] as Json[]).map(({id}) => (id as string).slice(-1)).join('')
  }

  it('adds an image, and returns all of it', async () => {
    const given = {
      ...{...IMAGE, id: ID, size: 19, is_public: true, owner: 'o', location: 'file:///a', checksum: 'c'},
      ...{min_ram: 256, min_disk: 10, protected: false, properties: {distro: 'lucid', none: null}},
    }
    const {status, json} = await post(given)
    const {created_at, updated_at, ...image} = json['image'] as Json
    assert.equal(status, 200)
    assert.deepEqual(image, {...given, virtual_size: null, deleted: false, deleted_at: null})
    assert.match(String(created_at), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/)
    assert.equal(updated_at, created_at)
    assert.equal((await registry.find(ID))?.location, 'file:///a')
  })

  it('makes an id if it is null, and takes properties as a list', async () => {
    const {json} = await post({...IMAGE, id: null, properties: [{name: 'k', value: 'v'}]})
    const {id, properties} = json['image'] as Json
    assert.match(String(id), /^[0-9a-f-]{36}$/)
    assert.deepEqual(properties, {k: 'v'})
  })

  it('refuses an id that was used', async () => {
    await post({...IMAGE, id: ID})
    assert.equal((await post({...IMAGE, id: ID})).status, 409)
  })

  for (const [name, image, text] of [
    ['no status', {status: undefined}, 'Image status is required: one of active, saving, queued, killed.'],
    [
      'an empty status',
      {status: ''},
      "Invalid status '' for image: expected one of active, saving, queued, killed.",
    ],
    ['a status that is not one', {status: 'bogus'}, "Invalid status 'bogus' for image"],
    ['the status of a deleted image', {status: 'deleted'}, "Invalid status 'deleted' for image"],
    [
      'no disk format',
      {disk_format: undefined},
      'Image disk_format is required: one of ari, aki, ami, raw, iso',
    ],
    ['an empty disk format', {disk_format: ''}, "Invalid disk_format '' for image"],
    ['an unknown disk format', {disk_format: 'floppy'}, "Invalid disk_format 'floppy' for image"],
    ['no container format', {container_format: undefined}, 'Image container_format is required: one of ari'],
    ['an unknown container format', {container_format: 'box'}, "Invalid container_format 'box' for image"],
    [
      'an Amazon disk in another container',
      {disk_format: 'ami'},
      'Invalid mix of disk and container formats',
    ],
    ['an Amazon container of another disk', {container_format: 'aki'}, 'Invalid mix of disk and container'],
    [
      'two Amazon formats',
      {disk_format: 'ami', container_format: 'ari'},
      'Invalid mix of disk and container',
    ],
    ['an id that is not a UUID', {id: '1'}, 'Invalid image id format.'],
    ['an unknown attribute', {colour: 'red'}, "Unknown attribute 'colour' of an image."],
    [
      'a size that is not a number',
      {size: '19'},
      'Invalid size for image: expected a whole number that is not negative.',
    ],
    ['a negative size', {size: -1}, 'Invalid size for image'],
    ['a flag that is not one', {is_public: 'yes'}, 'Invalid is_public for image: expected true or false.'],
    [
      'a name that is too long',
      {name: 'x'.repeat(256)},
      'Invalid name for image: expected a text of at most 255',
    ],
    [
      'properties of another form',
      {properties: {k: 1}},
      'Invalid properties for image: expected {NAME: TEXT}',
    ],
    ['a list of other things', {properties: ['k']}, 'Invalid properties for image'],
  ] as const) {
    it(`refuses ${name}, and stores nothing`, async () => {
      const {status, text: answer} = await post({...IMAGE, id: ID, ...image})
      assert.equal(status, 400)
      assert.ok(answer.includes(text), answer)
      assert.equal(await registry.find(ID), undefined)
    })
  }

  for (const format of ['ami', 'ari', 'aki']) {
    it(`takes ${format} for both formats`, async () => {
      assert.equal((await post({...IMAGE, disk_format: format, container_format: format})).status, 200)
    })
  }

  it('refuses bodies that are not an image, and types that are not JSON', async () => {
    for (const body of [{}, {image: null}, {image: []}, []])
      assert.equal((await send('POST', '/images', body)).status, 400)
    assert.equal((await send('POST', '/images', {image: IMAGE}, {'content-type': 'text/plain'})).status, 415)
    assert.equal((await send('POST', '/images', undefined, {'content-type': 'application/json'})).status, 400)
  })

  it('describes an image in headers and in JSON, for all versions of the path', async () => {
    await post({...IMAGE, id: ID, size: 19, properties: {distro: 'lucid'}})
    for (const path of [`/images/${ID}`, `/v1/images/${ID}`]) {
      const {status, headers, json} = await send('GET', path)
      assert.deepEqual(
        ['id', 'name', 'status', 'size', 'property-distro'].map(name => headers.get(`x-image-meta-${name}`)),
        [ID, 'n', 'active', '19', 'lucid'],
      )
      assert.deepEqual([status, (json['image'] as Json)['properties']], [200, {distro: 'lucid'}])
    }
    const head = await send('HEAD', `/images/${ID}`)
    assert.deepEqual([head.status, head.headers.get('x-image-meta-disk_format')], [200, 'vhd'])
    assert.equal((await send('GET', '/images/none')).status, 404)
  })

  it('changes what is given, keeps other properties unless they are purged', async () => {
    await post({...IMAGE, id: ID, owner: 'o', properties: {k: 'v', l: 'w'}})
    const change = async (image: object, headers = {}) => {
      const {status, json} = await send('PUT', `/images/${ID}`, {image}, headers)
      return [status, json['image'] as Json] as const
    }
    const [status, changed] = await change({name: 'm', status: 'killed', properties: {k: 'x'}})
    const {name, owner, properties, status: now} = changed
    assert.deepEqual([status, name, owner, now, properties], [200, 'm', 'o', 'killed', {k: 'x', l: 'w'}])
    const purge = {'x-glance-registry-purge-props': 'True'}
    assert.deepEqual((await change({properties: {m: 'y'}}, purge))[1]['properties'], {m: 'y'})
    // As an API server sends back what it has read.
    assert.equal((await change({...changed, id: ID}))[0], 200)
    for (const wrong of [{status: 'deleted'}, {disk_format: 'ami'}, {id: 'other'}, {colour: 'red'}])
      assert.equal((await change(wrong))[0], 400)
    assert.equal((await send('PUT', '/images/none', {image: {name: 'x'}})).status, 404)
  })

  it('deletes an image, and records its data as unused', async () => {
    await post({...IMAGE, id: ID, location: 'file:///a'})
    await send('PUT', `/images/${ID}`, {image: {protected: true}})
    assert.equal((await send('DELETE', `/images/${ID}`)).status, 403)
    await send('PUT', `/images/${ID}`, {image: {protected: false}})
    const {status, json} = await send('DELETE', `/images/${ID}`)
    assert.deepEqual([status, (json['image'] as Json)['id']], [200, ID])
    assert.deepEqual(await registry.listUnusedData(9), ['file:///a'])
    for (const method of ['GET', 'DELETE']) assert.equal((await send(method, `/images/${ID}`)).status, 404)
  })

  it('lists brief and whole images, public ones by default, in order and in pages', async () => {
    const all = [
      {name: 'Fedora 9', size: 5000, is_public: true, properties: {distro: 'f'}},
      {
        name: 'x',
        size: 6000,
        is_public: true,
        disk_format: 'raw',
        container_format: 'bare',
        status: 'queued',
      },
      {name: 'b', size: 1, is_public: false},
      {name: 'a', size: 2, is_public: true, status: 'killed'},
    ]
    for (const [n, image] of all.entries()) await post({...IMAGE, id: ID.slice(0, -1) + (n + 1), ...image})
    await registry.create({id: ID.slice(0, -1) + 5, isPublic: true})
    await registry.delete(ID.slice(0, -1) + 5)
    for (const [query, expected] of [
      ['', '12'],
      ['is_public=None', '123'],
      ['is_public=False', '3'],
      ['name=Fedora%209', '1'],
      ['container_format=bare', '2'],
      ['disk_format=vhd', '1'],
      ['status=queued', '2'],
      ['status=killed', '4'],
      ['status=deleted', '5'],
      ['size_min=5000', '12'],
      ['size_max=5000', '1'],
      ['size_min=5001&size_max=6000', '2'],
      ['property-distro=f', '1'],
      ['sort_key=size&sort_dir=desc', '21'],
      ['sort_key=name', '12'],
      ['limit=1', '1'],
      [`marker=${ID.slice(0, -1)}1`, '2'],
    ] as const) {
      assert.equal(await ids(query), expected, query)
      assert.equal(await ids(query, '/v1/images/detail'), expected, query)
    }
    const {json} = await send('GET', '/images?name=x')
    const brief = {id: `${ID.slice(0, -1)}2`, name: 'x', size: 6000, disk_format: 'raw'}
    assert.deepEqual(json, {images: [{...brief, container_format: 'bare', checksum: null}]})
    const whole = (await send('GET', '/images/detail?name=x')).json['images'] as Json[]
    assert.deepEqual(
      [whole[0]?.['status'], whole[0]?.['location'], whole[0]?.['properties']],
      ['queued', null, {}],
    )
    for (const wrong of [
      'sort_key=owner',
      'sort_dir=up',
      'size_min=x',
      'limit=x',
      `marker=${ID}`,
      'is_public=x',
    ])
      assert.equal((await send('GET', `/images?${wrong}`)).status, 400, wrong)
  })

  it('reads and changes members', async () => {
    await post({...IMAGE, id: ID})
    const members = async () => (await send('GET', `/images/${ID}/members`)).json['members']
    assert.equal((await send('PUT', `/images/${ID}/members/m`)).status, 204)
    assert.equal((await send('PUT', `/images/${ID}/members/n`, {member: {can_share: true}})).status, 204)
    assert.deepEqual(await members(), [
      {member_id: 'm', can_share: false},
      {member_id: 'n', can_share: true},
    ])
    const shares = (await send('GET', '/shared-images/n')).json
    assert.deepEqual(shares, {shared_images: [{image_id: ID, can_share: true}]})
    const memberships = [{member_id: 'o', can_share: false}]
    assert.equal((await send('PUT', `/images/${ID}/members`, {memberships})).status, 204)
    assert.deepEqual(await members(), memberships)
    assert.equal((await send('DELETE', `/images/${ID}/members/o`)).status, 204)
    assert.equal((await send('DELETE', `/images/${ID}/members/o`)).status, 404)
    assert.equal((await send('GET', '/images/none/members')).status, 404)
  })

  it('refuses other methods and paths, and pages of other sites', async () => {
    const {status, headers} = await send('POST', `/images/${ID}`)
    assert.deepEqual([status, headers.get('allow')], [405, 'GET, HEAD, PUT, DELETE'])
    for (const path of ['/', '/flavors', '/v2/images', '/rpc/close', '/rpc/constructor'])
      assert.equal((await send('POST', path, {})).status, 404, path)
    assert.equal((await send('GET', '/images', undefined, {origin: 'http://evil.example'})).status, 403)
  })

  it('refuses calls that are not of this release', async () => {
    for (const [name, args] of [
      ['find', []],
      ['find', [1]],
      ['find', ['a', 'b']],
      ['list', [{sortKey: 'location', sortDir: 'asc', limit: 1}]],
      ['list', [{sortKey: 'id', sortDir: 'asc', limit: 1, oneOf: {'id) or (1': ['x']}}]],
      ['create', [{id: 'a', colour: 'red'}]],
      ['create', [{id: 'a', status: 'sold'}]],
      ['change', ['a', {}]],
    ] as const) {
      const {status} = await send('POST', `/rpc/${name}`, {args})
      assert.equal(status, 400, JSON.stringify(args))
    }
    for (const body of [{}, [], {args: {}}, {args: ['a'], decision: {}}, {args: ['a'], more: 1}])
      assert.equal((await send('POST', '/rpc/change', body)).status, 400, JSON.stringify(body))
    const decision = {revision: 'r', changes: {colour: 'red'}}
    assert.equal((await send('POST', '/rpc/change', {args: ['a'], decision})).status, 400)
    assert.equal((await send('POST', '/rpc/find', {args: ['a'], decision: {revision: ''}})).status, 400)
    assert.equal((await send('POST', '/rpc/find', {args: ['a']}, {'content-type': 'text/plain'})).status, 415)
  })
})
