/** The library, as a program uses it. */
import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {once} from 'node:events'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {promisify} from 'node:util'
import {Client, Failure} from '../../src/lib/client.js'
import {startService, type TestService} from '../support/test-service.js'

describe('Client', () => {
  let service: TestService
  let client: Client
  before(async () => {
    service = await startService()
    client = new Client({url: `${service.url}/v1`})
  })
  after(async () => {
    await client.close()
    await service.close()
  })
  afterEach(async () => {
    for await (const {id} of client.getImages({filters: {is_public: 'none'}})) await client.deleteImage(id)
  })

  const formats = {diskFormat: 'raw', containerFormat: 'bare', isPublic: true}

  it('adds an image from every kind of source', async () => {
    const sources = [
      Buffer.from('hello world'),
      new Uint8Array(Buffer.from('hello world')),
      Readable.from([Buffer.from('hello world')]),
    ]
    for (const data of sources) {
      const image = await client.addImage({...formats, name: 'n'}, data)
      assert.equal(image.checksum, '5eb63bbbe01eeed093cb22bb8f5acdc3')
    }
  })

  it('iterates over all pages', async () => {
    for (let n = 0; n < 7; n += 1) await client.addImage({...formats, name: `i${n}`})
    const names: (string | null)[] = []
    for await (const {name} of client.getImages({pageSize: 2, sortKey: 'name', sortDir: 'asc'}))
      names.push(name)
    assert.deepEqual(names, ['i0', 'i1', 'i2', 'i3', 'i4', 'i5', 'i6'])
  })

  it('fetches no page that is not read', async () => {
    for (let n = 0; n < 4; n += 1) await client.addImage({...formats, name: `i${n}`})
    const before = service.log.length
    for await (const _ of client.getImagesDetailed({pageSize: 2})) break
    assert.equal(service.log.length, before + 1)
  })

  it('filters by fields and properties', async () => {
    await client.addImage({...formats, name: 'small', properties: {distro: 'ubuntu'}}, Buffer.from('x'))
    await client.addImage({...formats, name: 'large', properties: {distro: 'ubuntu'}}, Buffer.alloc(100))
    const found = []
    const options = {filters: {size_max: 10, status: 'active'}, properties: {distro: 'ubuntu'}}
    for await (const image of client.getImagesDetailed(options)) found.push(image.name)
    assert.deepEqual(found, ['small'])
  })

  it('refuses filters that the service would ignore', async () => {
    const listing = client.getImages({filters: {owner: 'me'}}).page()
    await assert.rejects(listing, (error: Failure) => error instanceof Failure && error.kind === 'usage')
  })

  it('shows, changes, reads and deletes an image', async () => {
    const {id} = await client.addImage({...formats, name: 'a', properties: {keep: '1'}}, Buffer.from('data'))
    const changed = await client.updateImage(id, {name: 'b', properties: {more: '2'}})
    assert.deepEqual([changed.name, changed.properties], ['b', {keep: '1', more: '2'}])
    assert.equal((await client.getImageMeta(id)).name, 'b')
    const {image, data} = await client.getImage(id)
    assert.equal(image.name, 'b')
    assert.equal((await buffer(data)).toString(), 'data')
    await client.deleteImage(id)
    await assert.rejects(client.deleteImage(id), (error: Failure) => error.kind === 'not-found')
  })

  it('shares an image', async () => {
    const {id} = await client.addImage({...formats, isPublic: false})
    await client.addMember(id, 'tenant1')
    await client.addMember(id, 'tenant2', true)
    assert.deepEqual(await client.getMemberImages('tenant2'), [{imageId: id, canShare: true}])
    await client.deleteMember(id, 'tenant1')
    await client.replaceMembers(id, 'tenant3', {memberId: 'tenant4', canShare: true})
    const members = [...(await client.getImageMembers(id))].sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
    assert.deepEqual(members, [
      {memberId: 'tenant3', canShare: false},
      {memberId: 'tenant4', canShare: true},
    ])
  })

  it('runs several operations at once', async () => {
    const added = await Promise.all(
      Array.from({length: 10}, (_, n) => client.addImage({...formats, name: `p${n}`}, Buffer.from(`${n}`))),
    )
    const shown = await Promise.all(added.map(({id}) => client.getImageMeta(id)))
    assert.deepEqual(
      shown.map(({name}) => name),
      added.map(({name}) => name),
    )
  })

  it('can be used after close', async () => {
    await client.close()
    assert.deepEqual((await client.getImages().page()).images, [])
  })

  it('ends its calls when it is closed, without trying them again', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    let requests = 0
    silent.on('request', () => (requests += 1))
    const closing = new Client('127.0.0.1', (silent.address() as AddressInfo).port, {version: 2, retries: 3})
    const call = assert.rejects(closing.getImageMeta('n'), {
      kind: 'failed',
      why: 'this program has closed it',
    })
    await once(silent, 'request')
    await closing.close()
    await call
    assert.equal(requests, 1)
    silent.close()
  })

  it('lets a program exit that does not close it', async () => {
    const program = `
      const {Client} = await import(${JSON.stringify(new URL('../../src/lib/client.js', import.meta.url).href)})
      for await (const image of new Client({url: ${JSON.stringify(service.url)}}).getImages()) console.log(image)
      console.log('done')`
    const {stdout} = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program])
    assert.equal(stdout, 'done\n')
  })
})
