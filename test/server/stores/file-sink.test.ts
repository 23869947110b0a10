/** Sinks that follow each other, and so share the threads that hash. */
import assert from 'node:assert/strict'
import {type FileHandle, open} from 'node:fs/promises'
import {availableParallelism} from 'node:os'
import {join} from 'node:path'
import {finished} from 'node:stream/promises'
import {FileSink} from '../../../src/server/stores/file-sink.js'
import {useTempDir} from '../../support/temp-dir.js'

const MiB = 1024 * 1024
/** MD5 of 20 MiB of zeros. */
const ZEROS = '8f4e33f3dc3e414ff94e5fb6905cba8c'

describe('file sink', () => {
  const directory = useTempDir()
  let file: FileHandle

  beforeEach(async () => {
    file = await open(join(directory(), 'data'), 'w+')
  })
  afterEach(() => file.close())

  async function fill(sink: FileSink): Promise<void> {
    sink.end(Buffer.alloc(20 * MiB))
    await finished(sink)
  }

  it('that is released late leaves the threads to the next one', async () => {
    const first = new FileSink(file, 'sha512')
    await fill(first)
    assert.equal((await first.checksums()).checksum, ZEROS)
    const second = new FileSink(file, 'sha512')
    first.release()
    await fill(second)
    assert.deepEqual((await second.checksums()).checksum, ZEROS)
    second.release()
  })

  it('that is given up leaves its place to the next one', async () => {
    const first = new FileSink(file, 'sha512')
    first.write(Buffer.alloc(20 * MiB))
    first.release()
    const second = new FileSink(file, 'sha512')
    await fill(second)
    assert.deepEqual((await second.checksums()).checksum, ZEROS)
    second.release()
  })

  it('of little data leaves the threads, which come with larger memory, to the next one', async () => {
    const sizes = [3, 100 * MiB, 100 * MiB]
    const sinks = sizes.map(size => new FileSink(file, 'sha512', size))
    const lent = sinks.map(sink => sink.lend()?.length)
    for (const sink of sinks) sink.release()
    const places = Math.max(1, Math.floor(availableParallelism() / 2))
    assert.deepEqual(lent, [MiB / 4, MiB, places > 1 ? MiB : MiB / 4])
  })

  it('lends memory that is written and hashed', async () => {
    const sink = new FileSink(file, 'sha512', 3)
    sink.lend()?.set(Buffer.from('abc'))
    sink.fill(3)
    sink.append(Buffer.from('def'))
    sink.end()
    await finished(sink)
    const {size, checksum} = await sink.checksums()
    assert.deepEqual([size, checksum], [6, 'e80b5017098950fc58aad83c8c14978e'])
    assert.equal(String(await file.readFile()), 'abcdef')
    sink.release()
  })
})
