/** Asks a person at a terminal for a yes or a no. */
import type {ReadStream, WriteStream} from 'node:tty'
import {Failure} from '../model/errors.js'
import type {Question} from './io.js'

/**
 * Writes the question to `output` and reads one line from `input`, which must be a terminal.
 * An empty line is the default, `y` and `yes` are yes, anything else is no.
 * @throws Failure of kind interrupted for Ctrl-C and Ctrl-D
 */
export async function ask(question: Question, input: ReadStream, output: WriteStream): Promise<boolean> {
  const {default: enquirer} = await import('enquirer')
  const choices = question.default ? '[Y/n]' : '[y/N]'
  const prompt = {
    type: 'input',
    name: 'answer',
    message: `${question.text} ${choices}`,
    stdin: input,
    stdout: output,
  }
  const answers: {answer?: string} = await enquirer
    .prompt<{answer: string}>({...prompt, ...PLAIN})
    .catch(() => {
      throw new Failure('interrupted', 'interrupted at a question')
    })
  const answer = (answers.answer ?? '').trim().toLowerCase()
  return answer === '' ? question.default : answer === 'y' || answer === 'yes'
}

/** No ornaments around the question, and Ctrl-D ends it. The library takes such objects, though its types know only texts. */
const PLAIN: object = {
  prefix: {pending: ''},
  separator: {pending: () => ''},
  actions: {ctrl: {c: 'cancel', d: 'cancel'}},
}
