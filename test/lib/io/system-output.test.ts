/** Output without a stream: what is written at once, and what is left to the stream. */
import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {closeSync, constants, openSync, readFileSync, readSync} from 'node:fs'
import path from 'node:path'
import {Writable} from 'node:stream'
import {explainWriteError, SystemOutput} from '../../../src/lib/io/system-output.js'
import {Failure} from '../../../src/lib/model/errors.js'
import {useTempDir} from '../../support/temp-dir.js'

describe('output of the process', () => {
  const folder = useTempDir()
  let descriptor: number
  afterEach(() => closeSync(descriptor))

  /** The output, and the parts that its stream has received. */
  const openOutput = (file: string, flags: number | string, mayBlock = true) => {
    descriptor = openSync(file, flags)
    const streamed: Buffer[] = []
    const stream = new Writable({
      write(chunk, _, done) {
        streamed.push(chunk)
        done()
      },
    })
    const open = () => stream as NodeJS.WriteStream
    const output = new SystemOutput({
      descriptor,
      open,
      onWriteError: explainWriteError,
      mayBlock: () => mayBlock,
    })
    return {output, streamed}
  }

  it('goes into a file without a stream', async () => {
    const file = path.join(folder(), 'out')
    const {output, streamed} = openOutput(file, 'w')
    await output.write('one, ')
    await output.write(Buffer.from('two'))
    assert.deepEqual([readFileSync(file, 'utf8'), streamed], ['one, two', []])
    assert.deepEqual([output.isTerminal, output.columns], [false, undefined])
  })

  it('goes through the stream once signals are listened for', async () => {
    const file = path.join(folder(), 'out')
    const {output, streamed} = openOutput(file, 'w', false)
    await output.write('one')
    assert.deepEqual([readFileSync(file, 'utf8'), streamed], ['', [Buffer.from('one')]])
  })

  it('goes on through the stream where a pipe that does not block is full', async () => {
    const pipe = path.join(folder(), 'pipe')
    execFileSync('mkfifo', [pipe])
    const {output, streamed} = openOutput(pipe, constants.O_RDWR | constants.O_NONBLOCK)
    const data = Buffer.alloc(1024 * 1024, 'abcdefg')
    await output.write(data)
    await output.write('end')
    const written = Buffer.alloc(data.length)
    const length = readSync(descriptor, written)
    assert.ok(length > 0 && length < data.length)
    assert.deepEqual(
      Buffer.concat([written.subarray(0, length), ...streamed]),
      Buffer.concat([data, Buffer.from('end')]),
    )
  })

  it('fails where nothing can be written', async () => {
    const {output, streamed} = openOutput('/dev/full', 'w')
    await assert.rejects(
      output.write('lost'),
      (error: Error) => error instanceof Failure && error.why?.includes('ENOSPC') === true,
    )
    assert.deepEqual(streamed, [])
  })
})
