/** The store in S3 on a server in memory: the contract, sizes of parts, and faults. */
import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {PassThrough, Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {setImmediate} from 'node:timers/promises'
import {type FindValue, readSettings} from '../../../src/server/settings/setting.js'
import {S3_STORE} from '../../../src/server/settings/tables/stores.js'
import {S3Bucket} from '../../../src/server/stores/s3/bucket.js'
import {createClient, openS3Store} from '../../../src/server/stores/s3/open-s3.js'
import {createPartSizes, type PartSizes} from '../../../src/server/stores/s3/part-sizes.js'
import {S3Store} from '../../../src/server/stores/s3/s3-store.js'
import {storeContract} from '../../contract/store.contract.js'
import {FakeS3, type Interfere, sendError} from '../../support/fake-s3.js'
import {serveTls} from '../../support/tls.js'

const MiB = 1024 * 1024
const SECRET = 'the-secret-key'
const ACCESS = 'the-access-key'
type Answer = (response: Parameters<Interfere>[1]) => void

const A_KEY = '2f1c3a5e-6d0b-4c58-9d8a-8a4c3f0f1b2a.0123456789abcdef'

describe('store in S3', () => {
  let fake: FakeS3
  beforeEach(async () => {
    fake = await FakeS3.start()
  })
  afterEach(() => fake.close())

  const find =
    (more: Readonly<Record<string, string>> = {}): FindValue =>
    name => {
      const values: Readonly<Record<string, string>> = {
        s3_store_host: fake.url,
        s3_store_access_key: ACCESS,
        s3_store_secret_key: SECRET,
        s3_store_bucket: 'images',
        ...more,
      }
      return values[name] === undefined ? undefined : {text: values[name], from: 'the test'}
    }
  const open = () => openS3Store(find())

  /** A store with tiny parts, on the same server. */
  const openWith = async (sizes: PartSizes) =>
    new S3Store({
      bucket: new S3Bucket(await createClient(readSettings(S3_STORE, find())), 'images'),
      bucketName: 'images',
      hashAlgo: 'sha512',
      sizes,
    })

  const only =
    (what: string, answer: Answer, times = 1): Interfere =>
    (call, response) => {
      if (call.what !== what || times === 0) return false
      times -= 1
      answer(response)
      return true
    }
  const breakOff: Answer = response => void response.socket?.destroy()

  storeContract('S3 in memory', async () => ({store: await open(), count: async () => fake.count}))

  describe('parts', () => {
    it('grow so that 5 TiB fit in 10,000 of them, in which no more than 12 MiB are held', () => {
      const sizes = createPartSizes(100, 10)
      assert.deepEqual(
        [0, 1, 999, 1000, 9999].map(number => sizes.getSize(number) / MiB),
        [12, 10, 10, 12, 12],
      )
      assert.equal(createPartSizes(5, 5).getSize(1), 5 * MiB)
      const smallest = 1000 * 5 * MiB + (sizes.plainParts - 1000) * 12 * MiB
      const joined = sizes.joinedParts * 12 * MiB
      assert.ok(joined < 5 * 1024 ** 3, 'a part is at most 5 GiB')
      assert.ok(smallest + (10_000 - sizes.plainParts) * joined > 5 * 1024 ** 4)
    })

    const TINY = {getSize: () => 10, plainParts: 2, joinedParts: 3}

    for (const [bytes, requests] of [
      [0, 'PUT object'],
      [9, 'PUT object'],
      [10, 'PUT object'],
      [11, 'POST uploads, PUT part, PUT part, POST upload'],
      [30, 'POST uploads, PUT part, PUT part, PUT part, POST upload'],
    ] as const) {
      it(`of ${bytes} bytes are sent as ${requests}`, async () => {
        const store = await openWith({getSize: () => 10, plainParts: 9, joinedParts: 3})
        await store.put('a', Readable.from([randomBytes(bytes)]))
        assert.equal(fake.log.filter(what => what !== 'HEAD object').join(', '), requests)
      })
    }

    for (const bytes of [20, 21, 30, 31, 49, 50, 51, 59, 60, 80, 111, 140]) {
      it(`are joined and copied when there are many, of ${bytes} bytes`, async () => {
        const store = await openWith(TINY)
        const data = randomBytes(bytes)
        const stored = await store.put('a', Readable.from([data.subarray(0, 33), data.subarray(33)]))
        assert.equal(stored.hashValue, createHash('sha512').update(data).digest('hex'))
        assert.ok(fake.objects.get('a')?.equals(data))
        assert.deepEqual([...fake.objects.keys()], ['a'])
        assert.equal(fake.uploads.size, 0)
      })
    }

    for (const [what, key] of [
      ['POST uploads', 'a.part'],
      ['PUT part', 'a.part'],
      ['POST upload', 'a.part'],
      ['PUT part', 'a'],
      ['DELETE object', 'a.part'],
    ]) {
      it(`leave nothing when ${what} fails for ${key}`, async () => {
        const store = await openWith(TINY)
        let failures = 0
        fake.interfere = (call, response) => {
          const isPlain = key === 'a' && call.body.length > 0
          if (call.what !== what || call.key !== key || isPlain || failures > 0) return false
          failures += 1
          sendError(response, 403, 'AccessDenied')
          return true
        }
        await assert.rejects(store.put('a', Readable.from([randomBytes(75)])), {name: 'StoreUnavailable'})
        assert.deepEqual([failures, fake.count], [1, 0])
      })
    }
  })

  describe('faults of an upload', () => {
    const large = () => Readable.from(Array.from({length: 30}, () => Buffer.alloc(MiB, 'x')))

    it('are repeated when S3 is busy or breaks off', async () => {
      const store = await open()
      const refuse: Answer = response => sendError(response, 503, 'SlowDown')
      for (const answer of [breakOff, refuse]) {
        fake.interfere = only('PUT part', answer, 2)
        const {location, size} = await store.put('a', large())
        assert.equal(size, 30 * MiB)
        await store.delete(location)
      }
    })

    for (const [what, answer, message] of [
      ['POST uploads', 503, 'S3 answered 503 (SlowDown)'],
      ['PUT part', 500, 'S3 answered 500 (InternalError)'],
      ['PUT part', 403, 'S3 refuses access (SignatureDoesNotMatch)'],
      ['PUT part', 404, 'the bucket does not exist'],
      ['POST upload', 500, 'S3 answered 500 (InternalError)'],
      ['POST upload', 200, 'S3 answered 503 (InternalError)'],
    ] as const) {
      it(`are errors of the store when ${what} is answered ${answer} for good, and leave nothing`, async () => {
        const codes = {
          503: 'SlowDown',
          500: 'InternalError',
          403: 'SignatureDoesNotMatch',
          404: 'NoSuchBucket',
          200: 'InternalError',
        }
        const store = await open()
        fake.interfere = only(what, response => sendError(response, answer, codes[answer]), 9)
        await assert.rejects(store.put('a', large()), {name: 'StoreUnavailable', message})
        assert.equal(fake.count, 0)
        assert.ok(fake.log.filter(one => one === what).length <= 3, 'retries are bounded')
      })
    }

    it('do not wait for a source that is slow', async () => {
      const store = await open()
      fake.interfere = only('PUT part', response => sendError(response, 403, 'AccessDenied'))
      const source = new PassThrough({highWaterMark: 64 * MiB})
      for (let n = 0; n < 13; n++) source.write(Buffer.alloc(MiB))
      await assert.rejects(store.put('a', source), {message: 'S3 refuses access (AccessDenied)'})
      assert.equal(source.destroyed, false)
      assert.equal(fake.count, 0)
    })

    it('end well when the response to the last request is lost', async () => {
      const store = await open()
      let lost = 0
      fake.interfere = (call, response) => {
        if (call.what !== 'POST upload' || lost > 0) return false
        lost += 1
        const upload = [...fake.uploads.values()][0]
        fake.objects.set('a', Buffer.concat([...(upload?.parts.values() ?? [])]))
        fake.uploads.clear()
        breakOff(response)
        return true
      }
      assert.equal((await store.put('a', large())).size, 30 * MiB)
      assert.deepEqual([lost, fake.count], [1, 1])
    })

    it('are found when S3 has stored less', async () => {
      const store = await open()
      fake.interfere = call => {
        if (call.what === 'HEAD object' && fake.objects.has('a')) fake.objects.set('a', Buffer.from('xx'))
        return false
      }
      const message = 'S3 has stored 2 of 3 bytes'
      await assert.rejects(store.put('a', Readable.from([Buffer.from('xyz')])), {message})
      assert.equal(fake.count, 0)
    })

    for (const [status, code] of [
      [507, 'InsufficientStorage'],
      [403, 'QuotaExceeded'],
    ] as const) {
      it(`are ENOSPC for ${code}`, async () => {
        const store = await open()
        fake.interfere = only('PUT object', response => sendError(response, status, code), 9)
        await assert.rejects(store.put('a', Readable.from([Buffer.from('x')])), {code: 'ENOSPC'})
      })
    }

    it('do not abort an upload before its part has ended', async () => {
      const store = await open()
      let arrived = () => {}
      let answer = () => {}
      const arrival = new Promise<void>(resolve => {
        arrived = resolve
      })
      fake.interfere = (call, response) => {
        if (call.what !== 'PUT part' || call.body.length === 0) return false
        answer = () => void response.setHeader('etag', '"p"').end()
        arrived()
        return true
      }
      const stop = new AbortController()
      const put = store.put('a', large(), stop.signal)
      await arrival
      stop.abort(new Error('deleted meanwhile'))
      // Requests that S3 gets after one that would be sent now.
      for (const key of ['x', 'y', 'z']) await assert.rejects(store.getSize(`s3://images/${key}`))
      assert.equal(fake.log.includes('DELETE upload'), false)
      answer()
      await assert.rejects(put, {message: 'deleted meanwhile'})
      assert.equal(fake.log.at(-1), 'DELETE upload')
      assert.equal(fake.count, 0)
    })
  })

  describe('downloads', () => {
    const DATA = randomBytes(300_000)
    beforeEach(() => {
      fake.objects.set('a', DATA)
    })

    /** Sends some bytes of each of the first responses. */
    const cutAfter = (...counts: number[]) => {
      fake.interfere = (call, response) => {
        const count = call.what === 'GET object' ? counts.shift() : undefined
        if (count === undefined) return false
        const [, first = 0, last = DATA.length - 1] = /(\d+)-(\d+)/.exec(call.range ?? '') ?? []
        const bytes = DATA.subarray(Number(first), Number(last) + 1)
        const range = `bytes ${first}-${last}/${DATA.length}`
        const headers = {'content-length': bytes.length, ...(call.range && {'content-range': range})}
        response.writeHead(call.range ? 206 : 200, headers)
        response.write(bytes.subarray(0, count), () => breakOff(response))
        return true
      }
    }
    const ranges = () => fake.calls.filter(({what}) => what === 'GET object').map(({range}) => range)

    it('go on where they broke', async () => {
      const store = await open()
      cutAfter(100_000, 50_000)
      const {data, size} = await store.get('s3://images/a')
      assert.equal(size, 300_000)
      assert.ok((await buffer(data)).equals(DATA))
      assert.deepEqual(ranges(), [undefined, 'bytes=100000-299999', 'bytes=150000-299999'])
    })

    it('of a range go on within it', async () => {
      const store = await open()
      cutAfter(10)
      const {data, size} = await store.get('s3://images/a', {first: 5, last: 100})
      assert.equal(size, 300_000)
      assert.ok((await buffer(data)).equals(DATA.subarray(5, 101)))
      assert.deepEqual(ranges(), ['bytes=5-100', 'bytes=15-100'])
    })

    it('fail when there is no progress', async () => {
      const store = await open()
      cutAfter(1, ...Array.from({length: 99}, () => 0))
      const {data} = await store.get('s3://images/a')
      await assert.rejects(buffer(data), {name: 'StoreUnavailable', message: 'S3 breaks off the download'})
      assert.equal(ranges().length, 6)
    })

    it('fail when S3 goes away or the data was deleted', async () => {
      for (const [status, code, name] of [
        [503, 'SlowDown', 'StoreUnavailable'],
        [404, 'NoSuchKey', 'StoreMissing'],
      ] as const) {
        const store = await open()
        cutAfter(1000)
        const {data} = await store.get('s3://images/a')
        fake.interfere = only('GET object', response => sendError(response, status, code), 9)
        await assert.rejects(buffer(data), {name})
      }
    })

    it('end their request when the reader goes away', async () => {
      const store = await open()
      const closed = new Promise<void>(resolve => {
        fake.interfere = only('GET object', response => {
          response.writeHead(200, {'content-length': 100}).write('x')
          response.once('close', resolve)
        })
      })
      const {data} = await store.get('s3://images/a')
      data.destroy()
      await closed
    })
  })

  describe('leftovers', () => {
    const begin = (key: string, initiated = new Date(), modified = initiated) => {
      const parts = new Map([[1, Buffer.from('x')]])
      fake.uploads.set(`${key} ${fake.uploads.size}`, {key, parts, initiated, modified})
    }
    const LONG_AGO = new Date(Date.now() - 25 * 3_600_000)

    it('of a dead process are removed with the key, those of longer keys not', async () => {
      const store = await open()
      for (const key of ['a', 'a', 'a.part', 'ab']) begin(key)
      fake.objects.set('a.part', Buffer.from('x'))
      assert.equal(await store.delete('s3://images/a'), true)
      assert.deepEqual([[...fake.uploads.values()].map(({key}) => key), fake.objects.size], [['ab'], 0])
      assert.equal(await store.delete('s3://images/a'), false)
    })

    it('are swept: unused ones, and those without a part for a day', async () => {
      const store = await open()
      const other = A_KEY.replace('2f1c', '3f1c')
      begin('unused')
      begin('used')
      begin('backup of another program', LONG_AGO)
      begin(A_KEY, LONG_AGO)
      begin(other, LONG_AGO, new Date())
      for (const key of ['done', 'done.part', 'going-on.part', 'unused.part']) {
        fake.objects.set(key, Buffer.from('x'))
      }
      const removed = await store.sweep(async keys => keys.filter(key => key === 'unused'))
      assert.equal(removed, 4)
      const left = [...fake.uploads.values()].map(({key}) => key)
      assert.deepEqual(left, ['used', 'backup of another program', other])
      assert.deepEqual([...fake.objects.keys()], ['done', 'going-on.part'])
    })

    it('are not those of an upload that goes on', async () => {
      const store = await open()
      const source = new PassThrough({highWaterMark: 64 * MiB})
      const put = store.put('a', source)
      for (let n = 0; n < 13; n++) source.write(Buffer.alloc(MiB))
      while (!fake.log.includes('PUT part')) await setImmediate()
      assert.equal(await store.sweep(async keys => keys), 0)
      assert.equal(await store.delete('s3://images/a'), false)
      source.end()
      assert.equal((await put).size, 13 * MiB)
    })

    it('are found on all pages of the lists', async () => {
      const store = await open()
      fake.pageSize = 2
      for (const key of ['a', 'b', 'c', 'd', 'e']) {
        fake.objects.set(key, Buffer.from('x'))
        begin(key)
      }
      assert.equal(await store.sweep(async keys => keys), 10)
      assert.equal(fake.count, 0)
    })

    it('that cannot be removed do not keep the others', async () => {
      const store = await open()
      for (const key of ['a', 'b', 'c']) fake.objects.set(key, Buffer.from('x'))
      fake.interfere = (call, response) => {
        if (call.what !== 'DELETE object' || call.key !== 'b') return false
        sendError(response, 403, 'AccessDenied')
        return true
      }
      await assert.rejects(
        store.sweep(async keys => keys),
        {message: 'S3 refuses access (AccessDenied)'},
      )
      assert.deepEqual([...fake.objects.keys()], ['b'])
    })
  })

  for (const [format, host, isPath] of [
    ['auto', '', false],
    ['auto', 'https://s3.eu-west-1.amazonaws.com', false],
    ['auto', 'ceph.example.com', true],
    ['virtual', 'https://ceph.example.com', false],
    ['path', '', true],
  ] as const) {
    it(`names the bucket in the ${isPath ? 'path' : 'host'} for ${format} at ${host || 'Amazon'}`, async () => {
      const settings = {s3_store_bucket_url_format: format, s3_store_host: host}
      const {config} = await createClient(readSettings(S3_STORE, find(settings)))
      assert.equal(config.forcePathStyle, isPath)
    })
  }

  it('has locations of its own bucket only', async () => {
    const store = await open()
    assert.equal(store.locate('a ö'), 's3://images/a%20%C3%B6')
    for (const location of [
      's3://other/a',
      's3://images/',
      's3://images/a/b',
      's3://images/%',
      's3://images/a.part',
    ]) {
      assert.equal(store.owns(location), false, location)
      for (const tried of [store.get(location), store.getSize(location), store.delete(location)]) {
        await assert.rejects(tried, {name: 'StoreMissing'})
      }
    }
    await assert.rejects(store.put('a/b', Readable.from([])), TypeError)
  })

  describe('at start', () => {
    const refuse = async (more?: Readonly<Record<string, string>>) => {
      const failure = await openS3Store(find(more)).catch(error => error)
      const shown = JSON.stringify([failure, failure.message, failure.why, failure.advice, failure.stack])
      assert.doesNotMatch(shown, /the-secret-key|the-access-key/)
      return failure
    }

    it('creates the bucket if it may, and otherwise says how', async () => {
      fake.hasBucket = false
      const {kind, message, advice} = await refuse()
      assert.deepEqual(
        [kind, message, advice],
        [
          'usage',
          "the bucket 'images' does not exist in S3",
          'Create it, name another with s3_store_bucket, or set s3_store_create_bucket_on_put.',
        ],
      )
      await openS3Store(find({s3_store_create_bucket_on_put: 'true'}))
      assert.equal(fake.hasBucket, true)
    })

    for (const [status, code, kind, advice] of [
      [403, 'InvalidAccessKeyId', 'denied', 'Check s3_store_access_key (GLANCE_S3_STORE_ACCESS_KEY).'],
      [
        403,
        'SignatureDoesNotMatch',
        'denied',
        'Check s3_store_secret_key, and s3_store_access_key too (GLANCE_S3_STORE_ACCESS_KEY and GLANCE_S3_STORE_SECRET_KEY).',
      ],
      [403, 'RequestTimeTooSkewed', 'denied', 'Set the clock of this machine.'],
      [400, 'AuthorizationHeaderMalformed', 'failed', 'Check s3_store_region_name.'],
      [404, 'Unheard', 'failed', 'Check s3_store_host: its address, and http:// or https://.'],
      [503, 'SlowDown', 'unavailable', undefined],
    ] as const) {
      it(`fails when S3 answers ${code}`, async () => {
        fake.interfere = only('GET list', response => sendError(response, status, code), 9)
        const failure = await refuse()
        assert.deepEqual(
          [failure.kind, failure.message, failure.why, failure.advice],
          [kind, "cannot use the bucket 'images' in S3", `it answered ${status} (${code})`, advice],
        )
      })
    }

    it('fails when S3 cannot be reached', async () => {
      const {url} = fake
      await fake.close()
      const failure = await refuse({s3_store_host: url})
      assert.deepEqual([failure.kind, failure.message], ['unavailable', `cannot reach S3 at ${url}`])
      assert.equal(failure.why, 'connection refused')
      fake = await FakeS3.start()
    })

    it('fails with a hint when only one side uses TLS', async () => {
      const {host} = new URL(fake.url)
      const {why, advice} = await refuse({s3_store_host: host})
      assert.deepEqual(
        [why, advice],
        [
          'the server does not use TLS on this port',
          'Write http:// in s3_store_host, which is https:// by default.',
        ],
      )
      const tls = await serveTls(() => {})
      const plain = await refuse({s3_store_host: tls.url.replace('https:', 'http:')})
      assert.equal(plain.advice, 'If S3 uses TLS, write https:// in s3_store_host.')
      await tls.close()
    })

    for (const [name, value, message] of [
      ['s3_store_access_key', '', 'a store in S3 requires s3_store_access_key'],
      ['s3_store_secret_key', '', 'a store in S3 requires s3_store_secret_key'],
      ['s3_store_bucket', '', 'a store in S3 requires s3_store_bucket'],
      [
        's3_store_bucket',
        'A/b',
        "invalid s3_store_bucket 'A/b': expected 3 or more letters, digits, dots, hyphens and underscores",
      ],
      ['s3_store_host', 'ftp://x', 'invalid s3_store_host: expected an http or https URL without a user'],
      [
        's3_store_host',
        'http://the-access-key:the-secret-key@x',
        'invalid s3_store_host: expected an http or https URL without a user',
      ],
      ['s3_store_cacert', '/nosuch.pem', 'cannot read s3_store_cacert /nosuch.pem'],
    ] as const) {
      it(`refuses ${name} '${value}'`, async () => {
        const failure = await refuse({[name]: value})
        assert.deepEqual([failure.kind, failure.message], ['usage', message])
      })
    }
  })
})
