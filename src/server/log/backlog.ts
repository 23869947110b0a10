/** Bounds the log lines that wait for a slow output, and counts those that it did not take. */

import type {LogFacts} from './line-format.js'

/** Writes a line; a promise is pending until the line is handed on, and rejects if it cannot be written. */
export type WriteLine = (line: string, facts?: LogFacts) => unknown

/** Characters of waiting lines. */
const MAX_WAITING = 1024 * 1024

/**
 * Drops lines while too many wait to be written, and reports how many were dropped or could not be written once the
 * output takes lines again and none waits.
 * @param maxWaiting characters of waiting lines
 */
export function limitBacklog(
  write: WriteLine,
  maxWaiting = MAX_WAITING,
): (line: string, facts?: LogFacts) => void {
  let waiting = 0
  let dropped = 0
  /** @param count lines that are lost if this one is */
  const send = (line: string, count: number, facts?: LogFacts): void => {
    const written = write(line, facts)
    if (!(written instanceof Promise)) return
    waiting += line.length
    written.then(
      () => {
        waiting -= line.length
        if (waiting === 0) reportDropped()
      },
      () => {
        waiting -= line.length
        dropped += count
      },
    )
  }
  const reportDropped = (): void => {
    const count = dropped
    dropped = 0
    if (count > 0) send(`dropped ${count} lines of the log that could not be written in time`, count)
  }
  return (line, facts) => {
    if (waiting + line.length > maxWaiting) dropped += 1
    else send(line, 1, facts)
  }
}
