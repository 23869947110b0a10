/** Ids on standard input: one per line, each once, within limits. */
import assert from 'node:assert/strict'
import {Readable} from 'node:stream'
import type {Input} from '../../../src/lib/io/io.js'
import {readIds} from '../../../src/lib/io/read-ids.js'
import {Failure} from '../../../src/lib/model/errors.js'

describe('readIds', () => {
  const never = new AbortController().signal
  const read = (chunks: Iterable<string | Buffer>, maxIds?: number) => {
    const bytes = Readable.from(chunks).map((chunk: string | Buffer) => Buffer.from(chunk))
    return readIds({kind: 'pipe', size: undefined, open: () => bytes}, never, maxIds)
  }

  it('reads one id or name per line, each once, without surrounding blanks', async () => {
    assert.deepEqual(await read(['a\n\n  My Image \t\r\n', '\u{feff}b\na\n \nc']), [
      'a',
      'My Image',
      'b',
      'c',
    ])
    assert.deepEqual(await read(['\n \n']), [])
    assert.deepEqual(await read([]), [])
  })

  it('joins lines and characters that chunks divide', async () => {
    const bytes = Buffer.from('größe\nzwei\n')
    assert.deepEqual(await read([...bytes].map(byte => Buffer.from([byte]))), ['größe', 'zwei'])
  })

  it('refuses a line that is too long before the whole of it is read', async () => {
    let chunks = 0
    const endless = (function* () {
      yield 'a\n'
      for (;;) {
        chunks++
        yield 'x'.repeat(1024)
      }
    })()
    await assert.rejects(read(endless), {
      kind: 'usage',
      message: 'line 2 of standard input is not an id',
      why: 'it is longer than 4096 characters, or is not text in UTF-8',
    })
    assert.ok(chunks < 100, `${chunks} chunks were read`)
    assert.deepEqual(await read(['x'.repeat(4096)]), ['x'.repeat(4096)])
  })

  it('refuses binary data', async () => {
    for (const bytes of [Buffer.from('a\nb\0c\n'), Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x0a])])
      await assert.rejects(read([bytes]), {message: 'line 2 of standard input is not an id'})
  })

  it('refuses more ids than the limit', async () => {
    assert.deepEqual(await read(['a\nb\na\nc'], 3), ['a', 'b', 'c'])
    await assert.rejects(read(['a\nb\na\nc'], 2), {
      kind: 'usage',
      message: 'standard input has more than 2 ids',
    })
  })

  it('opens no terminal, and no input without a source', async () => {
    const open = () => assert.fail('opened')
    const input = (kind: Input['kind']) => readIds({kind, size: undefined, open}, never)
    assert.deepEqual(await input('nothing'), [])
    await assert.rejects(input('terminal'), {kind: 'usage', message: 'cannot read ids from a terminal'})
  })

  it('ends with the reason of an interruption', async () => {
    const controller = new AbortController()
    const silent = new Readable({read: () => controller.abort(new Failure('interrupted', 'by SIGINT'))})
    const reading = readIds({kind: 'pipe', size: undefined, open: () => silent}, controller.signal)
    await assert.rejects(reading, {kind: 'interrupted', message: 'by SIGINT'})
  })
})
