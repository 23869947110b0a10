/** Recovery at start: repairs images and removes files that a service left when it died. */
import {ServiceError} from '../images/errors.js'
import type {UnusedData} from '../images/unused-data.js'
import type {Decide, Registry, TaskChanges} from '../registry/registry.js'
import type {CopyJobs} from './copies.js'
import {endTask, TASK_ID, type TaskMessages} from './imports.js'

/** Dependencies of `recover`. */
export interface RecoveryParts {
  readonly registry: Registry
  readonly unused: UnusedData
  readonly copies: CopyJobs
  readonly messages: TaskMessages
}

/**
 * Ends interrupted uploads with the status `onFailure` of their images, queues images again whose data was being staged or
 * imported, deletes the data that no image uses, ends interrupted tasks, and schedules copies that had not begun. Call it
 * at start only, when nothing else uses the data directory.
 * @returns the number of killed images and of removed files
 */
export async function recover(parts: RecoveryParts): Promise<{killed: number; removed: number}> {
  const {registry, unused, copies, messages} = parts
  const killed = await endUploads(registry)
  await endTasks(registry, messages)
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

/** Ends interrupted tasks: a task whose image is complete has succeeded, all others have failed. */
async function endTasks(registry: Registry, messages: TaskMessages): Promise<void> {
  const message = messages.failed(new ServiceError('import-interrupted', {}))
  for (const task of await registry.listUnfinishedTasks()) {
    const image = await registry.find(task.imageId)
    const isDone =
      image?.properties[TASK_ID] === task.id && image.status === 'active' && image.hashValue !== null
    const isImport = task.type === 'api_image_import'
    const success = isImport ? {message: messages.copied(image?.size ?? 0)} : {}
    const end: TaskChanges = isDone ? {status: 'success', ...success} : {status: 'failure', message}
    await registry.updateTask(task.id, end, endTask(isImport ? isDone : undefined))
  }
  await registry.deleteFinishedTasks(new Date(Date.now() - TASK_HOURS * 3_600_000).toISOString().slice(0, 23))
}
