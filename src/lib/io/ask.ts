/** Asks questions on a terminal. */
import type {ReadStream, WriteStream} from 'node:tty'
import {Failure} from '../model/errors.js'
import type {Question} from './io.js'

/**
 * Writes the question to `output` and reads one line from `input`, which must be a terminal.
 * An empty line is the default, `y` and `yes` are yes, anything else is no, and so is Ctrl-D, the end of the input.
 * @throws Failure of kind interrupted for Ctrl-C
 */
export async function ask(question: Question, input: ReadStream, output: WriteStream): Promise<boolean> {
  const choices = question.default ? '[Y/n]' : '[y/N]'
  const typed = await prompt('input', `${question.text} ${choices}`, input, output)
  if (typed === undefined) return false
  const answer = typed.trim().toLowerCase()
  return answer === '' ? question.default : answer === 'y' || answer === 'yes'
}

/**
 * Asks for a secret without echoing it.
 * @throws Failure of kind interrupted for Ctrl-C and Ctrl-D
 */
export async function askSecret(question: string, input: ReadStream, output: WriteStream): Promise<string> {
  const secret = await prompt('invisible', `${question.replace(/[:\s]+$/, '')}:`, input, output)
  if (secret === undefined) throw interruptedError()
  return secret
}

/** The part of a prompt of the library that tells how it ended. */
interface RunningPrompt {
  readonly state: {readonly cancelled?: boolean; readonly keypress?: {readonly raw: string}}
  once(event: 'close', listener: () => void): void
}

const CTRL_D = '\x04'

/** @returns undefined for Ctrl-D @throws Failure of kind interrupted for Ctrl-C */
async function prompt(
  type: 'input' | 'invisible',
  message: string,
  input: ReadStream,
  output: WriteStream,
): Promise<string | undefined> {
  const {default: Enquirer} = await import('enquirer')
  const enquirer = new Enquirer<{answer?: string}>()
  // Since Node 24 the library's own promise stays pending when a key cancels it: it pauses a reader that Node has
  // closed, which throws. The prompt has closed by then, and that is what counts.
  const cancelled = new Promise<string>(resolve => {
    enquirer.on('prompt', (prompt: RunningPrompt) => {
      prompt.once('close', () => {
        if (prompt.state.cancelled) resolve(prompt.state.keypress?.raw ?? '')
      })
    })
  })
  const question = {type, name: 'answer', message, stdin: input, stdout: output}
  const result = await Promise.race([enquirer.prompt({...question, ...PLAIN_STYLE}), cancelled])
  if (typeof result === 'object') return result.answer ?? ''
  if (result === CTRL_D) return undefined
  throw interruptedError()
}

function interruptedError(): Failure {
  return new Failure('interrupted', 'interrupted at a prompt')
}

/** No ornaments around the question, and Ctrl-D cancels it. The library accepts objects here; its types allow only text. */
const PLAIN_STYLE: object = {
  prefix: {pending: ''},
  separator: {pending: () => ''},
  actions: {ctrl: {c: 'cancel', d: 'cancel'}},
}
