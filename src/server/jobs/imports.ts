/** Import jobs: fill images from staged data or from the web, each as a task. */
import type {Readable} from 'node:stream'
import {type Access, requireOwner, requirePermission} from '../images/access.js'
import {ServiceError} from '../images/errors.js'
import {type Caller, seesAll} from '../images/policy.js'
import type {Quotas} from '../images/quotas.js'
import type {RemoteData} from '../images/remote-data.js'
import type {UnusedData} from '../images/unused-data.js'
import type {Cleanups} from '../images/uploads.js'
import {isFilled} from '../registry/image-data.js'
import type {ImageChanges, ImageRecord, Registry, TaskQuery, TaskRecord} from '../registry/registry.js'
import type {StoreSet, WritableStore} from '../stores/set/store-set.js'
import {type Store, StoreMissing} from '../stores/store.js'
import {
  type ImportRequest,
  type ImportSource,
  parseRequest,
  requireReady,
  toNewTask,
} from './import-request.js'
import type {ImportPlugins} from './plugins/plugins.js'
import {endBadly, endWell, FAILED_STORES, PENDING_STORES, readNames, selectMissing} from './progress.js'
import type {JobQueue} from './queue.js'
import {StoreFiller, type StoreFillerParts} from './store-filler.js'
import {
  hasTask,
  requireNoActiveTask,
  requireSameTask,
  runTask,
  TASK_ID,
  type TaskMessages,
  type TaskSuccess,
  whileHeld,
} from './tasks.js'

/** Dependencies of `ImportJobs`. */
export interface ImportJobsParts extends Omit<StoreFillerParts, 'change'> {
  readonly registry: Registry
  readonly access: Access
  readonly stores: StoreSet
  readonly staging: Store
  readonly remote: RemoteData
  readonly unused: UnusedData
  readonly cleanups: Cleanups
  /** Aborted, with a reason that gives the task back, when the service stops and waits no longer. */
  readonly stopping: Pick<AbortController, 'signal'>
  readonly queue: JobQueue
  readonly quotas: Quotas
  readonly plugins: ImportPlugins
  readonly messages: TaskMessages
}

/** Schedules imports and reads their tasks. */
export class ImportJobs {
  readonly #parts: ImportJobsParts

  constructor(parts: ImportJobsParts) {
    this.#parts = parts
  }

  /**
   * Records an import as a task, and schedules it. Nothing is left to do for a copy to all stores if they have the data.
   * @throws ServiceError as `findImportable` and `Quotas.admit`, `in-store`, and `limit-exceeded`
   */
  async start(caller: Caller, id: string, request: ImportRequest, requestId: string): Promise<void> {
    const {registry, queue, plugins} = this.#parts
    const {source} = request
    const image = await this.findImportable(caller, id, source)
    await requireNoActiveTask(registry, image)
    const stores = this.#selectStores(image, request)
    if (stores.length === 0) return
    await this.#admit(image, source)
    await queue.requireRoom(caller.project)
    const skipped = plugins.listSkipped(caller)
    const task = toNewTask(caller, image, {...request, stores, skipped}, requestId)
    const claim = (now: ImageRecord): ImageChanges => {
      requireReady(now, source)
      requireSameTask(now, image)
      const pending = stores.map(({name}) => name).join(',')
      const progress = {[TASK_ID]: task.id, [PENDING_STORES]: pending, [FAILED_STORES]: ''}
      return {properties: {...now.properties, ...progress}}
    }
    // Also after an error: a registry that broke off may have recorded the task, and then it is carried out.
    const started = await registry.createTask(task, claim).finally(() => queue.wake(task.id))
    if (!started) throw new ServiceError('image-not-found', {id})
  }

  /** The stores of a copy do not have the data yet. */
  #selectStores(image: ImageRecord, {source, stores, isAll}: ImportRequest): readonly WritableStore[] {
    if (source.method !== 'copy-image') return stores
    const missing = selectMissing(this.#parts.stores, image, stores)
    const present = stores.find(store => !missing.includes(store))
    if (present && !isAll) throw new ServiceError('in-store', {store: present.name})
    return missing
  }

