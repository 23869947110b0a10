/** The clock of the registry: each time is later than the one before it. */

/** Returns the time as `YYYY-MM-DDTHH:MM:SS.ffffff` in UTC; no two calls return the same. */
export type Clock = () => string

/**
 * The time of a change of a record, later than its last one even if the clock of the machine was set back since, or that of
 * another machine is behind.
 * @param last time of the last change of the record
 */
export function laterThan(last: string, now: string): string {
  if (now > last) return now
  const microseconds = Date.parse(`${last.slice(0, 19)}Z`) * 1000 + Number(last.slice(20))
  return formatTime(microseconds + 1)
}

/**
 * A clock that only moves forward, even when the clock of the machine is set back.
 * @param now milliseconds since 1970
 */
export function monotonicClock(now: () => number = Date.now): Clock {
  let last = 0
  return () => {
    last = Math.max(Math.trunc(now() * 1000), last + 1)
    return formatTime(last)
  }
}

function formatTime(microseconds: number): string {
  const seconds = new Date(Math.floor(microseconds / 1000)).toISOString().slice(0, 19)
  return `${seconds}.${String(microseconds % 1_000_000).padStart(6, '0')}`
}
