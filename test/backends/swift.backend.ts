/** The store in Swift, on a real Swift that SWIFT_URL, SWIFT_USER and SWIFT_KEY name; small segments stand for large ones. */
import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {PassThrough, Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {openSwiftStore} from '../../src/server/stores/swift/open-swift.js'
import {storeContract} from '../contract/store.contract.js'
import {describeSwift, type SwiftLab, useSwift} from './swift-lab.js'

const MiB = 1024 * 1024
const SMALL_SEGMENTS = {swift_store_large_object_size: '1', swift_store_large_object_chunk_size: '1'}

describeSwift('store in swift', () => {
  const lab = useSwift()

  const open = async (...more: Readonly<Record<string, string>>[]) => {
    const container = await lab().createContainer()
    return {container, store: await openSwiftStore(lab().settings(container, ...more))}
  }
  const count = async (container: string) => (await lab().list(container)).length

  for (const [name, settings] of [
    ['swift', {}],
    ['swift, in segments', SMALL_SEGMENTS],
  ] as const) {
    storeContract(name, async () => {
      const {container, store} = await open(settings)
      return {store, count: () => count(container)}
    })
  }

  it('stores data that was announced in one object, and other data in segments, which do not expire', async () => {
    const {container, store} = await open({...SMALL_SEGMENTS, swift_store_large_object_size: '4'})
    const bytes = randomBytes(2.5 * MiB)
    await store.put('one', Readable.from([bytes]), undefined, bytes.length)
    await store.put('many', Readable.from([bytes]))
    const objects = await lab().list(container)
    assert.deepEqual(
      objects.map(({name, bytes: size}) => [name.replace(/\/.*\//, '/X/'), size]),
      [
        ['many', 2_621_440],
        ['many/X/00001', 1_048_576],
        ['many/X/00002', 1_048_576],
        ['many/X/00003', 524_288],
        ['one', 2_621_440],
      ],
    )
    for (const {name} of objects) {
      const {headers} = await lab().request('HEAD', `${container}/${name}`)
      assert.equal(headers.get('x-delete-at'), null, name)
    }
  })

  it('returns digests of the whole data in segments', async () => {
    const {store} = await open(SMALL_SEGMENTS)
    const bytes = randomBytes(3 * MiB + 1)
    const {location: _, ...sums} = await store.put('a', Readable.from([bytes]))
    const digest = (name: string) => createHash(name).update(bytes).digest('hex')
    assert.deepEqual(sums, {
      size: 3 * MiB + 1,
      checksum: digest('md5'),
      hashAlgo: 'sha512',
      hashValue: digest('sha512'),
    })
  })

  it('reads ranges over the borders of segments', async () => {
    const {store} = await open(SMALL_SEGMENTS)
    const bytes = randomBytes(2.5 * MiB)
    const {location} = await store.put('a', Readable.from([bytes]))
    for (const [first, last] of [
      [0, 0],
      [MiB - 1, MiB],
      [1, 2 * MiB + 1],
      [2.5 * MiB - 1, 2.5 * MiB - 1],
    ] as const) {
      const {data, size} = await store.get(location, {first, last})
      assert.equal(size, 2.5 * MiB)
      assert.ok((await buffer(data)).equals(bytes.subarray(first, last + 1)), `${first}-${last}`)
    }
  })

  it('lets segments expire while the data arrives, and deletes them when it breaks off', async () => {
    const {container, store} = await open(SMALL_SEGMENTS)
    const source = new PassThrough()
    const put = store.put('a', source)
    for (let n = 0; n < 40; n++) source.write(Buffer.alloc(65_536))
    while ((await count(container)) < 2);
    const [first] = await lab().list(container)
    const {headers} = await lab().request('HEAD', `${container}/${first?.name}`)
    const life = Number(headers.get('x-delete-at')) - Date.now() / 1000
    assert.ok(life > 6 * 86_400 && life < 8 * 86_400, `${life} seconds`)
    source.destroy(new Error('the sender fell asleep'))
    await assert.rejects(put, {message: 'the sender fell asleep'})
    assert.equal(await count(container), 0)
  })

  it('deletes and sweeps what a dead process left', async () => {
    const {container, store} = await open(SMALL_SEGMENTS)
    const leave = (key: string) => lab().request('PUT', `${container}/${key}/0badcafe/00001`, {body: 'x'})
    await leave('a')
    await leave('b')
    await leave('c')
    assert.equal(await store.delete(store.locate('a')), true)
    assert.equal(await store.sweep(async keys => keys.filter(key => key === 'b')), 1)
    assert.deepEqual(
      (await lab().list(container)).map(({name}) => name),
      ['c/0badcafe/00001'],
    )
  })

  it('asks about each key once, and about 500 at a time', async () => {
    const {container, store} = await open(SMALL_SEGMENTS)
    await store.put('big', Readable.from([Buffer.alloc(1.5 * MiB)]))
    for (let n = 0; n < 501; n++) await lab().request('PUT', `${container}/k${String(n).padStart(3, '0')}`)
    const asked: (readonly string[])[] = []
    await store.sweep(async keys => {
      asked.push(keys)
      return []
    })
    assert.deepEqual(
      [asked.length, asked.flat().length, asked[0]?.[0], asked[1]?.at(-1)],
      [2, 502, 'big', 'k500'],
    )
  })

  it('has keys that are escaped, and locations without a secret', async () => {
    const {container, store} = await open()
    const {location} = await store.put('Image?1 é%', Readable.from([Buffer.from('x')]))
    assert.equal(location, `swift://AUTH_test/${container}/Image%3F1%20%C3%A9%25`)
    assert.equal((await buffer((await store.get(location)).data)).toString(), 'x')
    assert.equal(await store.delete(location), true)
  })

  for (const key of ['', 'a/b']) {
    it(`has no object for the key ${JSON.stringify(key)}`, async () => {
      const {store} = await open()
      await assert.rejects(store.put(key, Readable.from([Buffer.from('x')])), TypeError)
    })
  }

  it('reads and deletes nothing at locations of others', async () => {
    const {container, store} = await open(SMALL_SEGMENTS)
    await store.put('a', Readable.from([Buffer.alloc(1.5 * MiB)]))
    const segment = (await lab().list(container)).at(-1)?.name ?? ''
    for (const location of [
      `swift://AUTH_test/${container}/${segment}`,
      `swift://AUTH_test/${container}/${encodeURIComponent(segment)}`,
      `swift://AUTH_other/${container}/a`,
      `swift://AUTH_test/other/a`,
      `swift://AUTH_test/${container}/%`,
      `swift://AUTH_test/${container}/`,
      'file:///etc/hostname',
    ]) {
      assert.equal(store.owns(location), false, location)
      await assert.rejects(store.get(location), {name: 'StoreMissing'})
      await assert.rejects(store.delete(location), {name: 'StoreMissing'})
    }
    assert.equal(await count(container), 3)
  })

  it('reports a quota as ENOSPC, and leaves nothing', async () => {
    const {container, store} = await open(SMALL_SEGMENTS)
    await lab().request('POST', container, {headers: {'x-container-meta-quota-bytes': String(1.2 * MiB)}})
    const hasQuotas = JSON.stringify(await (await fetch(`${lab().url}/info`)).json()).includes('quotas')
    if (!hasQuotas) return
    await assert.rejects(store.put('a', Readable.from([Buffer.alloc(3 * MiB)])), {code: 'ENOSPC'})
    assert.equal(await count(container), 0)
  })

  describe('at start', () => {
    const refuse = async (settings: (lab: SwiftLab) => Readonly<Record<string, string>>) =>
      openSwiftStore(lab().settings('glance-test-absent', settings(lab()))).catch(error => error)

    it('creates the container if it may', async () => {
      const name = await lab().createContainer()
      await lab().request('DELETE', name)
      await openSwiftStore(lab().settings(name, {swift_store_create_container_on_put: 'true'}))
      assert.equal((await lab().request('HEAD', name)).status, 204)
    })

    it('refuses a container that does not exist', async () => {
      const {kind, message, advice} = await refuse(() => ({}))
      assert.equal(kind, 'usage')
      assert.equal(message, "the container 'glance-test-absent' does not exist in Swift")
      assert.match(advice, /swift_store_create_container_on_put/)
    })

    it('refuses a wrong key, which it does not show', async () => {
      const failure = await refuse(() => ({swift_store_key: 'wrong-key'}))
      assert.equal(failure.kind, 'denied')
      assert.equal(failure.message, "Swift rejected user 'test:tester'")
      assert.match(failure.advice, /swift_store_key \(GLANCE_SWIFT_STORE_KEY\)/)
      assert.doesNotMatch(JSON.stringify({...failure, text: String(failure.stack)}), /wrong-key/)
    })
  })
})
