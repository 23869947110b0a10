/** Asks a person at a terminal for a yes or a no. */
import type {ReadStream, WriteStream} from 'node:tty'
import type {Question} from './io.js'

/**
 * Writes the question to `output` and reads one line from `input`, which must be a terminal.
 * An empty line is the default, `y` and `yes` are yes, anything else is no; so is Ctrl-C or the end of the input.
 */
export async function ask(
  question: Question,
  input: ReadStream,
  output: WriteStream,
  interrupted: AbortSignal,
): Promise<boolean> {
  const {default: enquirer} = await import('enquirer')
  const choices = question.default ? '[Y/n]' : '[y/N]'
  const prompt = {
    type: 'input',
    name: 'answer',
    message: `${question.text} ${choices}`,
    stdin: input,
    stdout: output,
    prefix: '',
    separator: '',
  }
  const answers: {answer?: string} = await enquirer
    .prompt<{answer: string}>(prompt)
    .catch(() => ({answer: 'no'}))
  interrupted.throwIfAborted()
  const answer = (answers.answer ?? '').trim().toLowerCase()
  return answer === '' ? question.default : answer === 'y' || answer === 'yes'
}
