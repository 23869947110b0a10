/** The store in Swift on a small Swift in memory: the contract, and faults that no Swift shows on demand. */
import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import type {IncomingMessage} from 'node:http'
import {PassThrough, Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {Reply, ReplyHeaders, type Request} from '../../../src/lib/http/message.js'
import {SwiftContainer} from '../../../src/server/stores/swift/container.js'
import {openSwiftStore} from '../../../src/server/stores/swift/open-swift.js'
import {SwiftUpload} from '../../../src/server/stores/swift/upload.js'
import {storeContract} from '../../contract/store.contract.js'
import {type FakeSwift, type Fault, findIn, startFakeSwift} from '../../support/fake-swift.js'

const MiB = 1024 * 1024

describe('store in swift, with faults', () => {
  let swift: FakeSwift
  beforeEach(async () => {
    swift = await startFakeSwift()
  })
  afterEach(() => swift.close())

  const open = (more: Readonly<Record<string, string>> = {}) => openSwiftStore(swift.settings(more))
  const matches = (request: IncomingMessage, line: RegExp) =>
    line.test(`${request.method} ${request.url?.replace('/v1/AUTH_test/glance', '')}`)
  /** Answers the requests of that line with the status. */
  const answer =
    (line: RegExp, status: number): Fault =>
    (request, response) => {
      if (!matches(request, line)) return false
      request.resume()
      response.writeHead(status).end()
      return true
    }
  /** Requests since now, the names of segments shortened. */
  const record = () => {
    const from = swift.log.length
    return () => swift.log.slice(from).map(line => line.replace(/\/[0-9a-f]{8}\//, '/X/'))
  }

  storeContract('swift in memory', async () => ({store: await open(), count: async () => swift.objects.size}))

  it('lets segments expire until the manifest stands', async () => {
    const store = await open()
    const requests = record()
    let expiring: unknown
    swift.fault = request => {
      if (matches(request, /PUT .a\?/)) expiring = [...swift.objects.values()].map(({expires}) => expires)
      return false
    }
    await store.put('a', Readable.from([randomBytes(2.5 * MiB)]))
    assert.deepEqual(expiring, [true, true, true])
    assert.deepEqual(
      [...swift.objects.values()].map(({expires}) => expires),
      [false, false, false, false],
    )
    assert.deepEqual(requests(), [
      'HEAD a',
      'HEAD container',
      'PUT a/X/00001',
      'HEAD container',
      'PUT a/X/00002',
      'HEAD container',
      'PUT a/X/00003',
      'PUT a',
      'POST a/X/00001',
      'POST a/X/00002',
      'POST a/X/00003',
    ])
  })

  it('sends small data and announced data as one object', async () => {
    const store = await open({swift_store_large_object_size: '4'})
    const requests = record()
    await store.put('a', Readable.from([randomBytes(MiB)]))
    await store.put('b', Readable.from([randomBytes(3 * MiB)]), undefined, 3 * MiB)
    assert.deepEqual(requests(), ['HEAD a', 'PUT a', 'HEAD b', 'PUT b'])
  })

  it('uses larger segments after the first 500', async () => {
    const sizes: number[] = []
    const send = async ({method, url, body}: Request) => {
      if (body instanceof Readable) sizes.push((await buffer(body)).length)
      const status = method === 'PUT' ? 201 : method === 'POST' ? 202 : url.endsWith('/k') ? 404 : 204
      return new Reply(status, new ReplyHeaders({}), Readable.from([]))
    }
    const container = new SwiftContainer(send, 'http://swift/v1/a/c')
    const large = {largeObject: 8192, segment: 2048}
    const upload = new SwiftUpload({container, containerName: 'c', key: 'k', sizes: large})
    await upload.send(Readable.from([Buffer.alloc(500 * 2048 + 8192 + 50_000)]))
    assert.deepEqual([sizes.length, sizes[499], sizes[500], sizes.at(-1)], [508, 2048, 8192, 848])
  })

  it('logs in again when the token expires between segments', async () => {
    const store = await open()
    const requests = record()
    swift.fault = request => {
      const expire = () => {
        swift.token = 'token-2'
      }
      if (matches(request, /PUT .a.*00001/)) request.once('end', expire)
      return false
    }
    const bytes = randomBytes(1.5 * MiB)
    const {location} = await store.put('a', Readable.from([bytes]))
    assert.deepEqual(requests().slice(2, 7), [
      'PUT a/X/00001',
      'HEAD container',
      'GET login',
      'HEAD container',
      'PUT a/X/00002',
    ])
    assert.ok((await buffer((await store.get(location)).data)).equals(bytes))
  })

  for (const [what, line] of [
    ['a segment', /PUT .a.*00002/],
    ['the manifest', /PUT .a\?/],
    ['the removal of an expiry', /POST .*00002/],
  ] as const) {
    it(`deletes the segments when ${what} is refused`, async () => {
      const store = await open()
      swift.fault = answer(line, 500)
      const put = store.put('a', Readable.from([randomBytes(2.5 * MiB)]))
      await assert.rejects(put, {name: 'StoreUnavailable', message: 'Swift answered 500'})
      assert.equal(swift.objects.size, 0)
    })
  }

  for (const [what, line, size] of [
    ['an object', /PUT .a$/, 10],
    ['a manifest', /PUT .a\?/, 2.5 * MiB],
  ] as const) {
    it(`takes ${what} for stored that Swift has stored before it answered 503`, async () => {
      const store = await open()
      let isFirst = true
      swift.fault = (request, response) => {
        if (!isFirst || !matches(request, line)) return false
        isFirst = false
        // What Swift answers after it has stored the data is replaced.
        const end = response.writeHead.bind(response)
        response.writeHead = ((_: number) => end(503)) as typeof response.writeHead
        return false
      }
      const bytes = randomBytes(size)
      const {location} = await store.put('a', Readable.from([bytes]))
      assert.equal(isFirst, false)
      assert.ok((await buffer((await store.get(location)).data)).equals(bytes))
    })

    it(`leaves ${what} of others alone that is there after a 503`, async () => {
      const store = await open()
      swift.fault = (request, response) => {
        if (!matches(request, line) || swift.objects.has('a')) return false
        swift.objects.set('a', {body: Buffer.from('of others'), expires: false, mark: 'other'})
        request.resume().once('end', () => response.writeHead(503).end())
        return true
      }
      await assert.rejects(store.put('a', Readable.from([randomBytes(size)])), {code: 'EEXIST'})
      assert.deepEqual([...swift.objects.keys()], ['a'])
      assert.equal(swift.objects.get('a')?.body.toString(), 'of others')
    })
  }

  it('deletes the segments when the connection breaks, and leaves the source alone', async () => {
    const store = await open()
    swift.fault = request => {
      if (matches(request, /PUT .a.*00002/)) request.once('data', () => request.socket.resetAndDestroy())
      return false
    }
    const source = Readable.from(Array.from({length: 400}, () => Buffer.alloc(65_536)))
    await assert.rejects(store.put('a', source), {
      name: 'StoreUnavailable',
      message: 'Swift cannot be used: the connection broke',
    })
    assert.equal(swift.objects.size, 0)
    assert.equal(source.destroyed, false)
  })

  it('deletes an object that an abort came too late for', async () => {
    const store = await open()
    const control = new AbortController()
    const source = new PassThrough()
    swift.fault = request => {
      if (matches(request, /PUT .a$/))
        request.once('end', () => control.abort(new Error('deleted meanwhile')))
      return false
    }
    source.end('x')
    await assert.rejects(store.put('a', source, control.signal), {message: 'deleted meanwhile'})
    assert.equal(swift.objects.size, 0)
  })

  it('refuses data that was damaged on its way', async () => {
    const store = await open()
    swift.fault = (request, response) => {
      if (!matches(request, /PUT/)) return false
      request.resume().once('end', () => response.writeHead(201, {etag: '0'.repeat(32)}).end())
      return true
    }
    await assert.rejects(store.put('a', Readable.from([Buffer.from('x')])), {
      name: 'StoreUnavailable',
      message: 'the data was damaged on its way to Swift',
    })
  })

  for (const status of [413, 507]) {
    it(`reports ${status} as a full device`, async () => {
      const store = await open()
      swift.fault = answer(/PUT .*00002/, status)
      await assert.rejects(store.put('a', Readable.from([randomBytes(2.5 * MiB)])), {code: 'ENOSPC'})
      assert.equal(swift.objects.size, 0)
    })
  }

  describe('a download', () => {
    const bytes = randomBytes(2.5 * MiB)
    /** Cuts replies after some bytes, which it counts. */
    const cut = (times: number): Fault => {
      let left = times
      return (request, response) => {
        if (left === 0 || request.method !== 'GET') return false
        left -= 1
        const [, first = '0'] = /bytes=(\d+)/.exec(request.headers.range ?? '') ?? []
        const rest = bytes.subarray(Number(first))
        const range = {'content-range': `bytes ${first}-${bytes.length - 1}/${bytes.length}`}
        const head = {etag: 'e', 'content-length': rest.length, ...(request.headers.range ? range : {})}
        response.writeHead(request.headers.range ? 206 : 200, head)
        response.write(rest.subarray(0, 300_000), () => request.socket.resetAndDestroy())
        return true
      }
    }

    it('that breaks goes on where it broke', async () => {
      const store = await open({swift_store_retry_get_count: '3'})
      const {location} = await store.put('a', Readable.from([bytes]))
      const asked: unknown[] = []
      const fault = cut(3)
      swift.fault = (request, response) => {
        asked.push(request.headers.range)
        // The object in memory has another ETag than the replies that were cut.
        delete request.headers['if-match']
        return fault(request, response)
      }
      assert.ok((await buffer((await store.get(location)).data)).equals(bytes))
      assert.equal(asked.length, 4)
      assert.deepEqual([asked[0], /-2621439$/.test(String(asked[3]))], [undefined, true])
    })

    it('fails when it breaks too often', async () => {
      const store = await open({swift_store_retry_get_count: '2'})
      const {location} = await store.put('a', Readable.from([bytes]))
      swift.fault = cut(3)
      await assert.rejects(buffer((await store.get(location)).data), {name: 'StoreUnavailable'})
    })

    it('does not go on with other data', async () => {
      const store = await open()
      const {location} = await store.put('a', Readable.from([bytes]))
      swift.fault = cut(1)
      await assert.rejects(buffer((await store.get(location)).data), {
        name: 'StoreMissing',
        message: 'a has other data now',
      })
    })

    it('that is not read ends its connection', async () => {
      const store = await open()
      const {location} = await store.put('a', Readable.from([bytes]))
      const closed = new Promise(resolve => {
        swift.fault = (_request, response) => {
          response.once('close', resolve).writeHead(200, {'content-length': 1000}).write('x')
          return true
        }
      })
      const {data} = await store.get(location)
      data.destroy()
      await closed
    })
  })

  it('reports a segment that cannot be deleted, and deletes it the next time', async () => {
    const store = await open()
    const {location} = await store.put('a', Readable.from([randomBytes(2.5 * MiB)]))
    swift.fault = answer(/DELETE .*00002/, 500)
    await assert.rejects(store.delete(location), {message: 'Swift answered 500'})
    await assert.rejects(store.get(location), {name: 'StoreMissing'})
    swift.fault = () => false
    assert.equal(await store.delete(location), true)
    assert.equal(swift.objects.size, 0)
  })

  it('sweeps on after an error, and reports it', async () => {
    const store = await open()
    for (const key of ['a', 'b', 'c']) await store.put(key, Readable.from([Buffer.from('x')]))
    swift.fault = answer(/DELETE .a/, 500)
    await assert.rejects(
      store.sweep(async keys => keys),
      {message: 'Swift answered 500'},
    )
    assert.deepEqual([...swift.objects.keys()], ['a'])
  })

  it('cannot be used while Swift rejects its user', async () => {
    const store = await open()
    const {location} = await store.put('a', Readable.from([Buffer.from('x')]))
    swift.fault = answer(/./, 401)
    const rejected = {name: 'StoreUnavailable', message: 'Swift rejects its user'}
    await assert.rejects(store.get(location), rejected)
    await assert.rejects(store.put('b', Readable.from(['x'])), rejected)
  })

  describe('settings', () => {
    const refuse = async (values: Readonly<Record<string, string>>) =>
      openSwiftStore(findIn(values)).then(
        () => 'opened',
        ({message, advice}) => `${message} | ${advice ?? ''}`,
      )
    const login = {
      swift_store_user: 'a:b',
      swift_store_auth_address: 'http://127.0.0.1:1',
      swift_store_key: 'k',
    }

    for (const [values, message] of [
      [
        {},
        'a store in Swift requires swift_store_user | Set GLANCE_SWIFT_STORE_USER, or write it into a file for --config-file.',
      ],
      [
        {...login, swift_store_user: 'ann'},
        "invalid swift_store_user 'ann': expected ACCOUNT:USER or PROJECT:USER | ",
      ],
      [
        {...login, swift_store_auth_version: '4'},
        "invalid swift_store_auth_version '4': expected 1, 2 or 3 | ",
      ],
      [
        {...login, swift_store_auth_address: 'swift'},
        "invalid swift_store_auth_address 'swift': expected an http or https URL | ",
      ],
      [
        {...login, swift_store_endpoint: 'swift:80'},
        "invalid swift_store_endpoint 'swift:80': expected an http or https URL | ",
      ],
    ] as const) {
      it(`are refused: ${message}`, async () => {
        assert.equal(await refuse(values), message)
      })
    }
  })
})
