/** Waits until the service has noticed that an upload broke off. */
import {setTimeout} from 'node:timers/promises'

/** Milliseconds before the second look. */
const FIRST_WAIT = 200

/** Milliseconds that a service may take. */
const NOTICED_WITHIN = 30_000

const UNDER_WAY = ['saving', 'importing', 'uploading']

/**
 * The status of an image once nothing is under way with it any more; undefined when that does not come about.
 * @param look gives the status; undefined while the service does not answer
 */
export async function settledStatus(
  look: () => Promise<string | undefined>,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const end = performance.now() + NOTICED_WITHIN
  for (let wait = FIRST_WAIT; performance.now() < end; wait *= 1.5) {
    const status = await look()
    if (status !== undefined && !UNDER_WAY.includes(status)) return status
    await setTimeout(wait, undefined, signal ? {signal} : {}).catch(() => {})
    signal?.throwIfAborted()
  }
  return undefined
}
