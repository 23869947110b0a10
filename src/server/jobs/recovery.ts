/** Recovery at start: repairs images and removes files that a service left when it died. */
import {ServiceError} from '../images/errors.js'
import {ifStatus, statusesBefore} from '../images/status.js'
import type {Registry} from '../registry/registry.js'
import type {Store} from '../stores/store.js'
import type {CopyJobs} from './copies.js'
import {FAILED_IMPORT, type TaskMessages} from './imports.js'

/** Dependencies of `recover`. */
export interface RecoveryParts {
  readonly registry: Registry
  readonly store: Store
  readonly staging: Store
  readonly copies: CopyJobs
  readonly messages: TaskMessages
}

/**
 * Ends interrupted uploads with the status `onFailure` of their images, queues images again whose data was being staged or
 * imported, removes partial files, fails interrupted imports, and schedules copies that had not begun. Call it at start
 * only, when nothing else uses the data directory.
 * @returns the number of killed images and of removed files
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
  await failImports(registry, messages.failed(new ServiceError('import-interrupted', {})))
  for (const image of await registry.listByStatus('queued')) {
    if (image.location !== null) copies.start(image)
  }
  return {killed: killed.length, removed}
}

/** Hours for which finished tasks are kept. */
const TASK_HOURS = 48

/** Fails interrupted imports, and marks them in the properties of their images. */
async function failImports(registry: Registry, message: string): Promise<void> {
  for (const {imageId, type} of await registry.failUnfinishedTasks(message)) {
    if (type !== 'api_image_import') continue
    await registry.change(imageId, ({properties}) => ({properties: {...properties, ...FAILED_IMPORT}}))
  }
  await registry.deleteFinishedTasks(new Date(Date.now() - TASK_HOURS * 3_600_000).toISOString().slice(0, 23))
}
