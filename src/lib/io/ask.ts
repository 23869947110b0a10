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

/** The part of a prompt of the library that tells which key cancelled it. */
interface CancelledPrompt {
  readonly state: {readonly keypress: {readonly raw: string}}
}

const CTRL_D = '\x04'

/** @returns undefined for Ctrl-D @throws Failure of kind interrupted for Ctrl-C */
async function prompt(
  type: 'input' | 'invisible',
  message: string,
  input: ReadStream,
  output: WriteStream,
): Promise<string | undefined> {
  const {default: enquirer} = await import('enquirer')
  let isAtEnd = false
  const onCancel = (_name: string, _value: unknown, prompt: object): boolean => {
    isAtEnd = (prompt as CancelledPrompt).state.keypress.raw === CTRL_D
    return true
  }
  const question = {type, name: 'answer', message, stdin: input, stdout: output, onCancel}
  try {
    const answers = await enquirer.prompt<{answer?: string}>({...question, ...PLAIN_STYLE})
    return answers.answer ?? ''
  } catch {
    if (isAtEnd) return undefined
    throw interruptedError()
  }
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
