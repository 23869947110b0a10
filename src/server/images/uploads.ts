/** Uploads: writes data to a store, and keeps the status of its image correct meanwhile. */
import type {Readable} from 'node:stream'
import type {ImageChanges, ImageRecord, ImageStatus, Registry} from '../registry/registry.js'
import type {Store, StoredData} from '../stores/store.js'
import {ServiceError, translateDiskError} from './errors.js'
import {ifStatus, statusesBefore} from './status.js'

/** Opens the data, or throws. Called once, when the upload begins. */
export type OpenData = () => Readable | Promise<Readable>

/** Announced size and checksum that the data must have; absent ones are not checked. */
export interface ExpectedContent {
  /** Bytes. */
  readonly size?: number
  /** MD5 in hexadecimal. */
  readonly checksum?: string
}

/** Parameters of an upload. */
export interface UploadPlan {
  /** Status that the image must have before the upload. */
  readonly expectedStatus: ImageStatus
  /** Status during the upload. */
  readonly uploadingStatus: ImageStatus
  /** Status after a failure. */
  readonly onFailure: ImageRecord['onFailure']
  /** Status after success. */
  readonly finalStatus: ImageStatus
  /** Receives the data. */
  readonly store: Store
  readonly expected?: ExpectedContent
  /** Further changes of the image after the data was stored; throws `ServiceError` to refuse the data. */
  readonly inspect?: (stored: StoredData) => Promise<ImageChanges>
}

/** Statuses of an upload that makes a queued image active. */
export const SAVING = {expectedStatus: 'queued', uploadingStatus: 'saving', finalStatus: 'active'} as const

/** Cleanup that must eventually succeed. */
export interface Cleanups {
  /** Runs the work, and keeps it for `retry` if it fails. Never rejects. @param key replaces pending work of the same key */
  run(key: string, work: () => Promise<unknown>): Promise<void>
  /** Runs pending work again. Never rejects. */
  retry(): Promise<void>
}

/** Runs uploads, and aborts them when their image is deleted or the service stops. */
export class Uploads {
  readonly #registry: Registry
  readonly #cleanups: Cleanups
  readonly #running = new Map<string, AbortController>()

  constructor(registry: Registry, cleanups: Cleanups) {
    this.#registry = registry
    this.#cleanups = cleanups
  }

  /**
   * Runs an upload. After a failure the image has the status `plan.onFailure`, and nothing remains stored.
   * @returns the record of the filled image
   * @throws ServiceError `not-queued`, `content-mismatch`, `deleted-meanwhile`, `shutting-down`, and as `translateDiskError`;
   *   whatever `open` and `plan.inspect` throw; the error of the data if that fails
   */
  async execute(plan: UploadPlan, {id}: ImageRecord, open: OpenData): Promise<ImageRecord> {
    await this.#cleanups.retry()
    const data = await this.#open(plan, id, open)
    // An error before the data is read must not end the process; the store reports it later.
    data.on('error', () => {})
    const control = new AbortController()
    try {
      await this.#begin(plan, id, control)
      return await this.#store(plan, id, data, control.signal)
    } finally {
      data.destroy()
      if (this.#running.get(id) === control) this.#running.delete(id)
    }
  }

  /** Aborts the upload into an image that was deleted, if one is running. */
  abort(id: string): void {
    this.#running.get(id)?.abort(new ServiceError('deleted-meanwhile', {id}))
    void this.#cleanups.retry()
  }

  /** Aborts every upload because the service stops. */
  abortAll(): void {
    for (const control of this.#running.values()) control.abort(new ServiceError('shutting-down', {}))
  }

  async #open(plan: UploadPlan, id: string, open: OpenData): Promise<Readable> {
    try {
      return await open()
    } catch (error) {
      await this.#killUnfilled(plan, id, statusesBefore('killed'))
      throw error
    }
  }

  async #begin(plan: UploadPlan, id: string, control: AbortController): Promise<void> {
    const {expectedStatus, uploadingStatus, onFailure} = plan
    const begin = ({status}: ImageRecord): ImageChanges => {
      if (status !== expectedStatus) throw new ServiceError('not-queued', {status, to: uploadingStatus})
      return {status: uploadingStatus, onFailure}
    }
    const started = await this.#registry.change(id, begin).catch(async (error: unknown) => {
      await this.#killUnfilled(plan, id, [expectedStatus])
      throw translateDiskError(error, 'data')
    })
    if (!started) throw new ServiceError('deleted-meanwhile', {id})
    this.#running.set(id, control)
  }

  /** Kills an image that has not begun to receive data, if the plan says so; otherwise it is still queued. */
  async #killUnfilled({onFailure}: UploadPlan, id: string, from: readonly ImageStatus[]): Promise<void> {
    if (onFailure !== 'killed') return
    await this.#cleanups.run(id, () => this.#registry.change(id, ifStatus(from, {status: 'killed'})))
  }

  async #store(plan: UploadPlan, id: string, data: Readable, signal: AbortSignal): Promise<ImageRecord> {
    let stored: StoredData | undefined
    try {
      stored = await plan.store.put(id, data, signal)
      verify(plan.expected ?? {}, stored)
      const changes = {...toChanges(stored), ...(await plan.inspect?.(stored)), status: plan.finalStatus}
      const filled = await this.#registry.change(id, ifStatus([plan.uploadingStatus], changes))
      if (filled) return filled
      throw new ServiceError('deleted-meanwhile', {id})
    } catch (error) {
      const {location} = stored ?? {}
      if (location !== undefined) await this.#cleanups.run(location, () => plan.store.delete(location))
      await this.#cleanups.run(id, () => this.#recordFailure(plan, id))
      throw translateDiskError(error, 'data')
    }
  }

  async #recordFailure({onFailure, uploadingStatus}: UploadPlan, id: string): Promise<void> {
    const change =
      onFailure === 'killed'
        ? ifStatus(statusesBefore('killed'), {status: 'killed'})
        : ifStatus([uploadingStatus], {status: 'queued', location: null})
    await this.#registry.change(id, change)
  }
}

function toChanges({sha512, ...stored}: StoredData): ImageChanges {
  return {...stored, hashAlgo: 'sha512', hashValue: sha512}
}

/** Compares stored data with the announcement (wire/v1.md#f5, #f6, #f7, #f8, #f12, #f13). */
function verify(expected: ExpectedContent, stored: StoredData): void {
  for (const attribute of ['size', 'checksum'] as const) {
    const value = expected[attribute]
    if (value === undefined || value === stored[attribute]) continue
    throw new ServiceError('content-mismatch', {attribute, expected: value, actual: stored[attribute]})
  }
}
