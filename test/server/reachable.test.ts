/** Addresses that the service does not reach for a caller, and parts of streams. */
import assert from 'node:assert/strict'
import {Readable} from 'node:stream'
import {importFilter} from '../../src/server/images/import-filter.js'
import {HttpStore} from '../../src/server/stores/http.js'
import {isPublicAddress} from '../../src/server/stores/reachable.js'
import {Slice} from '../../src/server/stores/slice.js'
import {serve} from '../support/serve.js'

describe('reachable addresses', () => {
  const inner =
    '127.0.0.1 127.9.9.9 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 ' +
    '::1 :: fe80::1 fc00::1 fd12::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.1.1.1 name'
  for (const address of inner.split(' ')) {
    it(`${address} is none`, () => assert.equal(isPublicAddress(address), false))
  }
  for (const address of '8.8.8.8 172.32.0.1 100.128.0.1 2001:4860:4860::8888 ::ffff:8.8.8.8'.split(' ')) {
    it(`${address} is one`, () => assert.equal(isPublicAddress(address), true))
  }

  const refused =
    'http://127.0.0.1/ http://localhost/ http://[::1]/ http://[::ffff:127.0.0.1]/ http://2130706433/ http://0x7f.1/ ' +
    'http://8.8.8.8:22/ ftp://8.8.8.8/ file:///etc/passwd nonsense'
  for (const uri of refused.split(' ')) {
    it(`nothing is imported from ${uri}`, async () => assert.equal(await importFilter(false)(uri), false))
  }
  it('public addresses are imported from, and all where that is allowed', async () => {
    assert.equal(await importFilter(false)('https://8.8.8.8/x'), true)
    assert.equal(await importFilter(true)('http://127.0.0.1:9/x'), true)
    assert.equal(await importFilter(true)('file:///etc/passwd'), false)
  })

  it('are asked of names when the connection is made, and behind redirects', async () => {
    let hits = 0
    const server = await serve((_request, response) => {
      hits += 1
      response.writeHead(302, {location: `http://localhost:${server.port}/x`}).end()
    })
    const guarded = new HttpStore({mayReach: isPublicAddress})
    await assert.rejects(guarded.get(`http://localhost:${server.port}/`), /not to be reached/)
    await assert.rejects(guarded.get(server.url), /not to be reached/)
    assert.equal(hits, 0)
    const once = new HttpStore({mayReach: address => isPublicAddress(address) || hits === 0})
    await assert.rejects(once.get(server.url), /not to be reached/)
    assert.equal(hits, 1)
    await server.close()
  })
})

describe('parts of streams', () => {
  const part = async (chunks: readonly string[], first: number, last: number) => {
    const found: Buffer[] = []
    const sliced = Readable.from(chunks.map(Buffer.from)).pipe(new Slice({first, last}))
    for await (const chunk of sliced) found.push(chunk as Buffer)
    return Buffer.concat(found).toString()
  }

  it('are cut out wherever the pieces end', async () => {
    assert.equal(await part(['abc', 'def', 'ghi'], 0, 8), 'abcdefghi')
    assert.equal(await part(['abc', 'def', 'ghi'], 2, 3), 'cd')
    assert.equal(await part(['abc', 'def', 'ghi'], 4, 4), 'e')
    assert.equal(await part(['abc', 'def', 'ghi'], 6, 8), 'ghi')
  })

  it('come whole from a server that knows no ranges', async () => {
    const server = await serve((_request, response) => response.end('0123456789'))
    const {data, size} = await new HttpStore().get(server.url, {first: 3, last: 5})
    const found: Buffer[] = []
    for await (const chunk of data) found.push(chunk as Buffer)
    assert.deepEqual([Buffer.concat(found).toString(), size], ['345', 10])
    await server.close()
  })
})
