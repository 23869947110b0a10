/** Peeks at the first bytes of files and pipes, which lose none of them. */
import assert from 'node:assert/strict'
import {PassThrough, Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import type {ImageData} from '../../../src/lib/data/image-data.js'
import {peek} from '../../../src/lib/data/peek.js'

const upTo = (length: number) => (head: Uint8Array) => head.length < length
const toPipe = (stream: Readable): ImageData => ({repeatable: false, open: () => stream})

describe('a peek', () => {
  for (const [name, open] of [
    ['a pipe', () => new PassThrough().end('hello world')],
    ['chunks', () => Readable.from([Buffer.from('hello '), Buffer.from('world')])],
  ] as const) {
    it(`leaves ${name} its bytes`, async () => {
      const {head, data} = await peek(toPipe(open()), upTo(32_774))
      assert.equal(head.toString(), 'hello world')
      assert.equal((await buffer(data.open())).toString(), 'hello world')
    })
  }

  it('waits for the first bytes of a pipe, and keeps what arrives with them', async () => {
    const pipe = new PassThrough()
    const peeking = peek(toPipe(pipe), upTo(10))
    setImmediate(() => {
      pipe.write('hello')
      setImmediate(() => pipe.write(' world'))
    })
    const {head, data} = await peeking
    assert.equal(head.toString(), 'hello world')
    pipe.end('!')
    assert.equal((await buffer(data.open())).toString(), 'hello world!')
  })

  it('does not wait for a pipe that has given what it has', async () => {
    const pipe = new PassThrough()
    pipe.write('hello')
    const {head, data} = await peek(toPipe(pipe), upTo(100))
    assert.equal(head.toString(), 'hello')
    pipe.end(' world')
    assert.equal((await buffer(data.open())).toString(), 'hello world')
  })

  it('opens a file separately', async () => {
    let opened = 0
    const open = () => {
      opened++
      return Readable.from([Buffer.from('hello world')])
    }
    const {head, data} = await peek({size: 11, repeatable: true, open}, upTo(3))
    assert.equal(head.toString(), 'hello world')
    assert.equal((await buffer(data.open())).toString(), 'hello world')
    assert.equal(opened, 2)
  })

  it('fails with the source', async () => {
    const broken = new Readable({read() {}})
    setImmediate(() => broken.destroy(new Error('EIO')))
    await assert.rejects(peek(toPipe(broken), upTo(1)), {message: 'EIO'})
  })

  it('loses nothing of a long pipe', async () => {
    const chunks = Array.from({length: 40}, (_, n) => Buffer.alloc(65_536, n))
    const {head, data} = await peek(toPipe(Readable.from(chunks, {objectMode: false})), upTo(32_774))
    assert.ok(head.length >= 32_774)
    assert.ok((await buffer(data.open())).equals(Buffer.concat(chunks)))
  })
})
