/** Import jobs: fill images from staged data or from the web, each as a task. */
import {randomUUID} from 'node:crypto'
import {type Access, requireOwner, requirePermission} from '../images/access.js'
import type {Inspector} from '../images/content.js'
import {type ErrorFacts, ServiceError} from '../images/errors.js'
import {type Caller, seesAll} from '../images/policy.js'
import type {RemoteData} from '../images/remote-data.js'
import {requirePossibleFormats} from '../images/rules.js'
import type {UnusedData} from '../images/unused-data.js'
import type {Cleanups, OpenData, UploadPlan, Uploads} from '../images/uploads.js'
import type {
  Decide,
  ImageChanges,
  ImageRecord,
  NewTask,
  Registry,
  TaskChanges,
  TaskQuery,
  TaskRecord,
} from '../registry/registry.js'
import type {WritableStore} from '../stores/set/store-set.js'
import type {Store} from '../stores/store.js'
import type {JobQueue} from './queue.js'

/** The source of an import: staged data, or a URL that `RemoteData.check` accepted. */
export type ImportSource =
  | {readonly method: 'glance-direct'}
  | {readonly method: 'web-download'; readonly uri: string}

/** An import, and the store that receives the data. */
export interface ImportRequest {
  readonly source: ImportSource
  readonly store: WritableStore
}

/** Properties that show clients the progress of an import (wire/glance-25.md#import). */
export const TASK_ID = 'os_glance_import_task'
const PENDING_STORES = 'os_glance_importing_to_stores'
const FAILED_STORES = 'os_glance_failed_import'

/** Properties of an image whose import succeeded, and of one whose import failed. */
const IMPORTED = {[PENDING_STORES]: '', [FAILED_STORES]: ''}
const toNotImported = ({[PENDING_STORES]: stores = ''}: ImageRecord['properties']) => {
  return {[PENDING_STORES]: '', [FAILED_STORES]: stores}
}

/** The change of an image whose task has ended. @param isSuccess absent for tasks other than imports */
export function endTask(isSuccess?: boolean): Decide {
  return ({properties: {[TASK_ID]: _task, ...properties}}) => {
    const result = isSuccess === undefined ? {} : isSuccess ? IMPORTED : toNotImported(properties)
    return {properties: {...properties, ...result}}
  }
}

/** Messages of tasks, for clients. */
export interface TaskMessages {
  /** The import succeeded. @param size bytes */
  readonly copied: (size: number) => string
  /** The import failed. */
  readonly failed: (error: unknown) => string
}

/** Dependencies of `ImportJobs`. */
export interface ImportJobsParts {
  readonly registry: Registry
  /** Id of this process. */
  readonly holder: string
  readonly access: Access
  readonly staging: Store
  readonly remote: RemoteData
  readonly uploads: Uploads
  readonly unused: UnusedData
  readonly cleanups: Cleanups
  readonly inspect: Inspector
  readonly queue: JobQueue
  readonly messages: TaskMessages
}

/** Schedules imports and reads their tasks. */
export class ImportJobs {
  readonly #parts: ImportJobsParts

  constructor(parts: ImportJobsParts) {
    this.#parts = parts
  }

  /**
   * Records an import as a task, and schedules it.
   * @throws ServiceError `image-not-found`, `not-importable`, `formats-mixed`, `not-owner`, `limit-exceeded`
   */
  async start(caller: Caller, id: string, {source, store}: ImportRequest, requestId: string): Promise<void> {
    const {access, registry, holder, queue} = this.#parts
    const image = await access.find(caller, id)
    requireReady(image, source)
    requireOwner(caller, image)
    await requireNoActiveTask(registry, image)
    queue.requireRoom(image.owner)
    const task = {...toNewTask(caller, image, {source, store}, requestId), holder}
    const claim = (now: ImageRecord): ImageChanges => {
      requireReady(now, source)
      requireSameTask(now, image)
      const progress = {[TASK_ID]: task.id, [PENDING_STORES]: store.name, [FAILED_STORES]: ''}
      return {properties: {...now.properties, ...progress}}
    }
    const started = await registry.createTask(task, claim)
    if (!started) throw new ServiceError('image-not-found', {id})
    queue.add(image.owner, () => this.#run(image, {source, store}, started))
  }

  /**
   * Tasks of an image, newest first; callers see those of their own project, because tasks state sources of data.
   * @throws ServiceError `image-not-found`, `marker-not-found`
   */
  async listForImage(
    caller: Caller,
    id: string,
    query: Omit<TaskQuery, 'imageId'>,
  ): Promise<readonly TaskRecord[]> {
    await this.#parts.access.find(caller, id)
    if (seesAll(caller)) return this.#listTasks({...query, imageId: id})
    return caller.project === null ? [] : this.#listTasks({...query, imageId: id, owner: caller.project})
  }

  /** Tasks of all images. @throws ServiceError `not-permitted` for all but administrators, `marker-not-found` */
  async list(caller: Caller, query: TaskQuery): Promise<readonly TaskRecord[]> {
    requireTaskAccess(caller)
    return this.#listTasks(query)
  }

  /** One task. @throws ServiceError `not-permitted` for all but administrators, `task-not-found` */
  async find(caller: Caller, id: string): Promise<TaskRecord> {
    requireTaskAccess(caller)
    const task = await this.#parts.registry.findTask(id)
    if (task) return task
    throw new ServiceError('task-not-found', {id})
  }

  async #listTasks(query: TaskQuery): Promise<readonly TaskRecord[]> {
    const page = await this.#parts.registry.listTasks(query)
    if (page !== 'unknown marker') return page
    throw new ServiceError('marker-not-found', {marker: query.marker ?? '', of: 'task'})
  }

