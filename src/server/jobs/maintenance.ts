/** Work that the service repeats while it runs: clean-ups that failed, and the search for data that no image uses. */
import type {UnusedData} from '../images/unused-data.js'
import type {Cleanups} from '../images/uploads.js'
import type {JobQueue} from './queue.js'

/** Milliseconds between the attempts to clean up, and between two searches. */
const RETRY_INTERVAL = 60_000
const SWEEP_INTERVAL = 3_600_000

/** Dependencies of `startMaintenance`. */
export interface MaintenanceParts {
  readonly unused: Pick<UnusedData, 'retry' | 'removeAll' | 'sweep'>
  readonly cleanups: Pick<Cleanups, 'retry'>
  readonly queue: Pick<JobQueue, 'wake'>
  readonly warn: (line: string) => void
}

/** Starts the work, which does not keep the process alive. @returns a function that ends it */
export function startMaintenance(parts: MaintenanceParts): () => void {
  const {unused, cleanups, queue, warn} = parts
  const retry = async () => {
    await cleanups.retry()
    await unused.retry()
    queue.wake()
  }
  const sweep = async () => {
    // Another process may have left some when it died.
    const removed = (await unused.removeAll()) + (await unused.sweep())
    if (removed > 0) warn(`deleted ${removed} files that no image used`)
  }
  const timers = [setInterval(retry, RETRY_INTERVAL), setInterval(sweep, SWEEP_INTERVAL)]
  for (const timer of timers) timer.unref()
  return () => {
    for (const timer of timers) clearInterval(timer)
  }
}
