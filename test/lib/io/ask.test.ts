/** Questions on a terminal: the answers that are typed, the end of the input, and an interruption. */
import assert from 'node:assert/strict'
import {EventEmitter} from 'node:events'
import {PassThrough} from 'node:stream'
import type {ReadStream, WriteStream} from 'node:tty'
import {ask, askSecret, type Terminal} from '../../../src/lib/io/ask.js'
import {Failure} from '../../../src/lib/model/errors.js'
import {failureKind} from '../../support/failure.js'

/** A terminal on which something happens as soon as the question is shown, for example keys are typed. */
function terminal(
  event: string | ((input: PassThrough) => void),
  signals: EventEmitter = new EventEmitter(),
): Terminal {
  const setRawMode = () => input.readableEnded && input.emit('error', new Error('setRawMode EIO'))
  const input: PassThrough = Object.assign(new PassThrough(), {isTTY: true, setRawMode})
  const output = Object.assign(new PassThrough(), {isTTY: true, columns: 80})
  output.once('data', () => (typeof event === 'string' ? input.push(event) : event(input)))
  output.resume()
  return {
    input: input as unknown as ReadStream,
    output: output as unknown as WriteStream,
    interrupted: new AbortController().signal,
    signals,
  }
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
      assert.equal(await ask(next, terminal(keys)), answer)
    })
  }

  it('goes on after Ctrl-Z', async () => {
    const signals = new EventEmitter()
    const stop = (input: PassThrough) => {
      input.pause()
      input.push('y\r')
      signals.emit('SIGCONT')
    }
    assert.equal(await ask({text: 'Delete?', default: false}, terminal(stop, signals)), true)
    assert.equal(signals.listenerCount('SIGCONT'), 0)
  })

  it('is interrupted by Ctrl-C, and a secret by Ctrl-D too', async () => {
    await assert.rejects(ask(next, terminal('\x03')), failureKind('interrupted'))
    await assert.rejects(askSecret('Password:', terminal('\x04')), failureKind('interrupted'))
  })

  it('is interrupted by a signal', async () => {
    const controller = new AbortController()
    const reason = new Failure('interrupted', 'interrupted by SIGHUP')
    const {signal: interrupted} = controller
    const asked = terminal(() => controller.abort(reason))
    await assert.rejects(ask(next, {...asked, interrupted}), reason)
  })

  it('takes a terminal that is closed for no', async () => {
    assert.equal(
      await ask(
        next,
        terminal(input => input.end()),
      ),
      false,
    )
  })
})