  /** Quotas count the data of an image once. */
  async #admit(image: ImageRecord, {method}: ImportSource): Promise<void> {
    if (method === 'copy-image') return
    const isStaged = method === 'glance-direct'
    await this.#parts.quotas.admit(image, isStaged, isStaged ? image.size : undefined)
  }

  /**
   * Finds an image that the caller may fill by an import.
   * @throws ServiceError `image-not-found`, `not-importable`, `formats-mixed`, `not-owner`, `not-permitted`
   */
  async findImportable(caller: Caller, id: string, source: ImportSource): Promise<ImageRecord> {
    const image = await this.#parts.access.find(caller, id)
    requireReady(image, source)
    requireImporter(caller, image, source)
    return image
  }

  /** Carries out the import of a task that this process holds. Never rejects. */
  run(task: TaskRecord): Promise<void> {
    const {registry, stores} = this.#parts
    const request = parseRequest(task.input, stores)
    const filler = new StoreFiller({...this.#parts, change: whileHeld(registry, task)})
    return runTask(this.#parts, task, {
      startOver: image => (hasTask(image, task) ? startOver(image, request) : undefined),
      perform: image => this.#fill(image, request, filler),
      isComplete: image => request?.source.method !== 'copy-image' && this.#hasAllPending(image),
      succeed: image => this.#succeed(image),
      fail: image => {
        const dropped = hasTask(image, task) ? dropPartial(image, request, stores) : {}
        return {...endBadly(image), ...dropped}
      },
    })
  }

  /** True if no store is left to fill. */
  #hasAllPending(image: ImageRecord): boolean {
    const {stores} = this.#parts
    const missing = selectMissing(stores, image, stores.writable)
    const pending = readNames(image.properties[PENDING_STORES])
    return missing.every(({name}) => !pending.includes(name))
  }

  #succeed({size}: ImageRecord, done?: readonly string[]): TaskSuccess {
    return {message: this.#parts.messages.copied(size, done), decide: endWell}
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

  /** @throws ServiceError `import-interrupted` if it cannot be repeated, and as `StoreFiller` */
  async #fill(
    image: ImageRecord,
    request: ImportRequest | undefined,
    filler: StoreFiller,
  ): Promise<TaskSuccess> {
    if (request === undefined) throw new ServiceError('import-interrupted', {})
    const {source} = request
    // An earlier attempt may have filled some of the stores.
    if (source.method === 'copy-image' || isFilled(image)) {
      return this.#succeed(await filler.copy(image, request))
    }
    const data = {open: () => this.#open(image, source), isStaged: source.method === 'glance-direct'}
    const prepared = await this.#parts.plugins.prepare(image, data, request.skipped)
    try {
      const filled = await filler.importData(image, prepared.data, request)
      return this.#succeed(filled, [...prepared.done.values()])
    } finally {
      await prepared.release()
    }
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

/** Undoes an attempt that was interrupted; staged data is kept, and so are stores that have the data of an active image. */
function startOver(image: ImageRecord, request: ImportRequest | undefined): ImageChanges | undefined {
  const {status, location, locations, arriving} = image
  const ended = {arriving: null, holder: null}
  if (status !== 'importing') return isFilled(image) && arriving !== null ? ended : undefined
  if (request?.source.method !== 'glance-direct' || location === null) {
    return {status: 'queued', location: null, ...ended}
  }
  return {status: 'uploading', locations: locations.slice(0, 1), ...ended}
}

/** Drops the data that an import has left which failed; an upload that failed has dropped its own already. */
function dropPartial(
  {status, locations, arriving}: ImageRecord,
  request: ImportRequest | undefined,
  stores: StoreSet,
): ImageChanges {
  const method = request?.source.method
  if (arriving !== null || request === undefined) return {}
  const isStaged = status === 'uploading' && method === 'glance-direct'
  if (isStaged || status === 'importing') return {status: 'queued', location: null, holder: null}
  if (method !== 'copy-image' || !request.allMustSucceed) return {}
  const kept = locations.filter(({url}) => request.stores.every(({name}) => name !== stores.findName(url)))
  return kept.length === 0 || kept.length === locations.length ? {} : {locations: kept}
}

/** @throws ServiceError `not-permitted`, and for imports of new data `not-owner` */
function requireImporter(caller: Caller, image: ImageRecord, {method}: ImportSource): void {
  if (method === 'copy-image') requirePermission(caller, 'copy_image', image)
  else requireOwner(caller, image)
}

function requireTaskAccess(caller: Caller): void {
  requirePermission(caller, 'tasks_api_access')
}
