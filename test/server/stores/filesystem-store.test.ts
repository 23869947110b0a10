/** The filesystem store: the contract, files of a killed process, a full disk, and foreign files. */
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdir, readdir, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {setImmediate} from 'node:timers/promises'
import {fileURLToPath, pathToFileURL} from 'node:url'
import {FilesystemStore} from '../../../src/server/stores/filesystem-store.js'
import {storeContract} from '../../contract/store.contract.js'
import {useTempDir} from '../../support/temp-dir.js'
import {useTinyDisk} from '../../support/tiny-disk.js'

const MiB = 1024 * 1024

describe('filesystem store', () => {
  const directory = useTempDir()

  storeContract('folder', async () => ({
    store: new FilesystemStore(directory()),
    count: async () => (await readdir(directory())).length,
  }))

  it('keeps no hash thread of data that ended, failed, or was abandoned', async () => {
    async function* much(ending: () => unknown) {
      for (let n = 0; n < 20; n++) yield Buffer.alloc(MiB)
      await ending()
    }
    const store = new FilesystemStore(directory())
    const broken = () => Promise.reject(new Error('broken'))
    const control = new AbortController()
    await store.put('a', Readable.from(much(() => {})))
    await assert.rejects(store.put('b', Readable.from(much(broken))), /broken/)
    const givenUp = Readable.from(much(() => control.abort(new Error('given up'))))
    await assert.rejects(store.put('c', givenUp, control.signal), /given up/)
    const ports = () => process.getActiveResourcesInfo().filter(name => name === 'MessagePort').length
    while (ports() > 0) await setImmediate()
  })

  it('reads small blocks once 16 others read, and large ones after that', async () => {
    const store = new FilesystemStore(directory())
    const {location} = await store.put('a', Readable.from([Buffer.from('x')]))
    const open = async () => (await store.get(location)).data
    const readers: Awaited<ReturnType<typeof open>>[] = []
    while (readers.length < 18) readers.push(await open())
    const sizes = readers.map(data => data.readableHighWaterMark)
    assert.deepEqual([sizes[0], sizes[15], sizes[16], sizes[17]], [MiB, MiB, 32_768, 32_768])
    for (const data of readers) data.destroy()
    await Promise.all(readers.map(data => once(data, 'close')))
    const next = await open()
    assert.equal(next.readableHighWaterMark, MiB)
    next.destroy()
  })

  it('keeps one private file per image, at a location that is escaped', async () => {
    const odd = join(directory(), 'odd #1 100% é')
    await mkdir(odd)
    const store = new FilesystemStore(odd)
    const {location} = await store.put('Image?1', Readable.from([Buffer.from('x')]))
    assert.ok(location.endsWith('/odd%20%231%20100%25%20%C3%A9/Image%3F1'), location)
    assert.deepEqual(await readdir(odd), ['Image?1'])
    assert.equal((await stat(join(odd, 'Image?1'))).mode & 0o777, 0o600)
    assert.equal((await buffer((await store.get(location)).data)).toString(), 'x')
    assert.equal(await store.delete(location), true)
  })

  it('accepts a relative name of its folder', async () => {
    const store = new FilesystemStore(join(directory(), 'x', '..'))
    const {location} = await store.put('a', Readable.from([Buffer.from('x')]))
    assert.equal(location, pathToFileURL(join(directory(), 'a')).href)
  })

  for (const id of ['', '.', '..', '.hidden', 'a/b', '../a', 'a\\b', 'a\0b', 'a.part-0123456789abcdef']) {
    it(`has no file for an image with the id ${JSON.stringify(id)}`, async () => {
      const source = Readable.from([Buffer.from('x')])
      await assert.rejects(new FilesystemStore(directory()).put(id, source), TypeError)
      assert.deepEqual(await readdir(directory()), [])
    })
  }

  const foreign: readonly [string, (inside: string) => string][] = [
    ['another folder', () => 'file:///etc/hostname'],
    ['the folder above', inside => `${inside}/../secret`],
    ['the folder above, escaped', inside => `${inside}/%2e%2e/secret`],
    ['the folder above, escaped more', inside => `${inside}/..%2fsecret`],
    ['a folder below', inside => `${inside}/below/secret`],
    ['the folder itself', inside => `${inside}/`],
    ['another host', inside => inside.replace('file://', 'file://example.org')],
    ['another scheme', () => 'http://127.0.0.1/secret'],
    ['a part of an upload', inside => `${inside}/a.part-0123456789abcdef`],
    ['text that is not an address', () => 'secret'],
  ]
  for (const [what, locationOf] of foreign) {
    it(`reads and deletes nothing in ${what}`, async () => {
      const inside = join(directory(), 'images')
      await mkdir(join(inside, 'below'), {recursive: true})
      const files = [join(directory(), 'secret'), join(inside, 'below', 'secret')]
      files.push(join(inside, 'a.part-0123456789abcdef'))
      for (const file of files) await writeFile(file, 'secret')
      const store = new FilesystemStore(inside)
      const location = locationOf(pathToFileURL(inside).href)
      await assert.rejects(store.get(location), {name: 'StoreMissing'})
      await assert.rejects(store.getSize(location), {name: 'StoreMissing'})
      await assert.rejects(store.delete(location), {name: 'StoreMissing'})
      for (const file of files) assert.equal(await readFile(file, 'utf8'), 'secret')
    })
  }

  it('does not read a folder as an image', async () => {
    await mkdir(join(directory(), 'a'))
    const store = new FilesystemStore(directory())
    await assert.rejects(store.get(pathToFileURL(join(directory(), 'a')).href), {name: 'StoreMissing'})
  })

  it('follows no link out of its folder', async () => {
    await mkdir(join(directory(), 'images'))
    await writeFile(join(directory(), 'secret'), 'secret')
    await symlink(join(directory(), 'secret'), join(directory(), 'images', 'a'))
    const store = new FilesystemStore(join(directory(), 'images'))
    const location = pathToFileURL(join(directory(), 'images', 'a')).href
    await assert.rejects(store.get(location), {name: 'StoreMissing'})
  })

  it('removes the file that a killed process was writing', async () => {
    const store = new FilesystemStore(directory())
    const kept = await store.put('kept', Readable.from([Buffer.from('x')]))
    const child = spawn(process.execPath, [childScript('put-endless-image'), directory(), 'b'], {
      stdio: 'inherit',
    })
    while ((await countPartBytes(directory())) < 4 * MiB);
    child.kill('SIGKILL')
    await once(child, 'close')
    const left = (await readdir(directory())).sort()
    assert.equal(left.length, 2)
    assert.equal(left[0], 'b.part')
    await assert.rejects(store.get(pathToFileURL(join(directory(), 'b')).href), {name: 'StoreMissing'})
    assert.equal(await store.sweep(async keys => keys.filter(key => key !== 'kept')), 1)
    assert.deepEqual(await readdir(directory()), ['kept'])
    assert.equal(await store.getSize(kept.location), 1)
    assert.equal((await store.put('b', Readable.from([Buffer.from('yy')]))).size, 2)
  })

  for (const part of ['a.part', 'a.part-0123456789abcdef']) {
    it(`removes ${part} if the data is not used, or is complete`, async () => {
      const store = new FilesystemStore(directory())
      await writeFile(join(directory(), part), 'half')
      assert.equal(await store.sweep(async () => []), 0)
      await writeFile(join(directory(), 'a'), 'whole')
      assert.equal(await store.sweep(async () => []), 1)
      assert.deepEqual(await readdir(directory()), ['a'])
      await writeFile(join(directory(), part), 'half')
      assert.equal(await store.sweep(async keys => keys), 2)
    })
  }

  it('removes the part too when the data is deleted', async () => {
    const store = new FilesystemStore(directory())
    await writeFile(join(directory(), 'a.part'), 'half')
    assert.equal(await store.delete(store.locate('a')), true)
    assert.deepEqual(await readdir(directory()), [])
  })

  it('reports a file that cannot be removed, after it removed all others', async () => {
    const store = new FilesystemStore(directory())
    for (const name of ['a', 'b', 'c']) await writeFile(join(directory(), name), '')
    const findUnused = async (keys: readonly string[]) => {
      await rm(join(directory(), 'b'))
      await mkdir(join(directory(), 'b'))
      return keys
    }
    await assert.rejects(store.sweep(findUnused), {syscall: 'unlink'})
    assert.deepEqual(await readdir(directory()), ['b'])
  })

  it('asks about no more than 500 files at a time', async () => {
    const store = new FilesystemStore(directory())
    for (let n = 0; n < 501; n++) await writeFile(join(directory(), `f${n}`), '')
    const sizes: number[] = []
    const findUnused = async (keys: readonly string[]) => {
      sizes.push(keys.length)
      return keys
    }
    assert.equal(await store.sweep(findUnused), 501)
    assert.deepEqual(sizes, [500, 1])
  })
})

