/** Asks questions on a terminal. */

import type {ReadStream, WriteStream} from 'node:tty'
import {Failure} from '../model/errors.js'
import type {Question} from './io.js'

/** The terminal of a question. */
export interface Terminal {
  readonly input: ReadStream
  readonly output: WriteStream
  /** Ends the question; its reason is thrown. */
  readonly interrupted: AbortSignal
  /** Emits `SIGCONT` when the process goes on after Ctrl-Z. */
  readonly signals: Pick<NodeJS.EventEmitter, 'on' | 'off'>
}

/**
 * Writes the question and reads one line. An empty line is the default, `y` and `yes` are yes, anything else is no, and
 * so is the end of the input (Ctrl-D, or a terminal that was closed).
 * @throws Failure of kind interrupted for Ctrl-C and for a signal
 */
export async function ask(question: Question, terminal: Terminal): Promise<boolean> {
  const choices = question.default ? '[Y/n]' : '[y/N]'
  const typed = await prompt('input', `${question.text} ${choices}`, terminal)
  if (typed === undefined) return false
  const answer = typed.trim().toLowerCase()
  return answer === '' ? question.default : answer === 'y' || answer === 'yes'
}

/**
 * Asks for a secret without echoing it.
 * @throws Failure of kind interrupted for Ctrl-C, Ctrl-D and a signal
 */
export async function askSecret(question: string, terminal: Terminal): Promise<string> {
  const secret = await prompt('invisible', `${question.replace(/[:\s]+$/, '')}:`, terminal)
  if (secret === undefined) throw interruptedError()
  return secret
}

/** The part of a prompt of the library that ends it, and tells how it ended. */
interface RunningPrompt {
  readonly state: {readonly cancelled?: boolean; readonly keypress?: {readonly raw: string}}
  once(event: 'close', listener: () => void): void
  cancel(): Promise<void>
  render(): Promise<void>
}

const CTRL_D = '\x04'

/** @returns undefined for the end of the input @throws Failure of kind interrupted for Ctrl-C and for a signal */
async function prompt(
  type: 'input' | 'invisible',
  message: string,
  {input, output, interrupted, signals}: Terminal,
): Promise<string | undefined> {
  const {default: Enquirer} = await import('enquirer')
  interrupted.throwIfAborted()
  const enquirer = new Enquirer<{answer?: string}>()
  tolerateClosing(input)
  let cancel = () => {}
  let end = () => {}
  let show = () => {}
  // Since Node 24 the library's own promise stays pending when a key cancels it: it pauses a reader that Node has
  // closed, which throws. The prompt has closed by then, and that is what counts.
  const cancelled = new Promise<string>(resolve => {
    end = () => resolve(CTRL_D)
    enquirer.on('prompt', (prompt: RunningPrompt) => {
      cancel = () => void prompt.cancel().catch(end)
      show = () => void prompt.render()
      prompt.once('close', () => {
        if (prompt.state.cancelled) resolve(prompt.state.keypress?.raw ?? '')
      })
    })
  })
  const onAbort = () => cancel()
  // Ctrl-Z pauses the input, and the library does not go on when the process does.
  const onContinue = () => {
    setImmediate(() => {
      input.resume()
      show()
    })
  }
  signals.on('SIGCONT', onContinue)
  interrupted.addEventListener('abort', onAbort)
  input.once('end', end)
  const question = {type, name: 'answer', message, stdin: input, stdout: output}
  const result = await Promise.race([enquirer.prompt({...question, ...PLAIN_STYLE}), cancelled])
  interrupted.removeEventListener('abort', onAbort)
  input.off('end', end)
  signals.off('SIGCONT', onContinue)
  interrupted.throwIfAborted()
  if (typeof result === 'object') return result.answer ?? ''
  if (result === CTRL_D) return undefined
  throw interruptedError()
}

const tolerantInputs = new WeakSet<ReadStream>()

/** Ignores that a terminal that was closed refuses to change its mode, an error that would end the process. */
function tolerateClosing(input: ReadStream): void {
  if (tolerantInputs.has(input)) return
  tolerantInputs.add(input)
  const setRawMode = input.setRawMode.bind(input)
  input.setRawMode = mode => {
    try {
      return setRawMode(mode)
    } catch {
      return input
    }
  }
}

function interruptedError(): Failure {
  return new Failure('interrupted', 'interrupted at a prompt')
}

const plain = (text: string) => text

/** No colours, which NO_COLOR would have to turn off, no ornaments around the question, and Ctrl-D cancels it. The library accepts objects here; its types allow only text. */
const PLAIN_STYLE: object = {
  prefix: {pending: ''},
  separator: {pending: () => ''},
  styles: {strong: plain, submitted: plain},
  actions: {ctrl: {c: 'cancel', d: 'cancel'}},
}
