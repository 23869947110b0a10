/** The contract of every writable store. */
import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {PassThrough, Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {setImmediate as tick} from 'node:timers/promises'
import {keyFromLocation} from '../../src/server/stores/data-key.js'
import type {Store} from '../../src/server/stores/store.js'

/** A store under test, with access to its storage. */
export interface StoreUnderTest {
  readonly store: Store
  /** Counts its entries, incomplete ones included. */
  count(): Promise<number>
}

const MiB = 1024 * 1024

/** @param open returns an empty store */
export function storeContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`store: ${name}`, () => {
    let store: Store
    let count: () => Promise<number>

    beforeEach(async () => {
      const made = await open()
      store = made.store
      count = () => made.count()
    })

    const read = async (location: string): Promise<Buffer> => buffer((await store.get(location)).data)

    describe('put and get', () => {
      it('returns what was stored, with its size and checksum', async () => {
        const stored = await store.put('a', Readable.from([Buffer.from('hello '), Buffer.from('world')]))
        assert.equal(stored.size, 11)
        assert.equal(stored.checksum, '5eb63bbbe01eeed093cb22bb8f5acdc3')
        assert.ok(store.schemes.includes(new URL(stored.location).protocol.slice(0, -1)))
        const stream = await store.get(stored.location)
        assert.equal(stream.size, 11)
        assert.equal((await buffer(stream.data)).toString(), 'hello world')
        assert.equal(await store.getSize(stored.location), 11)
      })

      it('stores empty data', async () => {
        const stored = await store.put('a', Readable.from([]))
        assert.deepEqual([stored.size, stored.checksum], [0, 'd41d8cd98f00b204e9800998ecf8427e'])
        assert.equal((await read(stored.location)).length, 0)
      })

      for (const [pieces, size] of [
        [5, 3 * MiB + 1],
        [40, 65_536],
        [3000, 3],
        [1, MiB],
      ] as const) {
        it(`keeps ${pieces} chunks of ${size} bytes in order`, async () => {
          const chunks = Array.from({length: pieces}, (_, n) => Buffer.alloc(size, n % 251))
          const stored = await store.put('a', Readable.from(chunks))
          assert.equal(stored.size, pieces * size)
          assert.ok((await read(stored.location)).equals(Buffer.concat(chunks)))
        })
      }

      it('returns the digests of large data, also of several at once', async () => {
        const bytes = randomBytes(20 * MiB + 1)
        const chunks = Array.from({length: 330}, (_, n) => bytes.subarray(n * 65_536, (n + 1) * 65_536))
        const digest = (name: string) => createHash(name).update(bytes).digest('hex')
        const right = {
          size: bytes.length,
          checksum: digest('md5'),
          hashAlgo: 'sha512',
          hashValue: digest('sha512'),
        }
        const all = await Promise.all(['a', 'b', 'c', 'd'].map(id => store.put(id, Readable.from(chunks))))
        for (const {location: _, ...sums} of all) assert.deepEqual(sums, right)
      })

      it('slows a fast source down', async () => {
        let made = 0
        let stored = 0
        let most = 0
        const source = new Readable({
          highWaterMark: 65_536,
          read() {
            made += 65_536
            most = Math.max(most, made - stored)
            this.push(made > 64 * MiB ? null : Buffer.alloc(65_536))
          },
        })
        const slow = new PassThrough({highWaterMark: 65_536})
        source.pipe(slow)
        slow.on('data', chunk => {
          stored += chunk.length
        })
        await store.put('a', slow)
        assert.ok(most < 8 * MiB, `${most} bytes were ahead`)
      })

      it('keeps different ids apart', async () => {
        const stored = await Promise.all(
          ['a', 'b', 'c'].map(id => store.put(id, Readable.from([Buffer.from(id)]))),
        )
        const all = await Promise.all(stored.map(({location}) => read(location)))
        assert.deepEqual(all.map(String), ['a', 'b', 'c'])
      })
    })

    describe('put does not overwrite', () => {
      it('refuses an id that exists', async () => {
        const {location} = await store.put('a', Readable.from([Buffer.from('first')]))
        await assert.rejects(store.put('a', Readable.from([Buffer.from('second')])), {code: 'EEXIST'})
        assert.equal((await read(location)).toString(), 'first')
        assert.equal(await count(), 1)
      })

      it('handles a source that breaks off after the refusal', async () => {
        await store.put('a', Readable.from([Buffer.from('first')]))
        const source = new PassThrough()
        await assert.rejects(store.put('a', source), {code: 'EEXIST'})
        source.destroy(new Error('the sender fell asleep'))
        await tick()
        assert.equal(source.destroyed, true)
      })

      it('lets one of many at the same time win, with whole data', async () => {
        const tries = ['one', 'two', 'three', 'four'].map(word =>
          store.put('a', Readable.from([Buffer.from(word), Buffer.from(word)])),
        )
        const settled = await Promise.allSettled(tries)
        const won = settled.filter(result => result.status === 'fulfilled')
        assert.equal(won.length, 1)
        for (const result of settled) {
          if (result.status === 'rejected') assert.equal(result.reason.code, 'EEXIST')
        }
        const winner = won[0]?.value
        assert.ok(winner)
        assert.match((await read(winner.location)).toString(), /^(one|two|three|four)\1$/)
        assert.equal(await count(), 1)
      })
    })

    describe('put leaves nothing', () => {
      const beginSource = (chunks = 40): PassThrough => {
        const source = new PassThrough({highWaterMark: 8 * MiB})
        for (let n = 0; n < chunks; n++) source.write(Buffer.alloc(65_536))
        return source
      }

      it('when the source fails', async () => {
        const source = beginSource()
        const put = store.put('a', source)
        await tick()
        source.destroy(new Error('the sender fell asleep'))
        await assert.rejects(put, {message: 'the sender fell asleep'})
        assert.equal(await count(), 0)
      })

      it('when the source failed before', async () => {
        const source = beginSource()
        source.on('error', () => {})
        source.destroy(new Error('the sender fell asleep'))
        await tick()
        await assert.rejects(store.put('a', source), {message: 'the sender fell asleep'})
        assert.equal(await count(), 0)
      })

      it('when the source fails at once', async () => {
        const source = beginSource()
        const put = store.put('a', source)
        source.destroy(new Error('the sender fell asleep'))
        await assert.rejects(put, {message: 'the sender fell asleep'})
        assert.equal(await count(), 0)
      })

      it('when the source ends too early', async () => {
        const source = beginSource()
        const put = store.put('a', source)
        await tick()
        source.destroy()
        await assert.rejects(put, {code: 'ERR_STREAM_PREMATURE_CLOSE'})
        assert.equal(await count(), 0)
      })

      it('when it is aborted, and does not destroy the source', async () => {
        const source = beginSource()
        const stop = new AbortController()
        const put = store.put('a', source, stop.signal)
        await tick()
        stop.abort(new Error('deleted meanwhile'))
        await assert.rejects(put, {message: 'deleted meanwhile'})
        assert.equal(await count(), 0)
        assert.equal(source.destroyed, false)
        source.end()
        source.resume()
        for await (const _ of source);
      })

      it('when it is aborted while the source is silent', async () => {
        const stop = new AbortController()
        const put = store.put('a', beginSource(0), stop.signal)
        await tick()
        stop.abort(new Error('deleted meanwhile'))
        await assert.rejects(put, {message: 'deleted meanwhile'})
        assert.equal(await count(), 0)
      })

      it('when it was aborted before', async () => {
        const signal = AbortSignal.abort(new Error('deleted before'))
        await assert.rejects(store.put('a', beginSource(), signal), {message: 'deleted before'})
        assert.equal(await count(), 0)
      })

      it('and can be retried', async () => {
        const source = beginSource()
        const put = store.put('a', source)
        source.destroy(new Error('the sender fell asleep'))
        await assert.rejects(put)
        const stored = await store.put('a', Readable.from([Buffer.from('again')]))
        assert.equal((await read(stored.location)).toString(), 'again')
      })
    })

    describe('delete', () => {
      it('removes the data, once', async () => {
        const {location} = await store.put('a', Readable.from([Buffer.from('x')]))
        assert.equal(await store.delete(location), true)
        assert.equal(await store.delete(location), false)
        assert.equal(await count(), 0)
        await assert.rejects(store.get(location), {name: 'StoreMissing'})
        await assert.rejects(store.getSize(location), {name: 'StoreMissing'})
      })
    })

    describe('locations', () => {
      it('are known before the data exists, and belong to the store', async () => {
        const {location} = await store.put('a', Readable.from([Buffer.from('x')]))
        assert.equal(store.locate('a'), location)
        assert.equal(keyFromLocation(store.locate('a.0123456789abcdef')), 'a.0123456789abcdef')
        assert.deepEqual([store.owns(location), store.owns(store.locate('b'))], [true, true])
        assert.equal(store.owns('https://example.com/a'), false)
      })
    })

    describe('sweep', () => {
      it('deletes exactly the data that is not used', async () => {
        const {location} = await store.put('a', Readable.from([Buffer.from('x')]))
        await store.put('b', Readable.from([Buffer.from('y')]))
        const asked: string[] = []
        const findUnused = async (keys: readonly string[]) => {
          asked.push(...keys)
          return keys.filter(key => key === 'b')
        }
        assert.equal(await store.sweep(findUnused), 1)
        assert.deepEqual(asked.sort(), ['a', 'b'])
        assert.equal((await read(location)).toString(), 'x')
        assert.equal(await count(), 1)
        assert.equal(await store.sweep(async () => []), 0)
      })
    })
  })
}
