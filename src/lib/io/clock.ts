/** A clock for time-outs. */

/** Milliseconds on a clock that never goes back. `performance.now` is the same, but its first use loads a module of Node. */
export function readClock(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}
