/** Imports: images that the service fills by itself, from staged data or from the web. */
import {randomUUID} from 'node:crypto'
import type {ImageRecord, Registry, TaskQuery, TaskRecord} from '../registry/registry.js'
import {type Store, StoreMissing} from '../stores/store.js'
import {type Access, requireChangeable} from './access.js'
import type {Inspect} from './content.js'
import type {Crew} from './crew.js'
import type {OneAtATime} from './one-at-a-time.js'
import {type Caller, maySeeTasks} from './policy.js'
import {Refused} from './refusals.js'
import type {Sources} from './sources.js'
import {ifStatus} from './status.js'
import type {OpenData, Uploads} from './uploads.js'

/** Data that was staged, or that lies at an address which was found good. */
export type ImportFrom =
  | {readonly method: 'glance-direct'}
  | {readonly method: 'web-download'; readonly uri: string}

/** The properties by which clients follow an import (cloud record, "Import"). */
const TASK = 'os_glance_import_task'
const TO = 'os_glance_importing_to_stores'
const FAILED = 'os_glance_failed_import'
const STORE = 'file'
const MIB = 1024 * 1024

/** What an image says whose import failed. */
export const FAILED_IMPORT = {[TO]: '', [FAILED]: STORE}

export interface ImportsParts {
  readonly registry: Registry
  readonly access: Access
  readonly turns: OneAtATime
  readonly store: Store
  readonly staging: Store
  readonly sources: Sources
  readonly uploads: Uploads
  readonly inspect: Inspect
  readonly crew: Crew
}

/** Every method throws `Refused` when it does not do what it was asked. */
export class Imports {
  readonly #parts: ImportsParts

  constructor(parts: ImportsParts) {
    this.#parts = parts
  }

  /** Notes the import as a task, and begins it as soon as there is a free place. */
  start(caller: Caller, id: string, from: ImportFrom, requestId: string): Promise<void> {
    const {access, registry, turns, crew} = this.#parts
    return turns.run(id, async () => {
      const image = await access.visible(caller, id)
      requireReady(image, from)
      requireChangeable(caller, image)
      await this.#requireNoOther(image)
      const task = await registry.createTask({
        id: randomUUID(),
        imageId: id,
        type: 'api_image_import',
        owner: caller.project,
        userId: caller.user,
        requestId,
        input: JSON.stringify({
          image_id: id,
          import_req: {method: {name: from.method, ...from}},
          backend: [STORE],
        }),
      })
      await this.#note(id, {[TASK]: task.id, [TO]: STORE, [FAILED]: ''})
      crew.start(() => this.#run(image, from, task))
    })
  }

  /** Tasks of an image, newest first. */
  async of(caller: Caller, id: string, query: Omit<TaskQuery, 'imageId'>): Promise<readonly TaskRecord[]> {
    await this.#parts.access.visible(caller, id)
    return this.#page({...query, imageId: id})
  }

  /** Tasks of all images. @throws Refused `forbidden` for all but administrators */
  async list(caller: Caller, query: TaskQuery): Promise<readonly TaskRecord[]> {
    requireTaskSeer(caller)
    return this.#page(query)
  }

  async find(caller: Caller, id: string): Promise<TaskRecord> {
    requireTaskSeer(caller)
    const task = await this.#parts.registry.findTask(id)
    if (task) return task
    throw new Refused('no-data', `Could not find task ${id}`)
  }

  async #page(query: TaskQuery): Promise<readonly TaskRecord[]> {
    const page = await this.#parts.registry.tasks(query)
    if (page !== 'no such marker') return page
    throw new Refused('bad-marker', `No task found with ID ${query.marker}`)
  }

  async #requireNoOther({properties}: ImageRecord): Promise<void> {
    const task = await this.#parts.registry.findTask(properties[TASK] ?? '')
    if (task?.status !== 'pending' && task?.status !== 'processing') return
    throw new Refused('conflict', 'Image has active task')
  }

  async #run(image: ImageRecord, from: ImportFrom, {id: task}: TaskRecord): Promise<void> {
    const {registry} = this.#parts
    try {
      await registry.updateTask(task, {status: 'processing'})
      const filled = await this.#fill(image, from)
      const message = `Copied ${Math.floor(filled.size / MIB)} MiB`
      await registry.updateTask(task, {status: 'success', message})
      await this.#noteEnd(image.id, {[TO]: '', [FAILED]: ''})
    } catch (error) {
      await registry.updateTask(task, {status: 'failure', message: reasonOf(error)}).catch(() => {})
      await this.#noteEnd(image.id, FAILED_IMPORT).catch(() => {})
    }
  }

  async #fill(image: ImageRecord, from: ImportFrom): Promise<ImageRecord> {
    const {store, staging, sources, uploads, inspect} = this.#parts
    const staged = from.method === 'glance-direct' ? (image.location ?? '') : undefined
    const open: OpenData = async () =>
      (from.method === 'web-download' ? await sources.get(from.uri) : await staging.get(staged ?? '')).data
    const plan = {
      from: staged === undefined ? 'queued' : 'uploading',
      during: 'importing',
      ifBroken: 'queued',
      ends: 'active',
      into: store,
      inspect: stored => inspect(image, stored),
    } as const satisfies Parameters<Uploads['follow']>[0]
    try {
      return await uploads.follow(plan, image, open)
    } finally {
      if (staged !== undefined) await this.#dropStaged(image.id, staged)
    }
  }

  /** Whatever came of it; an image that was not filled waits for data again. */
  async #dropStaged(id: string, staged: string): Promise<void> {
    const {registry, staging} = this.#parts
    await staging.delete(staged).catch(ignoreMissing)
    await registry.change(id, ifStatus(['uploading'], {status: 'queued', location: null}))
  }

  async #noteEnd(id: string, news: Readonly<Record<string, string>>): Promise<void> {
    await this.#parts.registry.change(id, ({properties: {[TASK]: _ended, ...properties}}) => ({
      properties: {...properties, ...news},
    }))
  }

  async #note(id: string, properties: Readonly<Record<string, string>>): Promise<void> {
    await this.#parts.registry.change(id, image => ({properties: {...image.properties, ...properties}}))
  }
}

/** Cloud record, "Import", in the order in which the conditions are looked at. */
function requireReady(
  {status, location, containerFormat, diskFormat}: ImageRecord,
  {method}: ImportFrom,
): void {
  const refuse = (why: string) => new Refused('conflict', why)
  if (status === 'active') throw refuse('Image with status active cannot be target for import')
  if (method === 'web-download' && status !== 'queued') {
    throw refuse("Image needs to be in 'queued' state to use 'web-download' method")
  }
  if (method === 'glance-direct' && (status !== 'uploading' || location === null)) {
    throw refuse("Image needs to be staged before 'glance-direct' method can be used")
  }
  if (containerFormat === null) throw refuse("'container_format' needs to be set before import")
  if (diskFormat === null) throw refuse("'disk_format' needs to be set before import")
}

function requireTaskSeer(caller: Caller): void {
  if (maySeeTasks(caller)) return
  throw new Refused('forbidden', 'You are not authorized to complete tasks_api_access action.')
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof StoreMissing)) throw error
}
