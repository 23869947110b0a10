/** Uploads: writes data to a store, and keeps the status of its image correct meanwhile. */
import type {Readable} from 'node:stream'
import {listLocations} from '../registry/image-data.js'
import type {Decide, ImageChanges, ImageRecord, Registry} from '../registry/registry.js'
import {createDataKey} from '../stores/data-key.js'
import type {StoredData} from '../stores/store.js'
import {isInterruption, ServiceError, translateDiskError} from './errors.js'
import type {Quotas} from './quotas.js'
import {formatClaim} from './signatures/claim.js'
import type {VerifyData} from './signatures/signatures.js'
import type {UnusedData} from './unused-data.js'
import {toChanges, verify} from './upload/expected-content.js'
import {type FilledChanges, isVerified, type OpenData, toFailure, type UploadPlan} from './upload/plan.js'

/** Changes that must eventually succeed. */
export interface Cleanups {
  /** Runs the work, and keeps it for `retry` if it fails. Never rejects. @param key replaces pending work of the same key */
  run(key: string, work: () => Promise<unknown>): Promise<void>
  /** Runs pending work again. Never rejects. */
  retry(): Promise<void>
}

/** Dependencies of `Uploads`. */
export interface UploadsParts {
  readonly registry: Registry
  /** Id of this process. */
  readonly holder: string
  readonly unused: UnusedData
  readonly cleanups: Cleanups
  readonly quotas: Quotas
  readonly verify: VerifyData
  /** Returns the text of an error for the operator. */
  readonly describe: (error: unknown) => string
}

/** An upload that has begun. */
interface RunningUpload {
  readonly plan: UploadPlan
  readonly id: string
  /** Key and location of its data. */
  readonly key: string
  readonly location: string
  /** The signature of the data, which must not change meanwhile; undefined: it is not verified. */
  readonly claim: string | undefined
  readonly control: AbortController
}

/** Runs uploads, and aborts them when their image is deleted or the service stops. */
export class Uploads {
  readonly #parts: UploadsParts
  /** By the location of their data. */
  readonly #running = new Map<string, RunningUpload>()

  constructor(parts: UploadsParts) {
    this.#parts = parts
  }

  /**
   * Runs an upload. After a failure the image has the status `plan.onFailure`, and nothing remains stored.
   * @returns the record of the filled image
   * @throws ServiceError `not-queued`, `content-mismatch`, `bad-signature`, `deleted-meanwhile`, `upload-taken-over`, `shutting-down`, as
   *   `Quotas.admit` and `translateDiskError`; whatever `open` and `plan.inspect` throw; the error of the data if that fails
   */
  async execute(plan: UploadPlan, image: ImageRecord, open: OpenData): Promise<ImageRecord> {
    await this.#retryFailed()
    const data = await this.#open(plan, image, open)
    // An error before the data is read must not end the process; the store reports it later.
    data.on('error', () => {})
    const key = createDataKey(image.id)
    const upload = {
      plan,
      id: image.id,
      key,
      location: plan.store.locate(key),
      claim: isVerified(plan) ? formatClaim(image) : undefined,
      control: new AbortController(),
    }
    try {
      const begun = await this.#begin(upload)
      return await this.#store(upload, begun, data)
    } finally {
      data.destroy()
      this.#running.delete(upload.location)
    }
  }

  /** Number of uploads under way, those of imports and copies included. */
  get runningCount(): number {
    return this.#running.size
  }

  /** Aborts the upload into an image that was deleted, if one is running. */
  abort(id: string): void {
    const deleted = new ServiceError('deleted-meanwhile', {id})
    for (const upload of this.#running.values()) if (upload.id === id) upload.control.abort(deleted)
    void this.#retryFailed()
  }

  /** Aborts the uploads that another process ended: it deleted the image, or found this process dead. */
  async abortLost(): Promise<void> {
    const running = [...this.#running.values()]
    if (running.length === 0) return
    const stored = await this.#parts.registry.listStoredData(running.map(({id}) => id))
    for (const upload of running) {
      const isLost = !stored.get(upload.id)?.includes(upload.location)
      if (isLost) upload.control.abort(await this.#findLoss(upload))
    }
  }

  /** Aborts every upload because the service stops. */
  abortAll(): void {
    for (const {control} of this.#running.values()) control.abort(new ServiceError('shutting-down', {}))
  }

  async #retryFailed(): Promise<void> {
    await this.#parts.cleanups.retry()
    await this.#parts.unused.retryUnlessAway()
  }

  /** The size is checked before the data is opened, if it is known, and else while it arrives. */
  async #open(plan: UploadPlan, image: ImageRecord, open: OpenData): Promise<Readable> {
    const {quotas} = this.#parts
    try {
      const size = open.announced ?? plan.expected?.size
      const isStaged = plan.expectedStatus === 'uploading'
      const room = plan.isFurther ? image.size : await quotas.admit(image, isStaged, size)
      const {verify} = this.#parts
      const data = await (isVerified(plan) ? verify(image, open) : open())
      return open.announced === undefined ? quotas.limit(data, room) : data
    } catch (error) {
      await this.#parts.cleanups.run(image.id, () => this.#killUnfilled(plan, image.id, error))
      throw error
    }
  }

  async #begin(upload: RunningUpload): Promise<ImageRecord> {
    const {plan, id, location} = upload
    const {registry, cleanups, holder} = this.#parts
    const {expectedStatus, uploadingStatus, onFailure} = plan
    const begin = (image: ImageRecord): ImageChanges => {
      const {status, arriving} = image
      if (status !== expectedStatus || arriving !== null || !isFree(image, holder))
        throw new ServiceError('not-queued', {status, to: uploadingStatus})
      return {status: uploadingStatus, onFailure, arriving: location, holder}
    }
    const change = plan.begin ?? ((image, decide) => registry.change(image, decide))
    const started = await change(id, begin).catch(async (error: unknown) => {
      const isLeft = error instanceof ServiceError || plan.isRepeatable
      if (!isLeft) await cleanups.run(location, () => this.#undoBegin(upload, error))
      throw translateDiskError(error, 'data')
    })
    if (!started) throw new ServiceError('deleted-meanwhile', {id})
    this.#running.set(location, upload)
    return started
  }

  /** A registry that broke off may have carried the change out: the image would wait for ever, for a process that lives. */
  async #undoBegin(upload: RunningUpload, error: unknown): Promise<void> {
    await this.#recordFailure(upload, error)
    await this.#killUnfilled(upload.plan, upload.id, error)
  }

  /** Kills an image that has not begun to receive data, if the plan says so; otherwise it is still queued. */
  async #killUnfilled(plan: UploadPlan, id: string, error: unknown): Promise<void> {
    const {onFailure, expectedStatus, isRepeatable} = plan
    if (onFailure !== 'killed' || (isRepeatable && isInterruption(error))) return
    const {unused, holder, describe} = this.#parts
    const killed: ImageChanges = {status: 'killed', holder: null, failure: describe(error)}
    const kill: Decide = image =>
      image.status === expectedStatus && isFree(image, holder) ? killed : undefined
    await unused.change(id, kill)
  }

