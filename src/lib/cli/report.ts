/** Reports a failure once: what failed, why, and what to do, on standard error; and picks the exit code. */
import type {Output} from '../io/io.js'
import {ReaderGone} from '../io/io.js'
import {Failure} from '../model/errors.js'
import {failureRecord, jsonLine} from '../work/output/json.js'
import {printable} from '../work/text.js'

export interface ReportOptions {
  /** Also print where it comes from. */
  readonly stack?: boolean
  /** For programs: an object in a line. */
  readonly json?: boolean
  /** Takes the secrets of this run out of a text: servers may send them back in their answers. */
  readonly hide?: (text: string) => string
}

/** Prints what went wrong, unless it is only that the reader went away, and gives the exit code for it. */
export async function report(error: unknown, stderr: Output, options: ReportOptions = {}): Promise<number> {
  const {stack = false, json = false, hide = text => text} = options
  if (error instanceof ReaderGone) return 0
  const known = error instanceof Failure ? error : unexpected(error)
  const failure = known.with({why: known.why && hide(known.why), advice: known.advice && hide(known.advice)})
  const trail = (stack ? stackLines(error) : []).map(line => printable(hide(line)))
  const lines = json
    ? [jsonLine({...failureRecord(failure), ...(stack && {stack: trail})})]
    : [...(await linesOf(failure, stderr.isTerminal)), ...trail]
  await stderr.write(`${lines.join('\n')}\n`)
  return failure.exitCode
}

async function linesOf({message, why, advice, requestId}: Failure, isTerminal: boolean): Promise<string[]> {
  return [
    `${isTerminal ? await inRed('glance:') : 'glance:'} ${printable(message)}`,
    ...[why, advice].flatMap(line => (line ? [`  ${printable(line)}`] : [])),
    ...(requestId === undefined ? [] : [`  request id: ${printable(requestId)}`]),
  ]
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
