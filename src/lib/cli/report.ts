/** Reports a failure once: what failed, why, and what to do, on standard error; and picks the exit code. */
import type {Output} from '../io/io.js'
import {ReaderGone} from '../io/io.js'
import {Failure} from '../model/errors.js'
import {printable} from '../work/text.js'

export interface ReportOptions {
  /** Also print where it comes from. */
  readonly stack?: boolean
  /** Takes the secrets of this run out of a text: servers may send them back in their answers. */
  readonly hide?: (text: string) => string
}

/** Prints what went wrong, unless it is only that the reader went away, and gives the exit code for it. */
export async function report(error: unknown, stderr: Output, options: ReportOptions = {}): Promise<number> {
  const {stack = false, hide = text => text} = options
  if (error instanceof ReaderGone) return 0
  const failure = error instanceof Failure ? error : unexpected(error)
  const prefix = stderr.isTerminal ? await inRed('glance:') : 'glance:'
  const lines = [
    `${prefix} ${printable(failure.message)}`,
    ...[failure.why && hide(failure.why), failure.advice]
      .filter(line => line)
      .map(line => `  ${printable(line ?? '')}`),
    ...(failure.requestId === undefined ? [] : [`  request id: ${printable(failure.requestId)}`]),
    ...(stack ? stackLines(error) : []),
  ]
  await stderr.write(`${lines.join('\n')}\n`)
  return failure.exitCode
}

/** A defect of ours: the user sees a sentence, not a stack. */
function unexpected(error: unknown): Failure {
  const text = error instanceof Error ? error.message : String(error)
  return new Failure('failed', text || 'something went wrong', {
    advice: 'This is not an error we expected. Run it again with --debug to see where it comes from.',
  })
}

async function inRed(text: string): Promise<string> {
  const {default: chalk} = await import('chalk')
  return chalk.bold.red(text)
}

function stackLines(error: unknown): string[] {
  if (!(error instanceof Error)) return []
  const stack = (error.stack ?? '').split('\n').filter(line => /^\s+at /.test(line))
  const cause =
    error.cause === undefined ? [] : [`  caused by: ${String(error.cause)}`, ...stackLines(error.cause)]
  return [...stack, ...cause]
}
