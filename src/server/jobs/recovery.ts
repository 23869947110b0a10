/** Recovery: puts in order what a service that died has left, before the next one listens. */
import {ServiceError} from '../images/errors.js'
import {ifStatus, statusesBefore} from '../images/status.js'
import type {Registry} from '../registry/registry.js'
import type {Store} from '../stores/store.js'
import type {CopyJobs} from './copies.js'
import {FAILED_IMPORT, type TaskMessages} from './imports.js'

export interface RecoveryParts {
  readonly registry: Registry
  readonly store: Store
  readonly staging: Store
  readonly copies: CopyJobs
  readonly messages: TaskMessages
}

/**
 * Images whose data was arriving become killed, or queued again when it came through v2, as do those that were being
 * staged or imported; their leftovers go. Copies that had not begun begin.
 * Only at start, when nothing else uses the data directory.
 * @returns the numbers of images that were killed and of files that were removed
 */
export async function recover(parts: RecoveryParts): Promise<{killed: number; removed: number}> {
  const {registry, store, staging, copies, messages} = parts
  const saving = await registry.listByStatus('saving')
  const importing = await registry.listByStatus('importing')
  const uploading = await registry.listByStatus('uploading')
  const unstaged = uploading.filter(image => image.location === null)
  const removed =
    (await store.sweep([...saving, ...importing].map(image => image.id))) +
    (await staging.sweep([...unstaged, ...importing].map(image => image.id)))
  const killed = saving.filter(image => image.onFailure === 'killed')
  const kill = ifStatus(statusesBefore('killed'), {status: 'killed'})
  for (const {id} of killed) await registry.change(id, kill)
  const resumable = saving.filter(image => image.onFailure === 'queued')
  const queue = ifStatus(statusesBefore('queued'), {status: 'queued', location: null})
  for (const {id} of [...resumable, ...importing, ...unstaged]) await registry.change(id, queue)
  await endImports(registry, messages.failed(new ServiceError('import-interrupted', {})))
  for (const image of await registry.listByStatus('queued')) {
    if (image.location !== null) copies.start(image)
  }
  return {killed: killed.length, removed}
}

/** Hours for which a task that ended is kept. */
const TASK_HOURS = 48

/** Fails the imports of a dead service, and tells it in the properties of their images. */
async function endImports(registry: Registry, message: string): Promise<void> {
  for (const {imageId} of await registry.failUnfinishedTasks(message)) {
    await registry.change(imageId, ({properties}) => ({properties: {...properties, ...FAILED_IMPORT}}))
  }
  await registry.deleteFinishedTasks(new Date(Date.now() - TASK_HOURS * 3_600_000).toISOString().slice(0, 23))
}
