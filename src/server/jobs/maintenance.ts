/** Work that the service repeats: clean-ups that failed, delayed deletions, and the search for unused data and old tasks. */
import type {UnusedData} from '../images/unused-data.js'
import type {Cleanups} from '../images/uploads.js'
import type {Registry} from '../registry/registry.js'
import type {JobQueue} from './queue.js'
import {deleteOldTasks} from './recovery.js'
import type {Scrubber} from './scrubber.js'

/** Milliseconds between the attempts to clean up, and between two searches. */
const RETRY_INTERVAL = 60_000
const SWEEP_INTERVAL = 3_600_000

/** Dependencies of `startMaintenance`. */
export interface MaintenanceParts {
  readonly registry: Pick<Registry, 'deleteFinishedTasks' | 'isShared'>
  readonly unused: Pick<UnusedData, 'retry' | 'removeAll' | 'sweep'>
  readonly cleanups: Pick<Cleanups, 'retry'>
  readonly scrubber: Pick<Scrubber, 'scrub'>
  readonly log: (line: string) => void
  readonly queue: Pick<JobQueue, 'wake'>
  readonly warn: (line: string) => void
}

/**
 * Starts the work, which does not keep the process alive.
 * @returns a function that ends it, and waits for a search that runs
 */
export function startMaintenance(parts: MaintenanceParts): () => Promise<void> {
  const {registry, unused, cleanups, queue, warn} = parts
  const retry = async () => {
    await cleanups.retry()
    await unused.retry()
    await scrub(parts)
    queue.wake()
  }
  const stop = new AbortController()
  const sweep = async () => {
    // Another process may have left some when it died.
    const removed = (await unused.removeAll(stop.signal)) + (await unused.sweep(stop.signal))
    if (removed > 0) warn(`deleted ${removed} files that no image used`)
    // Without the database it is done the next time.
    await deleteOldTasks(registry).catch(() => {})
  }
  let search = registry.isShared ? sweep() : Promise.resolve()
  const searchAgain = () => {
    search = search.then(sweep)
  }
  const timers = [setInterval(retry, RETRY_INTERVAL), setInterval(searchAgain, SWEEP_INTERVAL)]
  for (const timer of timers) timer.unref()
  return async () => {
    for (const timer of timers) clearInterval(timer)
    stop.abort()
    await search
  }
}

/** Without the database it is done the next time; the log says already that it is away. */
async function scrub({scrubber, log}: MaintenanceParts): Promise<void> {
  const scrubbed = await scrubber.scrub().catch(() => 0)
  if (scrubbed > 0) log(`scrubbed ${scrubbed} images that were deleted`)
}
