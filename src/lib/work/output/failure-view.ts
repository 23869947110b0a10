/** Formats failures for people. */
import type {Failure} from '../../model/errors.js'

/** The failure that ends a command: its message, and further lines. @param trail lines of its stack */
export function failureLines(
  {message, why, advice, requestId}: Failure,
  trail: readonly string[],
): [message: string, ...details: string[]] {
  const details = [why, advice, requestId && `request id: ${requestId}`].filter(Boolean)
  return [message, ...details.map(line => `  ${line}`), ...trail]
}

/** The failure of one of several parts, in one line. */
export function partialFailureLine({message, why}: Failure): string {
  return `glance: ${message}${why === undefined ? '' : `: ${why}`}`
}
