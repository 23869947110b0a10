/** The values, sources of data and addresses that programs pass to the library. */
import assert from 'node:assert/strict'
import {createReadStream} from 'node:fs'
import {open, rm, writeFile} from 'node:fs/promises'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {Readable} from 'node:stream'
import {gzipSync} from 'node:zlib'
import {Client, type Data, type Failure, type ImageMeta} from '../../src/lib/client.js'
import {glance} from '../support/fake-io.js'
import {startService, type TestService, temporaryFolder} from '../support/test-service.js'

const BYTES = Buffer.from('hello world')
const MD5 = '5eb63bbbe01eeed093cb22bb8f5acdc3'

for (const version of [1, 2] as const) {
  describe(`the inputs of Client, v${version}`, () => {
    let service: TestService
    let client: Client
    let folder: string
    before(async () => {
      service = await startService()
      client = new Client('127.0.0.1', service.port, {version, retries: 0})
      folder = await temporaryFolder()
      await writeFile(join(folder, 'data'), BYTES)
    })
    after(async () => {
      await client.close()
      await service.close()
      await rm(folder, {recursive: true})
    })

    const isUsage = (error: Failure) => error.kind === 'usage'
    const untyped = (value: unknown) => value as ImageMeta & Data

    async function countImages(): Promise<number> {
      let count = 0
      for await (const _ of client.getImages({filters: {is_public: 'none'}})) count += 1
      return count
    }

    const wrongRefs = [undefined, null, '', {}, {id: 'x'}, true] as unknown as string[]
    for (const wrong of wrongRefs)
      it(`does not take ${JSON.stringify(wrong)} for an image`, async () => {
        await client.addImage({name: String(wrong)})
        for (const call of [
          () => client.getImageMeta(wrong),
          () => client.getImage(wrong),
          () => client.download(wrong, join(folder, 'none')),
          () => client.updateImage(wrong, {name: 'other'}),
          () => client.deleteImage(wrong),
          () => client.waitFor(wrong),
          () => client.getImageMembers(wrong),
          () => client.addMember(wrong, 'p'),
          () => client.replaceMembers(wrong, 'p'),
        ])
          await assert.rejects(call, isUsage)
      })

    it('names what it got instead of an image', async () => {
      await assert.rejects(client.deleteImage({id: 'x'} as unknown as string), {
        message: 'invalid image: expected its id, name or uri, not an object',
        advice: 'Pass the id of the object.',
      })
    })

    it('refuses members and statuses that are missing', async () => {
      const missing = undefined as unknown as string
      await assert.rejects(client.getMemberImages(missing), isUsage)
      await assert.rejects(client.deleteMember('n', missing), isUsage)
      await assert.rejects(client.replaceMembers('n', missing), isUsage)
      await assert.rejects(client.setMemberStatus('n', 'p', 'yes' as unknown as 'accepted'), {
        message: "invalid status 'yes': expected one of accepted, rejected, pending",
      })
    })

    it('refuses options that are not an object', async () => {
      const none = null as unknown as undefined
      for (const call of [
        async () => new Client(none),
        async () => new Client({tls: none as never}),
        async () => client.getImages(none),
        () => client.addImage(untyped(null)),
        () => client.addImage(untyped([])),
        () => client.addImage({name: 'n'}, BYTES, none),
        () => client.getImageMeta('n', none),
        () => client.waitFor('n', none),
      ])
        await assert.rejects(call, {kind: 'usage', message: /: expected an object, not (null|an array)$/})
    })

    it('refuses values of the wrong type in options', async () => {
      const wrong = 5 as never
      for (const call of [
        async () => new Client({signal: wrong}),
        async () => new Client({token: wrong}),
        async () => new Client({url: wrong}),
        async () => new Client({logger: {info: wrong}}),
        async () => client.getImages({sort: wrong}),
        async () => client.getImages({filters: null as never}),
        async () => client.getImages({filters: {name: null as never}}),
        async () => client.getImages({properties: {distro: {} as never}}),
        () => client.getImage('n', {range: {last: 5} as never}),
        () => client.getImage('n', {range: {first: 0, end: 5} as never}),
        () => client.addImage({name: 'n'}, BYTES, {onProgress: wrong}),
        () => client.download('n', new URL('http://127.0.0.1/x')),
        () => client.download('n', undefined as never),
      ])
        await assert.rejects(call, isUsage)
    })

    it('leaves out filters without a value', async () => {
      await client.addImage({name: 'kept', isPublic: true, properties: {distro: 'noble'}})
      const missing = undefined as unknown as string
      const options = {filters: {name: 'kept', status: missing}, properties: {distro: missing}}
      assert.equal((await client.getImages(options).toArray()).length, 1)
    })

    for (const [word, isPublic] of [
      ['false', false],
      ['off', false],
      ['0', false],
      [0, false],
      ['on', true],
      [1, true],
    ] as const)
      it(`takes ${JSON.stringify(word)} for ${isPublic}`, async () => {
        assert.equal((await client.addImage({name: 'n', isPublic: word})).isPublic, isPublic)
      })

    it('says which key takes a digest of another length', async () => {
      await assert.rejects(client.addImage({name: 'n', checksum: 'a'.repeat(64)}, BYTES), {
        kind: 'usage',
        message: `invalid checksum '${'a'.repeat(64)}': expected 32 hexadecimal digits`,
        advice:
          'Write them as md5sum prints them. An MD5 is given as checksum, a SHA-256 as sha256, a SHA-512 as sha512.',
      })
    })

    it('adds the image of the complete example of 2011', async () => {
      const meta = {
        name: 'Ubuntu 10.10 5G',
        type: 'machine',
        is_public: true,
        properties: {distro: 'Ubuntu 10.10'},
      } as const
      await writeFile(join(folder, 'image.tar.gz'), gzipSync(BYTES))
      const added = await client.addImage(meta, createReadStream(join(folder, 'image.tar.gz')))
      const {name, status, isPublic, diskFormat, containerFormat, properties} = added
      assert.deepEqual([name, status, isPublic, diskFormat], ['Ubuntu 10.10 5G', 'active', true, 'raw'])
      assert.deepEqual(
        [containerFormat, properties],
        [version === 1 ? 'ovf' : 'bare', {distro: 'Ubuntu 10.10'}],
      )
    })

    it('takes every source of bytes', async () => {
      const file = await open(join(folder, 'data'))
      async function* chunks() {
        yield BYTES.subarray(0, 5)
        yield ' world'
      }
      const sources: Data[] = [
        BYTES,
        new Uint8Array(BYTES),
        new Uint8Array(BYTES).buffer,
        new DataView(new Uint8Array(BYTES).buffer),
        file,
        new Blob([BYTES]),
        new Blob([BYTES]).stream() as Data,
        chunks(),
        [BYTES.subarray(0, 5), BYTES.subarray(5)],
        Readable.from(['hello ', 'world']),
        createReadStream(join(folder, 'data'), {encoding: 'utf8'}),
      ]
      for (const data of sources)
        assert.equal((await client.addImage({name: 'n', diskFormat: 'raw'}, data)).checksum, MD5)
      await file.close()
    })

    it('detects the format of the data', async () => {
      const qcow2 = Buffer.alloc(1024)
      qcow2.write('QFI\xfb', 'latin1')
      qcow2.writeUInt32BE(3, 4)
      assert.equal((await client.addImage({name: 'n'}, Readable.from([qcow2]))).diskFormat, 'qcow2')
    })

    it('refuses invalid input before anything is sent', async () => {
      const sent = service.log.length
      const metas = [{isPublic: 'perhaps'}, {isPublic: null}, {nmae: 'n'}, {status: 'active'}, {minRam: -1}]
      const more = [{diskFormat: 'raw', disk_format: 'raw'}, {properties: {a: {}}}, {type: 'disk'}]
      for (const meta of [...metas, ...more]) await assert.rejects(client.addImage(untyped(meta)), isUsage)
      for (const data of ['/etc/passwd', 5, null, {}])
        await assert.rejects(client.addImage({name: 'n'}, untyped(data)), isUsage)
      await assert.rejects(client.addImage({copyFrom: 'http://127.0.0.1/x'}, BYTES), isUsage)
      assert.throws(() => client.getImages({pagesize: 1} as object), isUsage)
      assert.equal(service.log.length, sent)
    })

    it('suggests the key that was meant', async () => {
      await assert.rejects(client.addImage(untyped({disk_fromat: 'raw'})), {
        message: "unknown key 'disk_fromat' in image metadata",
        advice: "Put custom properties into `properties`. Did you mean 'disk_format'?",
      })
    })

    it('leaves no record of a source that fails or is empty', async () => {
      const before = await countImages()
      async function* broken() {
        yield BYTES
        throw new Error('disk on fire')
      }
      const sources = [createReadStream('/nosuch'), Readable.from([]), Buffer.alloc(0), broken()]
      for (const data of sources)
        await assert.rejects(client.addImage({name: 'n', diskFormat: 'raw'}, data), {name: 'Failure'})
      assert.equal(await countImages(), before)
      const {size, status} = await client.addImage({name: 'n'}, Buffer.alloc(0), {allowEmpty: true})
      assert.deepEqual([size, status], [0, 'active'])
    })

    it('rejects an update whose stream fails while the service is asked', async () => {
      const {id} = await client.addImage({name: 'n'})
      await assert.rejects(client.updateImage(id, {}, {data: createReadStream('/nosuch')}), {
        message: 'cannot read the image data',
      })
      assert.equal((await client.getImageMeta(id)).status, 'queued')
    })

    it('finds an image by the URI that lists tell', async () => {
      const {id} = await client.addImage({name: 'n', isPublic: true}, BYTES)
      const uris: string[] = []
      for await (const image of client.getImages()) if (image.id === id) uris.push(image.uri)
      assert.deepEqual(uris, [`${service.url}/v${version}/images/${id}`])
      assert.equal((await client.getImageMeta(uris[0] ?? '')).id, id)
      assert.equal((await client.getImageMeta(`http://127.0.0.1/images/${id}`)).id, id)
      await assert.rejects(client.getImageMeta(`http://elsewhere.example.com/images/${id}`), isUsage)
    })

    it('has a tool that shows an image by its URI', async () => {
      const {id, uri} = await client.addImage({name: 'n'})
      const ran = await glance(['show', uri], {env: {OS_IMAGE_URL: `${service.url}/v${version}`}})
      assert.deepEqual([ran.code, ran.stdout.split('\n').slice(0, 2)], [0, [`URI: ${uri}`, `Id: ${id}`]])
    })
  })
}

