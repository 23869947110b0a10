/** Imports: images that the service fills by itself, from staged data or from the web, each as a task. */
import {randomUUID} from 'node:crypto'
import {type Access, requireOwner} from '../images/access.js'
import type {Inspector} from '../images/content.js'
import {type ErrorFacts, ServiceError} from '../images/errors.js'
import type {KeyedMutex} from '../images/keyed-mutex.js'
import {type Caller, maySeeTasks} from '../images/policy.js'
import type {RemoteData} from '../images/remote-data.js'
import {ifStatus} from '../images/status.js'
import type {OpenData, UploadPlan, Uploads} from '../images/uploads.js'
import type {ImageRecord, Registry, TaskQuery, TaskRecord} from '../registry/registry.js'
import {type Store, StoreMissing} from '../stores/store.js'
import type {JobQueue} from './queue.js'

/** The source of an import: staged data, or a URL that was checked. */
export type ImportSource =
  | {readonly method: 'glance-direct'}
  | {readonly method: 'web-download'; readonly uri: string}

/** The properties by which clients follow an import (wire/glance-25.md#import). */
const TASK = 'os_glance_import_task'
const TO = 'os_glance_importing_to_stores'
const FAILED = 'os_glance_failed_import'
const STORE = 'file'

/** The properties of an image whose import failed. */
export const FAILED_IMPORT = {[TO]: '', [FAILED]: STORE}

/** The messages of tasks, which clients read. */
export interface TaskMessages {
  /** @param size bytes */
  readonly copied: (size: number) => string
  readonly failed: (error: unknown) => string
}

export interface ImportJobsParts {
  readonly registry: Registry
  readonly access: Access
  readonly locks: KeyedMutex
  readonly store: Store
  readonly staging: Store
  readonly remote: RemoteData
  readonly uploads: Uploads
  readonly inspect: Inspector
  readonly queue: JobQueue
  readonly messages: TaskMessages
}

/** Every method throws `ServiceError` when it does not do what it was asked. */
export class ImportJobs {
  readonly #parts: ImportJobsParts

  constructor(parts: ImportJobsParts) {
    this.#parts = parts
  }

  /** Records the import as a task, and starts it as soon as there is a free place. */
  start(caller: Caller, id: string, source: ImportSource, requestId: string): Promise<void> {
    const {access, registry, locks, queue} = this.#parts
    return locks.run(id, async () => {
      const image = await access.find(caller, id)
      requireReady(image, source)
      requireOwner(caller, image)
      await this.#requireNoActiveTask(image)
      const task = await registry.createTask({
        id: randomUUID(),
        imageId: id,
        type: 'api_image_import',
        owner: caller.project,
        userId: caller.user,
        requestId,
        input: JSON.stringify({
          image_id: id,
          import_req: {method: {name: source.method, ...source}},
          backend: [STORE],
        }),
      })
      const news = {[TASK]: task.id, [TO]: STORE, [FAILED]: ''}
      await registry.change(id, ({properties}) => ({properties: {...properties, ...news}}))
      queue.add(() => this.#run(image, source, task))
    })
  }

  /** Tasks of an image, newest first. */
  async listForImage(
    caller: Caller,
    id: string,
    query: Omit<TaskQuery, 'imageId'>,
  ): Promise<readonly TaskRecord[]> {
    await this.#parts.access.find(caller, id)
    return this.#page({...query, imageId: id})
  }

  /** Tasks of all images. @throws ServiceError `may-not-see-tasks` for all but administrators */
  async list(caller: Caller, query: TaskQuery): Promise<readonly TaskRecord[]> {
    requireTaskSeer(caller)
    return this.#page(query)
  }

  async find(caller: Caller, id: string): Promise<TaskRecord> {
    requireTaskSeer(caller)
    const task = await this.#parts.registry.findTask(id)
    if (task) return task
    throw new ServiceError('task-not-found', {id})
  }

  async #page(query: TaskQuery): Promise<readonly TaskRecord[]> {
    const page = await this.#parts.registry.listTasks(query)
    if (page !== 'unknown marker') return page
    throw new ServiceError('marker-not-found', {marker: query.marker ?? '', of: 'task'})
  }

  async #requireNoActiveTask({properties}: ImageRecord): Promise<void> {
    const task = await this.#parts.registry.findTask(properties[TASK] ?? '')
    if (task?.status === 'pending' || task?.status === 'processing') throw notImportable('active task')
  }

  async #run(image: ImageRecord, source: ImportSource, {id: task}: TaskRecord): Promise<void> {
    const {registry, messages} = this.#parts
    try {
      await registry.updateTask(task, {status: 'processing'})
      const filled = await this.#fill(image, source)
      await registry.updateTask(task, {status: 'success', message: messages.copied(filled.size)})
      await this.#recordEnd(image.id, {[TO]: '', [FAILED]: ''})
    } catch (error) {
      await registry.updateTask(task, {status: 'failure', message: messages.failed(error)}).catch(() => {})
      await this.#recordEnd(image.id, FAILED_IMPORT).catch(() => {})
    }
  }

  async #fill(image: ImageRecord, source: ImportSource): Promise<ImageRecord> {
    const {store, staging, remote, uploads, inspect} = this.#parts
    const staged = source.method === 'glance-direct' ? (image.location ?? '') : undefined
    const open: OpenData = async () =>
      (source.method === 'web-download' ? await remote.open(source.uri) : await staging.get(staged ?? ''))
        .data
    const plan: UploadPlan = {
      expectedStatus: staged === undefined ? 'queued' : 'uploading',
      uploadingStatus: 'importing',
      onFailure: 'queued',
      finalStatus: 'active',
      store,
      inspect: stored => inspect(image, stored),
    }
    try {
      return await uploads.execute(plan, image, open)
    } finally {
      if (staged !== undefined) await this.#removeStaged(image.id, staged)
    }
  }

  /** After success and failure; an image that was not filled waits for data again. */
  async #removeStaged(id: string, staged: string): Promise<void> {
    const {registry, staging} = this.#parts
    await staging.delete(staged).catch(ignoreMissing)
    await registry.change(id, ifStatus(['uploading'], {status: 'queued', location: null}))
  }

  async #recordEnd(id: string, news: Readonly<Record<string, string>>): Promise<void> {
    await this.#parts.registry.change(id, ({properties: {[TASK]: _ended, ...properties}}) => ({
      properties: {...properties, ...news},
    }))
  }
}

/** wire/glance-25.md#import, in the order in which the conditions are checked. */
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
}

function notImportable(problem: ErrorFacts['not-importable']['problem']): ServiceError {
  return new ServiceError('not-importable', {problem})
}

function requireTaskSeer(caller: Caller): void {
  if (!maySeeTasks(caller)) throw new ServiceError('may-not-see-tasks', {})
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof StoreMissing)) throw error
}
