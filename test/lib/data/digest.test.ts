/** Digests of streams: few bytes, many, and unused digests. */
import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {createHash} from 'node:crypto'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {promisify} from 'node:util'
import {Meter} from '../../../src/lib/api/upload/meter.js'
import {Digester} from '../../../src/lib/data/digest.js'
import {useTempDir} from '../../support/temp-dir.js'

const MIB = 1024 * 1024
const ALL = ['md5', 'sha256', 'sha512']

async function digests(chunks: Iterable<Uint8Array>, algorithms = ALL, size?: number) {
  const digester = new Digester(algorithms, size)
  for (const chunk of chunks) await digester.update(chunk)
  return digester.digests()
}

describe('digests', () => {
  const folder = useTempDir()
  it('of few bytes', async () => {
    assert.deepEqual(await digests([Buffer.from('hello '), Buffer.from('world')], ['md5', 'sha256']), {
      md5: '5eb63bbbe01eeed093cb22bb8f5acdc3',
      sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
    })
  })

  it('of data of known length', async () => {
    assert.deepEqual(await digests([Buffer.from('hello '), Buffer.from('world')], ['md5'], 11), {
      md5: '5eb63bbbe01eeed093cb22bb8f5acdc3',
    })
  })

  it('of empty data', async () => {
    assert.deepEqual(await digests([], ['md5']), {md5: 'd41d8cd98f00b204e9800998ecf8427e'})
  })

  for (const [name, size] of [
    ['a MiB', MIB],
    ['what a pipe gives', 65_536],
    ['an odd number of bytes', 1_234_567],
    ['all at once', 21 * MIB],
  ] as const) {
    it(`of many bytes, in chunks of ${name}`, async () => {
      const all = Buffer.alloc(20 * MIB + 5, 7)
      const chunks = []
      for (let start = 0; start < all.length; start += size) chunks.push(all.subarray(start, start + size))
      assert.deepEqual(await digests(chunks), {
        md5: 'a28b7ee9f69714cea4ffc338ddadd351',
        sha256: '3645186a2200c7748c53d3e07f85e487dec02d69cef4345bb4d1f723515327d9',
        sha512:
          '176718a1c5345c6223b68062a9a4812163a9adea5f0c1e5e43c098080f3dc0478ec47df57dee493d969732d9df378a8ad3ceda8d95c6a931593f16f60cd415f7',
      })
    })
  }

  it('of many bytes of known length, added in shared memory at once', async () => {
    const digester = new Digester(ALL, 100 * MIB)
    const hashing = Array.from({length: 20}, (_, index) => {
      const bytes = Buffer.from(new SharedArrayBuffer(MIB)).fill(index)
      return new Promise<void>((resolve, reject) => {
        digester.updateShared(bytes, resolve)?.catch(reject)
      })
    })
    await Promise.all(hashing)
    const hash = createHash('sha512')
    for (let index = 0; index < 20; index++) hash.update(Buffer.alloc(MIB, index))
    assert.equal((await digester.digests())['sha512'], hash.digest('hex'))
  })

  it('of one data after another, in other algorithms', async () => {
    const all = Buffer.alloc(20 * MIB + 5, 7)
    const md5 = 'a28b7ee9f69714cea4ffc338ddadd351'
    const sha256 = '3645186a2200c7748c53d3e07f85e487dec02d69cef4345bb4d1f723515327d9'
    assert.equal((await digests([all], ['sha512', 'md5']))['md5'], md5)
    assert.deepEqual(await digests([all], ['sha256', 'md5']), {sha256, md5})
    const both = await Promise.all([digests([all], ['md5', 'sha256']), digests([all], ['md5', 'sha256'])])
    assert.deepEqual(both, [
      {md5, sha256},
      {md5, sha256},
    ])
  })

  it('do not keep a process alive when they are unused', async () => {
    const program = `
      const {Digester} = await import('${new URL('../../../src/lib/data/digest.js', import.meta.url)}')
      const digester = new Digester(['md5', 'sha256', 'sha512'])
      for (let n = 0; n < 20; n++) await digester.update(Buffer.alloc(1024 * 1024))
      digester.cancel()
      console.log('cancelled')`
    const file = join(folder(), 'program.mjs')
    await writeFile(file, program)
    const {stdout} = await promisify(execFile)(process.execPath, [file], {timeout: 15_000})
    assert.equal(stdout, 'cancelled\n')
  })
})

describe('a meter', () => {
  it('counts and hashes what it lets through', async () => {
    const meter = new Meter(['md5'])
    const passed = await buffer(meter.measure(Readable.from([Buffer.from('hello '), Buffer.from('world')])))
    assert.equal(passed.toString(), 'hello world')
    assert.deepEqual(await meter.finish(), {size: 11, digests: {md5: '5eb63bbbe01eeed093cb22bb8f5acdc3'}})
  })

  it('is complete when all announced bytes have left, though the source has not ended', async () => {
    const meter = new Meter(['md5'], 5)
    const source = new Readable({read() {}})
    source.push('hello')
    for await (const _ of meter.measure(source)) break
    assert.deepEqual(await meter.finish(), {size: 5, digests: {md5: '5d41402abc4b2a76b9719d911017c592'}})
  })

  it('gives no digest for data that was not read to its end', async () => {
    const meter = new Meter(['md5'])
    for await (const _ of meter.measure(Readable.from([Buffer.alloc(MIB), Buffer.alloc(MIB)]))) break
    await assert.rejects(meter.finish(), {kind: 'unverified'})
  })
})
