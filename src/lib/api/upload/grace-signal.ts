/** Lets the reply to the creation of a record arrive although the user interrupts. */

/** Milliseconds. */
const GRACE_PERIOD = 5000

/**
 * The signal of a request that creates a record. It is aborted later than the given one, so that the reply can still
 * arrive and show if there is a record to delete.
 */
export function graceSignal(signal: AbortSignal | undefined): {signal?: AbortSignal} {
  if (signal === undefined) return {}
  const controller = new AbortController()
  const startTimer = () =>
    AbortSignal.timeout(GRACE_PERIOD).addEventListener('abort', () => controller.abort(signal.reason))
  if (signal.aborted) return {signal}
  signal.addEventListener('abort', startTimer, {once: true})
  return {signal: controller.signal}
}