  async #store(upload: RunningUpload, begun: ImageRecord, data: Readable): Promise<ImageRecord> {
    const {plan, key, control} = upload
    try {
      const stored = await plan.store.put(key, data, control.signal, plan.expected?.size)
      verify(plan.expected ?? {}, stored)
      return await this.#fill(upload, begun, stored)
    } catch (error) {
      // Others may have deleted the data while it arrived.
      const loss =
        error instanceof ServiceError ? undefined : await this.#findLoss(upload).catch(() => undefined)
      const isLeft = plan.isRepeatable && isInterruption(error)
      if (!isLeft) await this.#parts.cleanups.run(upload.location, () => this.#undo(upload, loss ?? error))
      throw loss ?? translateDiskError(error, 'data')
    }
  }

  /** Why an upload cannot complete: its image is deleted, or another process ended it; undefined: it can. */
  async #findLoss({id, location}: RunningUpload): Promise<ServiceError | undefined> {
    const image = await this.#parts.registry.find(id)
    if (image === undefined || image.deleted) return new ServiceError('deleted-meanwhile', {id})
    return listLocations(image).includes(location) ? undefined : new ServiceError('upload-taken-over', {id})
  }

  /** Removes the data first, because a full disk has no space for the record of the failure. */
  async #undo(upload: RunningUpload, error: unknown): Promise<void> {
    const {registry, unused} = this.#parts
    const image = await registry.find(upload.id)
    // A registry that broke off may have carried the change out.
    if (image?.locations.some(({url}) => url === upload.location)) return
    await unused.remove([upload.location])
    await this.#recordFailure(upload, error)
  }

  /** Ends a complete upload. The data is inspected for the formats that the image has in the end: callers may change them. */
  async #fill(upload: RunningUpload, begun: ImageRecord, stored: StoredData): Promise<ImageRecord> {
    const {plan, id, location, claim} = upload
    for (let image = begun; ; ) {
      const {diskFormat, containerFormat} = image
      const changes: FilledChanges = {
        ...toChanges(stored),
        ...(await plan.inspect?.(image, stored)),
        status: plan.finalStatus,
        location,
        size: stored.size,
      }
      const fill = ifArriving(location, now => plan.fill?.(now, changes) ?? changes)
      const changed = await this.#parts.unused.change(id, now => {
        if (now.arriving !== location) throw new ServiceError('upload-taken-over', {id})
        if (claim !== undefined && claim !== formatClaim(now)) {
          throw new ServiceError('bad-signature', {id, reason: 'the signature was changed meanwhile'})
        }
        const isInspected = now.diskFormat === diskFormat && now.containerFormat === containerFormat
        return isInspected ? fill(now) : {}
      })
      if (!changed) throw new ServiceError('deleted-meanwhile', {id})
      if (changed.arriving !== location) return changed
      image = changed
    }
  }

  async #recordFailure({plan, id, location}: RunningUpload, error: unknown): Promise<void> {
    const {unused, describe} = this.#parts
    const failed = {...toFailure(plan), failure: describe(error)}
    await unused.change(
      id,
      ifArriving(location, () => failed),
    )
  }
}

/** False for an image whose copy waits in another process. */
function isFree(image: ImageRecord, process: string): boolean {
  return (image.holder ?? process) === process
}

/** Ends an upload; nothing is changed unless its data is the data that the image is receiving. */
function ifArriving(location: string, change: (image: ImageRecord) => ImageChanges): Decide {
  return image => (image.arriving === location ? {arriving: null, holder: null, ...change(image)} : undefined)
}
