/** Files and pipes, read as streams and into memory of the reader. */
import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {once} from 'node:events'
import {constants, openSync} from 'node:fs'
import {type FileHandle, open, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {text} from 'node:stream/consumers'
import {setImmediate} from 'node:timers/promises'
import type {DirectStream} from '../../../src/lib/io/streams/direct-stream.js'
import {readFilePath, readOpenFile} from '../../../src/lib/io/streams/open-file.js'
import {readPipe} from '../../../src/lib/io/streams/pipe-stream.js'
import {useTempDir} from '../../support/temp-dir.js'

/** The rest of the stream, read into one memory of this many bytes again and again. */
async function readRest(stream: DirectStream, size: number): Promise<Buffer> {
  const parts: Buffer[] = []
  const memory = Buffer.from(new SharedArrayBuffer(size))
  for (;;) {
    const length = await stream.readInto(memory)
    if (length === 0) return Buffer.concat(parts)
    parts.push(Buffer.from(memory.subarray(0, length)))
  }
}

describe('a file', () => {
  const folder = useTempDir()
  let file: string
  let opened: FileHandle | undefined
  beforeEach(async () => {
    file = path.join(folder(), 'file')
    await writeFile(file, '0123456789')
  })
  afterEach(() => opened?.close())

  it('is read as a stream', async () => assert.equal(await text(readFilePath(file)), '0123456789'))

  it('is read into memory', async () => {
    assert.equal(String(await readRest(readFilePath(file), 4)), '0123456789')
  })

  it('is read into memory from where it was read as a stream', async () => {
    const stream = readFilePath(file)
    await once(stream, 'readable')
    const first: Buffer = stream.read()
    stream.unshift(first)
    assert.equal(String(first), '0123456789')
    assert.equal(String(await readRest(stream, 4)), '0123456789')
  })

  it('that is open is read from a position or from its offset, and stays open', async () => {
    opened = await open(file)
    assert.equal(await text(readOpenFile(opened.fd, 7)), '789')
    assert.equal(String(await readRest(readOpenFile(opened.fd, 3), 4)), '3456789')
    assert.equal((await opened.read(Buffer.alloc(4), 0, 4)).bytesRead, 4)
    assert.equal(String(await readRest(readOpenFile(opened.fd), 4)), '456789')
    assert.equal((await opened.stat()).size, 10)
  })

  for (const size of [4, 100]) {
    it(`is read into memory of ${size} bytes after its first bytes were looked at`, async () => {
      const stream = readFilePath(file)
      await once(stream, 'readable')
      stream.unshift(stream.read())
      assert.equal(String(await readRest(stream, size)), '0123456789')
    })
  }

  it('that is missing fails when it is read', async () => {
    const missing = readFilePath(path.join(folder(), 'missing'))
    await setImmediate()
    await assert.rejects(missing.readInto(Buffer.alloc(1)), {code: 'ENOENT'})
    await assert.rejects(text(readFilePath(path.join(folder(), 'missing'))), {code: 'ENOENT'})
  })
})

describe('a pipe', () => {
  const folder = useTempDir()
  let stream: DirectStream
  let writer: FileHandle

  beforeEach(async function () {
    if (process.platform === 'win32') this.skip()
    const fifo = path.join(folder(), 'fifo')
    execFileSync('mkfifo', [fifo])
    stream = readPipe(openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK))
    writer = await open(fifo, 'w')
  })
  afterEach(async () => {
    stream.destroy()
    await writer.close().catch(() => {})
  })

  const numbers = Buffer.from(Uint32Array.from({length: 250_000}, (_, index) => index).buffer)
  const write = (bytes: Uint8Array | string) => writer.writeFile(bytes).then(() => writer.close())

  it('is read as a stream', async () => {
    const reading = text(stream)
    await write('0123456789')
    assert.equal(await reading, '0123456789')
  })

  for (const size of [1000, 100_000, 2_000_000]) {
    it(`is read into memory of ${size} bytes`, async () => {
      const reading = readRest(stream, size)
      await write(numbers)
      assert.ok((await reading).equals(numbers))
    })
  }

  it('is read into memory after its first bytes were looked at', async () => {
    const writing = write(numbers)
    await new Promise(resolve => stream.once('readable', resolve))
    const head = stream.read() as Buffer
    stream.unshift(head)
    const reading = readRest(stream, 100_000)
    await writing
    assert.ok((await reading).equals(numbers))
  })

  it('ends a read that waits when it is closed', async () => {
    const reading = stream.readInto(Buffer.alloc(10))
    stream.destroy()
    await assert.rejects(reading, /the pipe was closed/)
    await assert.rejects(stream.readInto(Buffer.alloc(10)), /the pipe was closed/)
  })
})
