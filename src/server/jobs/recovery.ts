/** Recovery: takes over what processes held that died. */
import type {UnusedData} from '../images/unused-data.js'
import type {Decide, ImageRecord, Registry} from '../registry/registry.js'
import {isBegunCopy, requeue} from './copies.js'
import type {JobQueue} from './queue.js'
import {MAX_ATTEMPTS} from './tasks.js'

/** Dependencies of `recover` and `takeOver`. */
export interface RecoveryParts {
  readonly registry: Registry
  readonly unused: UnusedData
  readonly queue: JobQueue
}

/** Hours for which finished tasks are kept. */
const TASK_HOURS = 48

/**
 * Takes over what dead processes held, and deletes the data that no image uses. Call it at the start. Where other processes
 * may store too, the search for that data may be long: then the maintenance does it, and deletes old tasks.
 * @returns the number of killed images and of removed files
 */
export async function recover(parts: RecoveryParts): Promise<{killed: number; removed: number}> {
  const {registry, unused} = parts
  const {killed} = await takeOver(parts)
  if (registry.isShared) return {killed, removed: 0}
  await deleteOldTasks(registry)
  return {killed, removed: (await unused.removeAll()) + (await unused.sweep())}
}

/** Deletes the tasks that finished long ago. */
export async function deleteOldTasks(registry: Pick<Registry, 'deleteFinishedTasks'>): Promise<void> {
  await registry.deleteFinishedTasks(new Date(Date.now() - TASK_HOURS * 3_600_000).toISOString().slice(0, 23))
}

/** Numbers of images whose upload was ended, and of those among them that were killed. */
export interface TakenOver {
  readonly ended: number
  readonly killed: number
}

/**
 * Ends abandoned uploads with the status `onFailure` of their images, queues images again whose data was being staged or copied, and
 * takes jobs that are abandoned or wait. Several processes may do it at the same time.
 */
export async function takeOver({registry, queue}: RecoveryParts): Promise<TakenOver> {
  const taken = await endUploads(registry)
  queue.wake()
  return taken
}

/** Each upload is ended only if nothing has changed meanwhile: another process may have ended it, and a new one begun. */
async function endUploads(registry: Registry): Promise<TakenOver> {
  let [ended, killed] = [0, 0]
  for (const image of await registry.listAbandonedUploads()) {
    const after = await registry.change(image.id, now =>
      isSameWork(now, image) ? endUpload(now) : undefined,
    )
    if (after) ended += 1
    if (after?.status === 'killed') killed += 1
  }
  return {ended, killed}
}

function isSameWork(one: ImageRecord, other: ImageRecord): boolean {
  return one.status === other.status && one.holder === other.holder && one.arriving === other.arriving
}

const endUpload: Decide = image => {
  const {status, onFailure, attempts} = image
  if (isBegunCopy(image) && attempts < MAX_ATTEMPTS) return requeue()
  const ended = {arriving: null, holder: null, failure: 'the process that received it has ended'}
  if (status === 'saving' && onFailure === 'killed') return {status: 'killed', ...ended}
  return {status: 'queued', location: null, ...ended}
}
