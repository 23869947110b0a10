/** Reports the error that ends a command, and chooses the exit code. */
import {BrokenPipe} from '../io/io.js'
import {Failure} from '../model/errors.js'
import type {Display} from './display.js'

/**
 * Prints the error, except for a broken pipe.
 * @param withStack also print the stack
 * @returns the exit code
 */
export async function reportFailure(error: unknown, display: Display, withStack = false): Promise<number> {
  if (error instanceof BrokenPipe) return 0
  const failure = error instanceof Failure ? error : toUnexpectedFailure(error)
  await display.failure(failure, withStack ? formatStack(error) : undefined)
  return failure.exitCode
}

/** A defect of the tool, reported as one sentence without a stack. */
function toUnexpectedFailure(error: unknown): Failure {
  if (isOutOfFiles(error)) {
    return new Failure('failed', 'too many open files', {
      advice: 'Raise the limit with ulimit -n.',
      cause: error,
    })
  }
  const text = error instanceof Error ? error.message : String(error)
  return new Failure('failed', text || 'something went wrong', {
    advice: 'This error is unexpected. Run the command again with --debug for the stack trace.',
  })
}

function isOutOfFiles(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EMFILE'
}

function formatStack(error: unknown): string[] {
  if (!(error instanceof Error)) return []
  const stack = (error.stack ?? '').split('\n').filter(line => /^\s+at /.test(line))
  const cause =
    error.cause === undefined ? [] : [`  caused by: ${String(error.cause)}`, ...formatStack(error.cause)]
  return [...stack, ...cause]
}
