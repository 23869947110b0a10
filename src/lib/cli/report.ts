/** Reports the error that ends a command, and picks the exit code. */
import {BrokenPipe} from '../io/io.js'
import {Failure} from '../model/errors.js'
import type {Display} from './display.js'

/**
 * Prints the error, unless it is only that the reader went away.
 * @param withStack also print where it comes from
 * @returns the exit code
 */
export async function reportFailure(error: unknown, display: Display, withStack = false): Promise<number> {
  if (error instanceof BrokenPipe) return 0
  const failure = error instanceof Failure ? error : toUnexpectedFailure(error)
  await display.failure(failure, withStack ? formatStack(error) : undefined)
  return failure.exitCode
}

/** A defect of ours: the user sees a sentence, not a stack. */
function toUnexpectedFailure(error: unknown): Failure {
  const text = error instanceof Error ? error.message : String(error)
  return new Failure('failed', text || 'something went wrong', {
    advice: 'This is not an error we expected. Run it again with --debug to see where it comes from.',
  })
}

function formatStack(error: unknown): string[] {
  if (!(error instanceof Error)) return []
  const stack = (error.stack ?? '').split('\n').filter(line => /^\s+at /.test(line))
  const cause =
    error.cause === undefined ? [] : [`  caused by: ${String(error.cause)}`, ...formatStack(error.cause)]
  return [...stack, ...cause]
}
