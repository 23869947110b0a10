/** Uploads: data on its way into a store, and the status of its image meanwhile. */
import type {Readable} from 'node:stream'
import type {ImageChanges, ImageRecord, ImageStatus, Registry} from '../registry/registry.js'
import type {Store, StoredData} from '../stores/store.js'
import {ServiceError, translateDiskFull} from './errors.js'
import {ifStatus, statusesBefore} from './status.js'

/** Opens the data, or throws; called once, when the data is wanted. */
export type OpenData = () => Readable | Promise<Readable>

/** Facts that the data must agree with; absent ones are not checked. */
export interface ExpectedContent {
  /** Bytes. */
  readonly size?: number
  /** MD5 in hexadecimal. */
  readonly checksum?: string
}

/** The steps of an upload. */
export interface UploadPlan {
  /** Status of an image that takes the data. */
  readonly expectedStatus: ImageStatus
  readonly uploadingStatus: ImageStatus
  /** Status after a failure. */
  readonly onFailure: ImageRecord['onFailure']
  readonly finalStatus: ImageStatus
  readonly store: Store
  readonly expected?: ExpectedContent
  /** Further changes of the image, once the data is stored; throws `ServiceError` to refuse the data. */
  readonly inspect?: (stored: StoredData) => Promise<ImageChanges>
}

/** From a queued image to an active one. */
export const SAVING = {expectedStatus: 'queued', uploadingStatus: 'saving', finalStatus: 'active'} as const

/** Cleanup that must eventually succeed. */
export interface Cleanups {
  /** Does the work, now or later. Never rejects. @param key replaces pending work of the same key */
  run(key: string, work: () => Promise<unknown>): Promise<void>
  /** Tries pending work again. Never rejects. */
  retry(): Promise<void>
}

export class Uploads {
  readonly #registry: Registry
  readonly #cleanups: Cleanups
  readonly #running = new Map<string, AbortController>()

  constructor(registry: Registry, cleanups: Cleanups) {
    this.#registry = registry
    this.#cleanups = cleanups
  }

  /**
   * Takes the data as planned. After a failure the image has the status of the plan and nothing stays stored.
   * @throws ServiceError `not-queued`, `content-mismatch`, `deleted-meanwhile`, `storage-full`, `shutting-down`, and what
   *   the plan throws; the error of the data when that breaks off
   */
  async execute(plan: UploadPlan, {id}: ImageRecord, open: OpenData): Promise<ImageRecord> {
    await this.#cleanups.retry()
    const data = await this.#open(plan, id, open)
    // A source that breaks off before it is read must not end the process; the store meets the error later.
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

  /** Ends the upload into that image, if there is one, because the image was deleted. */
  abort(id: string): void {
    this.#running.get(id)?.abort(new ServiceError('deleted-meanwhile', {id}))
    void this.#cleanups.retry()
  }

  /** Ends every upload because the service ends. */
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
    const begun = await this.#registry.change(id, begin).catch(async (error: unknown) => {
      await this.#killUnfilled(plan, id, [expectedStatus])
      throw translateDiskFull(error)
    })
    if (!begun) throw new ServiceError('deleted-meanwhile', {id})
    this.#running.set(id, control)
  }

  /** Ends an image before its data was taken; one that would be queued again still is. */
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
      await this.#cleanups.run(id, () => this.#giveUp(plan, id))
      throw translateDiskFull(error)
    }
  }

  async #giveUp({onFailure, uploadingStatus}: UploadPlan, id: string): Promise<void> {
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

/** wire/v1.md#f5, #f6, #f7, #f8, #f12, #f13. */
function verify(expected: ExpectedContent, stored: StoredData): void {
  for (const attribute of ['size', 'checksum'] as const) {
    const value = expected[attribute]
    if (value === undefined || value === stored[attribute]) continue
    throw new ServiceError('content-mismatch', {attribute, expected: value, actual: stored[attribute]})
  }
}