describe('filesystem store on a full disk', () => {
  const directory = useTinyDisk(2)

  it('reports ENOSPC, leaves nothing and does not destroy the source', async () => {
    const store = new FilesystemStore(directory())
    // More than the store takes into memory, so that the source has not ended.
    const source = Readable.from(Array.from({length: 500}, () => Buffer.alloc(65_536)))
    await assert.rejects(store.put('a', source), {code: 'ENOSPC'})
    assert.deepEqual(await readdir(directory()), [])
    assert.equal(source.destroyed, false)
    assert.equal((await store.put('a', Readable.from([Buffer.alloc(MiB)]))).size, MiB)
  })

  it('reports ENOSPC when only the last bytes do not fit', async () => {
    const store = new FilesystemStore(directory())
    await assert.rejects(store.put('a', Readable.from([Buffer.alloc(2 * MiB + 1)])), {code: 'ENOSPC'})
    assert.deepEqual(await readdir(directory()), [])
  })
})

function childScript(name: string): string {
  return fileURLToPath(new URL(`../children/${name}.js`, import.meta.url))
}

async function countPartBytes(directory: string): Promise<number> {
  const parts = (await readdir(directory)).filter(name => name.includes('.part'))
  const stats = await Promise.all(parts.map(name => stat(join(directory, name))))
  return stats.reduce((sum, {size}) => sum + size, 0)
}
