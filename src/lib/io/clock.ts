/** A clock for time-outs, and turns of the event loop. */

/** Milliseconds on a clock that never goes back. `performance.now` is the same, but its first use loads a module of Node. */
export function readClock(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}

/** Resolves in the next turn of the event loop. Needs no module of Node. */
export function nextTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
