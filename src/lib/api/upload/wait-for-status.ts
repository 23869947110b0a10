/** Waits until the service has noticed that an upload broke off. */
import {setTimeout} from 'node:timers/promises'

/** Milliseconds before the second look. */
const INITIAL_DELAY = 200

/** Milliseconds that a service may take. */
const TIMEOUT = 30_000

const TRANSIENT_STATUSES = ['saving', 'importing', 'uploading']

/**
 * The status of an image once nothing is under way with it any more; undefined when that does not come about.
 * @param readStatus gives the status; undefined while the service does not answer
 */
export async function waitForStatus(
  readStatus: () => Promise<string | undefined>,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const deadline = performance.now() + TIMEOUT
  for (let delay = INITIAL_DELAY; performance.now() < deadline; delay *= 1.5) {
    const status = await readStatus()
    if (status !== undefined && !TRANSIENT_STATUSES.includes(status)) return status
    await setTimeout(delay, undefined, signal ? {signal} : {}).catch(() => {})
    signal?.throwIfAborted()
  }
  return undefined
}
