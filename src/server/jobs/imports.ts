/** Import jobs: fill images from staged data or from the web, each as a task. */
import type {Readable} from 'node:stream'
import {type Access, requireOwner, requirePermission} from '../images/access.js'
import type {Inspector} from '../images/content.js'
import {type ErrorFacts, ServiceError} from '../images/errors.js'
import {type Caller, seesAll} from '../images/policy.js'
import type {Quotas} from '../images/quotas.js'
import type {RemoteData} from '../images/remote-data.js'
import {requirePossibleFormats} from '../images/rules.js'
import type {UnusedData} from '../images/unused-data.js'
import type {Cleanups, UploadPlan, Uploads} from '../images/uploads.js'
import type {ImageChanges, ImageRecord, Registry, TaskQuery, TaskRecord} from '../registry/registry.js'
import type {StoreSet} from '../stores/set/store-set.js'
import {type Store, StoreMissing} from '../stores/store.js'
import {type ImportRequest, type ImportSource, parseRequest, toNewTask} from './import-request.js'
import type {JobQueue} from './queue.js'
import {
  hasTask,
  requireNoActiveTask,
  requireSameTask,
  runTask,
  TASK_ID,
  type TaskMessages,
  type TaskSuccess,
  withoutTask,
} from './tasks.js'

/** Properties that show clients the progress of an import (wire/glance-25.md#import). */
const PENDING_STORES = 'os_glance_importing_to_stores'
const FAILED_STORES = 'os_glance_failed_import'

/** Properties of an image whose import succeeded, and of one whose import failed. */
const IMPORTED = {[PENDING_STORES]: '', [FAILED_STORES]: ''}
const toNotImported = ({[PENDING_STORES]: stores = ''}: ImageRecord['properties']) => {
  return {[PENDING_STORES]: '', [FAILED_STORES]: stores}
}

/** Dependencies of `ImportJobs`. */
export interface ImportJobsParts {
  readonly registry: Registry
  readonly access: Access
  readonly stores: StoreSet
  readonly staging: Store
  readonly remote: RemoteData
  readonly uploads: Uploads
  readonly unused: UnusedData
  readonly cleanups: Cleanups
  readonly inspect: Inspector
  /** Aborted, with a reason that gives the task back, when the service stops and waits no longer. */
  readonly stopping: Pick<AbortController, 'signal'>
  readonly queue: JobQueue
  readonly quotas: Quotas
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
   * @throws ServiceError as `findImportable` and `Quotas.admit`, and `limit-exceeded`
   */
  async start(caller: Caller, id: string, request: ImportRequest, requestId: string): Promise<void> {
    const {registry, queue, quotas} = this.#parts
    const {source, store} = request
    const image = await this.findImportable(caller, id, source)
    await requireNoActiveTask(registry, image)
    const isStaged = source.method === 'glance-direct'
    await quotas.admit(image, isStaged, isStaged ? image.size : undefined)
    await queue.requireRoom(caller.project)
    const task = toNewTask(caller, image, request, requestId)
    const claim = (now: ImageRecord): ImageChanges => {
      requireReady(now, source)
      requireSameTask(now, image)
      const progress = {[TASK_ID]: task.id, [PENDING_STORES]: store.name, [FAILED_STORES]: ''}
      return {properties: {...now.properties, ...progress}}
    }
    // Also after an error: a registry that broke off may have recorded the task, and then it is carried out.
    const started = await registry.createTask(task, claim).finally(() => queue.wake(task.id))
    if (!started) throw new ServiceError('image-not-found', {id})
  }

  /**
   * Finds an image that the caller may fill by an import.
   * @throws ServiceError `image-not-found`, `not-importable`, `formats-mixed`, `not-owner`
   */
  async findImportable(caller: Caller, id: string, source: ImportSource): Promise<ImageRecord> {
    const image = await this.#parts.access.find(caller, id)
    requireReady(image, source)
    requireOwner(caller, image)
    return image
  }

  /** Carries out the import of a task that this process holds. Never rejects. */
  run(task: TaskRecord): Promise<void> {
    const request = parseRequest(task.input, this.#parts.stores)
    return runTask(this.#parts, task, {
      startOver: image => startOver(image, task, request),
      perform: async image => this.#succeed(await this.#fill(image, request)),
      succeed: image => this.#succeed(image),
      fail: image => toFailed(image, task, request),
    })
  }

  #succeed({size}: ImageRecord): TaskSuccess {
    return {message: this.#parts.messages.copied(size), decide: image => withoutTask(image, IMPORTED)}
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

  /** @throws ServiceError `import-interrupted` if it cannot be repeated, and as `Uploads.execute` */
  async #fill(image: ImageRecord, request: ImportRequest | undefined): Promise<ImageRecord> {
    const {uploads, inspect} = this.#parts
    if (request === undefined) throw new ServiceError('import-interrupted', {})
    const {source, store} = request
    const plan: UploadPlan = {
      expectedStatus: source.method === 'glance-direct' ? 'uploading' : 'queued',
      uploadingStatus: 'importing',
      onFailure: 'queued',
      finalStatus: 'active',
      store: store.store,
      inspect,
      isRepeatable: true,
    }
    return uploads.execute(plan, image, () => this.#open(image, source))
  }

  async #open({location}: ImageRecord, source: ImportSource): Promise<Readable> {
    const {staging, remote, stopping} = this.#parts
    if (source.method === 'web-download')
      return (await remote.open(source.uri, undefined, stopping.signal)).data
    try {
      return (await staging.get(location ?? '')).data
    } catch (error) {
      throw error instanceof StoreMissing ? new ServiceError('import-interrupted', {}, error) : error
    }
  }
}

/** Undoes an attempt that was interrupted; staged data is kept. */
function startOver(
  image: ImageRecord,
  task: TaskRecord,
  request: ImportRequest | undefined,
): ImageChanges | undefined {
  if (image.status !== 'importing' || !hasTask(image, task)) return undefined
  const status =
    request?.source.method === 'glance-direct' && image.location !== null ? 'uploading' : 'queued'
  const location = status === 'uploading' ? {} : {location: null}
  return {status, ...location, arriving: null, holder: null}
}

/** Drops the staged data of an import that failed before it began; later failures have dropped it already. */
function toFailed(image: ImageRecord, task: TaskRecord, request: ImportRequest | undefined): ImageChanges {
  const {status, arriving, properties} = image
  const isStaged = request?.source.method === 'glance-direct' && status === 'uploading' && arriving === null
  const dropped = isStaged && hasTask(image, task) ? ({status: 'queued', location: null} as const) : {}
  return {...withoutTask(image, toNotImported(properties)), ...dropped}
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

function notImportable(problem: ErrorFacts['not-importable']['problem']): ServiceError {
  return new ServiceError('not-importable', {problem})
}

function requireTaskAccess(caller: Caller): void {
  requirePermission(caller, 'tasks_api_access')
}
