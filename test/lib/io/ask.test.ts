/** Questions on a terminal: the answers that are typed, the end of the input, and an interruption. */
import assert from 'node:assert/strict'
import {PassThrough} from 'node:stream'
import type {ReadStream, WriteStream} from 'node:tty'
import {ask, askSecret} from '../../../src/lib/io/ask.js'
import {failureKind} from '../../support/failure.js'

/** A terminal on which the keys are typed as soon as the question is shown. */
function terminal(keys: string): [ReadStream, WriteStream] {
  const raw = {isTTY: true, setRawMode: () => {}}
  const input = Object.assign(new PassThrough(), raw) as unknown as ReadStream
  const output = Object.assign(new PassThrough(), {isTTY: true, columns: 80})
  output.once('data', () => input.push(keys))
  output.resume()
  return [input, output as unknown as WriteStream]
}

describe('a question on a terminal', () => {
  const next = {text: 'Fetch next page?', default: true}
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['an empty line', '\r', true],
    ['y', 'y\r', true],
    ['anything else', 'maybe\r', false],
    ['Ctrl-D', '\x04', false],
  ]
  for (const [name, keys, answer] of cases) {
    it(`takes ${name} for ${answer ? 'yes' : 'no'}`, async () => {
      assert.equal(await ask(next, ...terminal(keys)), answer)
    })
  }

  it('is interrupted by Ctrl-C, and a secret by Ctrl-D too', async () => {
    await assert.rejects(ask(next, ...terminal('\x03')), failureKind('interrupted'))
    await assert.rejects(askSecret('Password:', ...terminal('\x04')), failureKind('interrupted'))
  })
})
