/** Carries out a task that this process holds: from its beginning to its end, whatever happened to it before. */
import {isInterruption, isShuttingDown, ServiceError} from '../images/errors.js'
import type {UnusedData} from '../images/unused-data.js'
import type {Cleanups} from '../images/uploads.js'
import {isFilled} from '../registry/image-data.js'
import type {
  Decide,
  HeldTask,
  ImageChanges,
  ImageRecord,
  Registry,
  TaskChanges,
  TaskRecord,
} from '../registry/registry.js'

/** The property that names the task of an image to clients (wire/glance-25.md#import). */
export const TASK_ID = 'os_glance_import_task'

/** A job is given up when the service has ended this often while it ran: it may be the reason. */
export const MAX_ATTEMPTS = 3

/** What a task does. */
export interface TaskWork {
  /** Makes the image as it was before an attempt that was interrupted. */
  readonly startOver: Decide
  /** Does the work. */
  readonly perform: (image: ImageRecord) => Promise<TaskSuccess>
  /** False if there is more to do for an image that has data; absent: there is not. */
  readonly isComplete?: (image: ImageRecord) => boolean
  /** The success of a task whose image is complete. */
  readonly succeed: (image: ImageRecord) => TaskSuccess
  /** Changes the image of a task that has failed. */
  readonly fail: Decide
}

/** How a task ends that succeeded. */
export interface TaskSuccess {
  readonly message?: string
  /** Changes the image together with the task; what it throws is the failure of the task. */
  readonly decide: Decide
}

/** Dependencies of `runTask`. */
export interface TaskParts {
  readonly registry: Registry
  readonly unused: UnusedData
  readonly cleanups: Cleanups
  readonly messages: Pick<TaskMessages, 'failed'>
}

/** Messages of tasks, for clients. */
export interface TaskMessages {
  /** The import succeeded. @param size bytes @param done by the steps of the import; some may be empty */
  readonly copied: (size: number, done?: readonly string[]) => string
  /** The task failed. */
  readonly failed: (error: unknown) => string
}

/** Carries out a task. Never rejects. What another process took over meanwhile is left to it. */
export async function runTask(parts: TaskParts, task: TaskRecord, work: TaskWork): Promise<void> {
  const {cleanups, unused} = parts
  // What remains of an earlier attempt must not change this one.
  await cleanups.run(task.id, async () => {})
  try {
    const begin: TaskChanges = {status: 'processing', attempts: task.attempts + 1}
    if ((await unused.changeTask(task, begin, work.startOver)) === undefined) return
  } catch {
    await cleanups.run(task.id, () => release(parts, task, task.attempts))
    return
  }
  try {
    const success = await perform(parts, task, work)
    await cleanups.run(task.id, () => endWell(parts, task, {work, success}))
  } catch (error) {
    await cleanups.run(task.id, () =>
      isInterruption(error)
        ? release(parts, task, isShuttingDown(error) ? task.attempts : task.attempts + 1)
        : fail(parts, task, {work, error}),
    )
  }
}

async function perform({registry}: TaskParts, task: TaskRecord, work: TaskWork): Promise<TaskSuccess> {
  const {imageId: id, attempts} = task
  const image = await registry.find(id)
  if (image === undefined || image.deleted) throw new ServiceError('deleted-meanwhile', {id})
  if (isComplete(image, task) && (work.isComplete?.(image) ?? true)) return work.succeed(image)
  if (attempts >= MAX_ATTEMPTS) throw new ServiceError('import-given-up', {attempts})
  return work.perform(image)
}

/** True if an earlier attempt filled the image, and died before the end of the task was recorded. */
function isComplete(image: ImageRecord, task: TaskRecord): boolean {
  return hasTask(image, task) && isFilled(image) && image.hashValue !== null
}

async function endWell(
  parts: TaskParts,
  task: TaskRecord,
  {work, success}: {readonly work: TaskWork; readonly success: TaskSuccess},
): Promise<void> {
  const {message = '', decide} = success
  try {
    await parts.unused.changeTask(task, {status: 'success', message}, decide)
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    await fail(parts, task, {work, error})
  }
}

async function fail(
  {unused, messages}: TaskParts,
  task: TaskRecord,
  {work, error}: {readonly work: TaskWork; readonly error: unknown},
): Promise<void> {
  await unused.changeTask(task, {status: 'failure', message: messages.failed(error)}, work.fail)
}

/** Gives a task back, for any process. @param attempts that count */
async function release({registry}: TaskParts, task: TaskRecord, attempts: number): Promise<void> {
  await registry.updateTask(task, {status: 'pending', holder: null, attempts})
}

/**
 * Changes the image of a task as `Registry.change` does, but only while this process holds the task.
 * @throws ServiceError `upload-taken-over` if another process has taken the task
 */
export function whileHeld(
  registry: Pick<Registry, 'updateTask' | 'find'>,
  task: HeldTask,
): Registry['change'] {
  return async (id, decide) => {
    let isChanged = false
    const held = await registry.updateTask(task, {}, image => {
      const changes = decide(image)
      isChanged = changes !== undefined
      return changes
    })
    if (held === undefined) throw new ServiceError('upload-taken-over', {id})
    return isChanged ? registry.find(id) : undefined
  }
}

/** True for the image of a task that has not ended. */
export function hasTask({properties}: ImageRecord, {id}: Pick<TaskRecord, 'id'>): boolean {
  return properties[TASK_ID] === id
}

/** The properties of an image whose task has ended. @param result properties that tell clients how */
export function withoutTask(
  {properties: {[TASK_ID]: _task, ...properties}}: ImageRecord,
  result: ImageRecord['properties'] = {},
): Pick<ImageChanges, 'properties'> {
  return {properties: {...properties, ...result}}
}

/** @throws ServiceError `not-importable` for an image with a task that has not ended */
export async function requireNoActiveTask(registry: Registry, {properties}: ImageRecord): Promise<void> {
  const task = await registry.findTask(properties[TASK_ID] ?? '')
  if (task?.status === 'pending' || task?.status === 'processing')
    throw new ServiceError('not-importable', {problem: 'active task'})
}

/** @throws ServiceError `not-importable` for an image that got a task after this record was read */
export function requireSameTask({properties}: ImageRecord, before: ImageRecord): void {
  if (properties[TASK_ID] !== before.properties[TASK_ID])
    throw new ServiceError('not-importable', {problem: 'active task'})
}
