/** Bounds the log lines that wait for a slow reader. */

/** Writes a line; a promise is pending until the line is handed on. */
export type WriteLine = (line: string) => unknown

/** Characters of waiting lines. */
const MAX_WAITING = 1024 * 1024

/**
 * Drops lines while too many wait to be written, and reports how many when the reader has caught up.
 * @param maxWaiting characters of waiting lines
 */
export function limitBacklog(write: WriteLine, maxWaiting = MAX_WAITING): (line: string) => void {
  let waiting = 0
  let dropped = 0
  const send = (line: string): void => {
    const written = write(line)
    if (!(written instanceof Promise)) return
    waiting += line.length
    const onSettled = () => {
      waiting -= line.length
      if (waiting > 0 || dropped === 0) return
      const count = dropped
      dropped = 0
      send(`dropped ${count} lines of the log that were not read in time`)
    }
    written.then(onSettled, onSettled)
  }
  return line => {
    if (waiting + line.length > maxWaiting) dropped += 1
    else send(line)
  }
}
