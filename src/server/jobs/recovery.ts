/** Recovery at start: repairs images and removes files that a service left when it died. */
import {ServiceError} from '../images/errors.js'
import type {UnusedData} from '../images/unused-data.js'
import type {Decide, Registry} from '../registry/registry.js'
import type {CopyJobs} from './copies.js'
import {FAILED_IMPORT, type TaskMessages} from './imports.js'

/** Dependencies of `recover`. */
export interface RecoveryParts {
  readonly registry: Registry
  readonly unused: UnusedData
  readonly copies: CopyJobs
  readonly messages: TaskMessages
}

/**
 * Ends interrupted uploads with the status `onFailure` of their images, queues images again whose data was being staged or
 * imported, deletes the data that no image uses, fails interrupted imports, and schedules copies that had not begun. Call it
 * at start only, when nothing else uses the data directory.
 * @returns the number of killed images and of removed files
 */
export async function recover(parts: RecoveryParts): Promise<{killed: number; removed: number}> {
  const {registry, unused, copies, messages} = parts
  const killed = await endUploads(registry)
  await failImports(registry, messages.failed(new ServiceError('import-interrupted', {})))
  const removed = (await unused.removeAll()) + (await unused.sweep())
  for (const image of await registry.listByStatus('queued')) {
    if (image.location !== null) copies.start(image)
  }
  return {killed, removed}
}

/** @returns the number of killed images */
async function endUploads(registry: Registry): Promise<number> {
  let killed = 0
  const end: Decide = ({status, onFailure, location, arriving}) => {
    if (status === 'saving' && onFailure === 'killed') return {status: 'killed', arriving: null}
    const isStaged = status === 'uploading' && location !== null && arriving === null
    return isStaged ? undefined : {status: 'queued', location: null, arriving: null}
  }
  for (const status of ['saving', 'importing', 'uploading'] as const) {
    for (const {id} of await registry.listByStatus(status)) {
      const ended = await registry.change(id, end)
      if (ended?.status === 'killed') killed += 1
    }
  }
  return killed
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