describe('the members of Client', () => {
  let service: TestService
  let client: Client
  before(async () => {
    service = await startService()
    client = new Client(`${service.url}/v1`)
  })
  after(async () => {
    await client.close()
    await service.close()
  })

  it('leaves canShare of an existing member alone if it is omitted', async () => {
    const {id} = await client.addImage({name: 'n'})
    await client.addMember(id, 'tenant2', true)
    await client.addMember(id, 'tenant2')
    assert.deepEqual(await client.getImageMembers(id), [{memberId: 'tenant2', canShare: true}])
    await client.replaceMembers(id, ['tenant1', {memberId: 'tenant2'}])
    const members = [...(await client.getImageMembers(id))].sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
    assert.deepEqual(members, [
      {memberId: 'tenant1', canShare: false},
      {memberId: 'tenant2', canShare: true},
    ])
    await client.addMember(id, 'tenant2', false)
    assert.equal(
      (await client.getImageMembers(id)).some(({canShare}) => canShare),
      false,
    )
  })
})

describe('the connection of Client', () => {
  it('refuses addresses and options that it does not know', () => {
    const usage = {name: 'Failure', kind: 'usage'}
    for (const options of [{hots: 'h'}, {version: 3}, {port: 0}])
      assert.throws(() => new Client(options as object), usage)
    assert.throws(() => new Client('http://h:1', 2), usage)
  })

  it('connects at the next call if the first met a stopped service', async () => {
    const probe = createServer()
    await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))
    const {port} = probe.address() as AddressInfo
    await new Promise(resolve => probe.close(resolve))
    const client = new Client('127.0.0.1', port, {retries: 0})
    await assert.rejects(client.getImages().page(), {kind: 'unavailable'})
    const service = await startService({port})
    try {
      assert.deepEqual((await client.getImages().page()).images, [])
    } finally {
      await client.close()
      await service.close()
    }
    const failing = client.getImages().page()
    await Promise.all([client.close(), assert.rejects(failing, {kind: 'unavailable'})])
  })
})