  async #run(image: ImageRecord, request: ImportRequest, {id: task}: TaskRecord): Promise<void> {
    const {registry, cleanups, messages} = this.#parts
    const succeed = ({size}: ImageRecord): TaskChanges => ({
      status: 'success',
      message: messages.copied(size),
    })
    const fail = (error: unknown): TaskChanges => ({status: 'failure', message: messages.failed(error)})
    const end = await registry
      .updateTask(task, {status: 'processing'})
      .then(requireBegun)
      .then(() => this.#fill(image, request))
      .then(succeed, fail)
    await cleanups.run(task, () => registry.updateTask(task, end, endTask(end.status === 'success')))
  }

  async #fill(image: ImageRecord, {source, store}: ImportRequest): Promise<ImageRecord> {
    const {staging, remote, uploads, cleanups, inspect} = this.#parts
    const staged = source.method === 'glance-direct' ? (image.location ?? '') : undefined
    const open: OpenData = async () =>
      (source.method === 'web-download' ? await remote.open(source.uri) : await staging.get(staged ?? ''))
        .data
    const plan: UploadPlan = {
      expectedStatus: staged === undefined ? 'queued' : 'uploading',
      uploadingStatus: 'importing',
      onFailure: 'queued',
      finalStatus: 'active',
      store: store.store,
      inspect,
    }
    try {
      return await uploads.execute(plan, image, open)
    } catch (error) {
      if (staged !== undefined) await cleanups.run(staged, () => this.#dropStaged(image.id, staged))
      throw error
    }
  }

  /** Queues an image again whose import failed before it began; in all other cases its staged data is gone already. */
  async #dropStaged(id: string, staged: string): Promise<void> {
    const drop: Decide = ({status, location}) =>
      status === 'uploading' && location === staged ? {status: 'queued', location: null} : undefined
    await this.#parts.unused.change(id, drop)
  }
}

/** Checks the conditions of an import in the order of the real service (wire/glance-25.md#import). */
function requireReady(
  {status, location, containerFormat, diskFormat}: ImageRecord,
  {method}: ImportSource,
): void {
  if (status === 'active') throw notImportable('active')
  if (method === 'web-download' && status !== 'queued') throw notImportable('not queued')
  if (method === 'glance-direct' && (status !== 'uploading' || location === null)) {
    throw notImportable('not staged')
  }
  if (containerFormat === null) throw notImportable('no container format')
  if (diskFormat === null) throw notImportable('no disk format')
  requirePossibleFormats(diskFormat, containerFormat)
}

/** @throws ServiceError `not-importable` for an image with a task that has not ended */
export async function requireNoActiveTask(registry: Registry, {properties}: ImageRecord): Promise<void> {
  const task = await registry.findTask(properties[TASK_ID] ?? '')
  if (task?.status === 'pending' || task?.status === 'processing') throw notImportable('active task')
}

/** @throws ServiceError `not-importable` for an image that got a task after this record was read */
export function requireSameTask({properties}: ImageRecord, before: ImageRecord): void {
  if (properties[TASK_ID] !== before.properties[TASK_ID]) throw notImportable('active task')
}

/** @throws ServiceError `import-interrupted` for a task that was ended by another process, to which this one seemed dead */
export function requireBegun(task: TaskRecord | undefined): TaskRecord {
  if (task) return task
  throw new ServiceError('import-interrupted', {})
}

function notImportable(problem: ErrorFacts['not-importable']['problem']): ServiceError {
  return new ServiceError('not-importable', {problem})
}

function requireTaskAccess(caller: Caller): void {
  requirePermission(caller, 'tasks_api_access')
}

function toNewTask(
  {project, user}: Caller,
  {id}: ImageRecord,
  {source, store}: ImportRequest,
  requestId: string,
): NewTask {
  const input = {
    image_id: id,
    import_req: {method: {name: source.method, ...source}},
    backend: [store.name],
  }
  return {
    id: randomUUID(),
    imageId: id,
    type: 'api_image_import',
    owner: project,
    userId: user,
    requestId,
    input: JSON.stringify(input),
  }
}
