/** What programs do with data: progress, abort, verified reads, downloads into files, waits; and images by name. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import {readdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {PassThrough, Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {pathToFileURL} from 'node:url'
import {Client, Failure, isFailure, type TransferState} from '../../src/lib/client.js'
import {useTempDir} from '../support/temp-dir.js'
import {findDataFile, startService, type TestService} from '../support/test-service.js'

const MIB = 1024 * 1024
const DATA = Buffer.alloc(4 * MIB, 'image data')

for (const version of [1, 2] as const) {
  describe(`the transfers of Client, v${version}`, () => {
    const folder = useTempDir()
    let service: TestService
    let client: Client
    const warnings: string[] = []
    before(async () => {
      service = await startService()
      const logger = {warn: (text: string) => void warnings.push(text)}
      client = new Client('127.0.0.1', service.port, {version, retries: 0, logger})
    })
    after(async () => {
      await client.close()
      await service.close()
    })
    beforeEach(async () => {
      await service.clear()
      warnings.length = 0
    })

    const add = (name: string, data: Buffer = DATA) =>
      client.addImage({name, isPublic: true, diskFormat: 'raw', containerFormat: 'bare'}, data)

    const listAll = () => client.getImages({filters: {is_public: 'none'}}).toArray()

    async function corrupt(id: string): Promise<void> {
      const file = await findDataFile(service.dataDir, id)
      const bytes = await readFile(file)
      bytes[bytes.length - 1] = 0
      await writeFile(file, bytes)
    }

    it('reports the progress of an upload', async () => {
      const states: TransferState[] = []
      const onProgress = (state: TransferState) => void states.push(state)
      await client.addImage({name: 'n', diskFormat: 'raw'}, DATA, {onProgress})
      assert.deepEqual(states[0], {bytes: 0, total: 4 * MIB})
      assert.deepEqual(states.at(-1), {bytes: 4 * MIB, total: 4 * MIB})
    })

    it('ends an upload whose signal is aborted, and leaves nothing of it', async () => {
      const source = new PassThrough()
      source.write(DATA)
      const controller = new AbortController()
      const adding = client.addImage({name: 'n', diskFormat: 'raw'}, source, {signal: controller.signal})
      while ((await listAll()).length === 0);
      controller.abort(new Error('enough'))
      await assert.rejects(adding, /enough/)
      assert.deepEqual(await listAll(), [])
      assert.equal(source.destroyed, true)
    })

    it('ends a wait for the first byte of a stream', async () => {
      const source = new PassThrough()
      const controller = new AbortController()
      const adding = client.addImage({name: 'n'}, source, {signal: controller.signal})
      controller.abort()
      await assert.rejects(adding, {name: 'AbortError'})
      assert.equal(source.destroyed, true)
    })

    it('refuses a signal that is aborted already, and every call of a client whose signal is', async () => {
      const signal = AbortSignal.abort(new Error('ended'))
      const ended = new Client('127.0.0.1', service.port, {signal})
      for (const call of [
        client.getImageMeta('x', {signal}),
        client.getImages({signal}).page(),
        client.getMemberImages('p', {signal}),
        client.addMember('x', 'p', false, {signal}),
        client.replaceMembers('x', ['p'], {signal}),
        client.waitFor('x', {signal}),
        ended.getImageMeta('x'),
        ended.deleteImage('x'),
      ])
        await assert.rejects(call, /ended/)
    })

    it('reads data that is verified at its end', async () => {
      const {id} = await add('n')
      const states: TransferState[] = []
      const {image, data} = await client.getImage(id, {onProgress: state => void states.push(state)})
      assert.equal(image.id, id)
      assert.ok((await buffer(data)).equals(DATA))
      assert.deepEqual(states.at(-1), {bytes: 4 * MIB, total: 4 * MIB})
      await corrupt(id)
      await assert.rejects(buffer((await client.getImage(id)).data), {kind: 'unverified'})
      const unverified = await client.getImage(id, {verify: false})
      assert.equal((await buffer(unverified.data)).length, 4 * MIB)
    })

    it('reads a range, whether the service has ranges or not', async () => {
      const {id} = await add('n', Buffer.from('hello world'))
      const read = async (range: {first: number; last?: number}) =>
        (await buffer((await client.getImage(id, {range})).data)).toString()
      assert.equal(await read({first: 6}), 'world')
      assert.equal(await read({first: 0, last: 4}), 'hello')
      await assert.rejects(client.getImage(id, {range: {first: 3, last: 1}}), {kind: 'usage'})
    })

    it('does not take the end of the data for a broken connection', async () => {
      const {id} = await add('n', Buffer.from('hello world'))
      const notes: string[] = []
      const logger = {info: (text: string) => void notes.push(text)}
      const patient = new Client('127.0.0.1', service.port, {version, retries: 1, logger})
      const {data} = await patient.getImage(id, {range: {first: 6, last: 1000}})
      assert.equal((await buffer(data)).toString(), 'world')
      assert.deepEqual(notes, [])
      await patient.close()
    })

    it('frees the connection of a stream that is never read', async () => {
      const {id} = await add('n', Buffer.alloc(32 * MIB))
      const {data} = await client.getImage(id)
      const closed = once(data, 'close')
      data.destroy()
      await closed
      // The service logs a request once its response has ended.
      const isLogged = (line: string) => line.includes('"GET ') && line.includes(id) && /file|v1/.test(line)
      while (!service.log.some(isLogged)) await client.getImages().page()
    })

    it('downloads into a file, and replaces one only on request', async () => {
      await add('n')
      const path = join(folder(), 'image.img')
      assert.equal((await client.download('n', path)).name, 'n')
      assert.ok((await readFile(path)).equals(DATA))
      await writeFile(path, 'mine')
      await assert.rejects(client.download('n', path), {kind: 'conflict'})
      await assert.rejects(client.download('n', path, {resume: true}), {kind: 'conflict'})
      assert.equal(await readFile(path, 'utf8'), 'mine')
      await client.download('n', pathToFileURL(path), {overwrite: true, parallel: 2})
      assert.ok((await readFile(path)).equals(DATA))
      assert.deepEqual(await readdir(folder()), ['image.img'])
    })

    it('continues a download that was ended, and keeps a file that is complete', async () => {
      const {id} = await add('n')
      const path = join(folder(), 'image.img')
      const controller = new AbortController()
      const onProgress = ({bytes}: TransferState) => {
        if (bytes > 0) controller.abort()
      }
      await assert.rejects(client.download(id, path, {signal: controller.signal, onProgress}), {
        name: 'AbortError',
      })
      assert.deepEqual(await readdir(folder()), ['image.img.part'])
      const states: TransferState[] = []
      await client.download(id, path, {resume: true, onProgress: state => void states.push(state)})
      assert.ok((await readFile(path)).equals(DATA))
      if (version === 2) assert.ok((states[0]?.bytes ?? 0) > 0)
      const sent = service.log.filter(line => / "GET .*(file|v1\/images\/)/.test(line)).length
      await client.download(id, path, {resume: true, onProgress: state => void states.push(state)})
      assert.deepEqual(states.at(-1), {bytes: 4 * MIB, total: 4 * MIB})
      const after = service.log.filter(line => / "GET .*(file|v1\/images\/)/.test(line)).length
      assert.equal(after, sent)
    })

    it('publishes no file whose data does not match', async () => {
      const {id} = await add('n')
      await corrupt(id)
      const path = join(folder(), 'image.img')
      await assert.rejects(client.download(id, path), {kind: 'unverified'})
      assert.deepEqual(
        (await readdir(folder())).filter(name => !name.endsWith('.part')),
        [],
      )
    })

    it('waits for a status', async () => {
      const {id} = await client.addImage({name: 'n'})
      await assert.rejects(client.waitFor(id, {timeoutSeconds: 0}), {kind: 'unavailable'})
      const waiting = client.waitFor('n')
      await client.updateImage(id, {diskFormat: 'raw', containerFormat: 'bare'}, {data: DATA})
      assert.deepEqual(await waiting, {id, name: 'n', status: 'active'})
      await client.deleteImage(id)
      assert.equal((await client.waitFor(id, {until: 'deleted'})).status, 'deleted')
      await assert.rejects(client.waitFor(id, {until: 'ready'}), {kind: 'usage'})
    })

    it('finds images by name, and refuses a name that several have', async () => {
      const {id, uri} = await add('n', Buffer.from('x'))
      assert.equal((await client.getImageMeta('n')).id, id)
      assert.equal((await client.updateImage('n', {properties: {a: '1'}})).properties['a'], '1')
      assert.deepEqual(await client.getImageMembers(uri), [])
      await add('n', Buffer.from('y'))
      const failure = await client.deleteImage('n').catch((error: unknown) => error)
      assert.ok(isFailure(failure, 'ambiguous'))
      assert.equal(failure.candidates?.length, 2)
      await assert.rejects(client.getImageMeta('nosuch'), {kind: 'not-found'})
      await assert.rejects(client.getImageMeta(7), {kind: 'not-found'})
    })

    it('takes what prepares an upload: decompression, a strict format, a spool', async () => {
      const {gzipSync} = await import('node:zlib')
      const options = {decompress: true, spoolFolder: folder()}
      const image = await client.addImage({name: 'n'}, Readable.from([gzipSync(DATA)]), options)
      assert.equal(image.size, 4 * MIB)
      assert.deepEqual(await readdir(folder()), [])
      const meta = {name: 'n', diskFormat: 'qcow2', containerFormat: 'bare'}
      await assert.rejects(client.addImage(meta, DATA, {strictFormat: true}), {kind: 'failed'})
      assert.deepEqual(warnings, [])
      await client.addImage(meta, DATA)
      assert.equal(warnings.length, 1)
    })

    it('removes properties', async () => {
      const {id} = await client.addImage({name: 'n', properties: {a: '1', b: '2', c: '3'}})
      const less = await client.updateImage(id, {}, {unset: ['a']})
      assert.deepEqual(Object.keys(less.properties).sort(), ['b', 'c'])
      const one = await client.updateImage(id, {properties: {b: '4'}}, {purgeProperties: true})
      assert.deepEqual(one.properties, {b: '4'})
    })
  })
}

describe('Client', () => {
  it('refuses unknown options of every call before anything is sent', async () => {
    const client = new Client('127.0.0.1', 1, {retries: 0})
    const options = {sginal: undefined} as object
    const usage = {kind: 'usage', message: /unknown key 'sginal'/}
    for (const call of [
      client.getImageMeta('x', options),
      client.getImage('x', options),
      client.download('x', 'y', options),
      client.addImage({name: 'n'}, undefined, options),
      client.updateImage('x', {}, options),
      client.deleteImage('x', options),
      client.waitFor('x', options),
      client.getImageMembers('x', options),
      client.getMemberImages('x', options),
      client.addMember('x', 'p', true, options),
      client.deleteMember('x', 'p', options),
      client.replaceMembers('x', [], options),
      client.setMemberStatus('x', 'p', 'accepted', options),
    ])
      await assert.rejects(call, usage)
    assert.throws(() => client.getImages(options), usage)
    assert.throws(() => new Client({tls: {cacert: 'x'}} as object), {kind: 'usage'})
  })

  it('refuses invalid values of options', async () => {
    for (const options of [{retries: -1}, {timeoutSeconds: Number.NaN}, {version: 3}])
      assert.throws(() => new Client(options as object), {kind: 'usage'})
    const client = new Client()
    for (const options of [{sortKey: 'nmae'}, {sortDir: 'up'}, {pageSize: 0}, {signal: 5}])
      assert.throws(() => client.getImages(options as object), {kind: 'usage'})
    await assert.rejects(client.download('x', 'y', {parallel: 0}), {kind: 'usage'})
    for (const member of ['', {}, {memberId: 'p', canShare: 'yes'}, {memberId: 'p', role: 'x'}])
      await assert.rejects(client.replaceMembers('x', member as string), {kind: 'usage'})
  })

  it('writes to a logger what it sends and notes, without secrets', async () => {
    const service = await startService()
    const lines: string[] = []
    const logger = {debug: (text: string) => void lines.push(text)}
    const client = new Client({url: service.url, token: 'my-secret-token', logger})
    await client.getImages().page()
    await client.close()
    await service.close()
    assert.match(lines.join('\n'), /-> GET .*\/v2\/images/)
    assert.doesNotMatch(lines.join('\n'), /my-secret-token/)
  })

  it('is closed by `await using`', async () => {
    const client = new Client()
    await client[Symbol.asyncDispose]()
  })

  it('has failures that are told apart by their kind', () => {
    const failure = new Failure('conflict', 'x')
    assert.deepEqual(
      [
        isFailure(failure),
        isFailure(failure, 'conflict'),
        isFailure(failure, 'denied'),
        isFailure(new Error('x')),
      ],
      [true, true, false, false],
    )
  })
})
