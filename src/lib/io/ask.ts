/** Asks questions on a terminal. */
import type {ReadStream, WriteStream} from 'node:tty'
import {Failure} from '../model/errors.js'
import type {Question} from './io.js'

/**
 * Writes the question to `output` and reads one line from `input`, which must be a terminal.
 * An empty line is the default, `y` and `yes` are yes, anything else is no.
 * @throws Failure of kind interrupted for Ctrl-C and Ctrl-D
 */
export async function ask(question: Question, input: ReadStream, output: WriteStream): Promise<boolean> {
  const choices = question.default ? '[Y/n]' : '[y/N]'
  const typed = await prompt('input', `${question.text} ${choices}`, input, output)
  const answer = typed.trim().toLowerCase()
  return answer === '' ? question.default : answer === 'y' || answer === 'yes'
}

/**
 * Asks for a secret without echoing it.
 * @throws Failure of kind interrupted for Ctrl-C and Ctrl-D
 */
export function askSecret(question: string, input: ReadStream, output: WriteStream): Promise<string> {
  return prompt('invisible', `${question.replace(/[:\s]+$/, '')}:`, input, output)
}

async function prompt(
  type: 'input' | 'invisible',
  message: string,
  input: ReadStream,
  output: WriteStream,
): Promise<string> {
  const {default: enquirer} = await import('enquirer')
  const question = {type, name: 'answer', message, stdin: input, stdout: output}
  const answers = await enquirer.prompt<{answer?: string}>({...question, ...PLAIN_STYLE}).catch(() => {
    throw new Failure('interrupted', 'interrupted at a prompt')
  })
  return answers.answer ?? ''
}

/** No ornaments around the question, and Ctrl-D cancels it. The library accepts objects here; its types allow only text. */
const PLAIN_STYLE: object = {
  prefix: {pending: ''},
  separator: {pending: () => ''},
  actions: {ctrl: {c: 'cancel', d: 'cancel'}},
}
