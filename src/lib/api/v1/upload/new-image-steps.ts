/** The requests that create an image with its data, in version 1 of the API. */
import {randomUUID} from 'node:crypto'
import {isConnectError, isConnectionReset} from '../../../http/errors/transport-errors.js'
import type {Draft} from '../../../model/draft.js'
import {Failure} from '../../../model/errors.js'
import type {Image} from '../../../model/image.js'
import type {AddOptions, ImageData} from '../../image-api.js'
import {graceSignal} from '../../upload/grace-signal.js'
import type {Meter} from '../../upload/meter.js'
import {mayHaveCreated} from '../../upload/rollback.js'
import type {LookOptions, RollbackResult, UploadSteps} from '../../upload/steps.js'
import {openUploadBody, type UploadBody} from './upload-body.js'

/** The requests of the steps. */
export interface NewImageRequests {
  /** Ends the wait for the first byte. */
  readonly signal: AbortSignal | undefined
  post(draft: Draft, message: Partial<UploadBody>): Promise<Image>
  show(id: string, signal?: AbortSignal): Promise<Image>
  /** True if the server numbers its images (2011.3); later ones accept a UUID from the client. */
  usesNumericIds(): Promise<boolean>
  deleteRecord(id: string, isProtected: boolean, signal: AbortSignal): Promise<RollbackResult>
}

/** The only digest of version 1. */
export const V1_ALGORITHMS = ['md5']

/**
 * One POST creates the image and carries its data. If it fails, it leaves an unusable record (wire/v1.md#g31), and
 * the reply does not have its id (wire/v1.md#f1, #j1). So the id is chosen here, if the server accepts one.
 */
export class V1NewImageSteps implements UploadSteps {
  readonly resendTo: UploadSteps['resendTo']
  readonly #calls: NewImageRequests
  readonly #draft: Draft
  readonly #data: ImageData | undefined
  readonly #onUnfinished: AddOptions['onUnfinished']
  #usesNumericIds: boolean | undefined
  #id: string | undefined
  #isSent = false

  /** @param data undefined for a record without data */
  constructor(
    calls: NewImageRequests,
    draft: Draft,
    data: ImageData | undefined,
    {onUnfinished}: AddOptions,
  ) {
    this.#calls = calls
    this.#draft = draft
    this.#data = data
    this.#onUnfinished = onUnfinished
    this.resendTo = draft.id === undefined ? 'new record' : 'nowhere'
  }

  get id(): string | undefined {
    return this.#id
  }

  async chooseAlgorithms(): Promise<readonly string[]> {
    return V1_ALGORITHMS
  }

  /** Chooses the id of the record. */
  async create(): Promise<undefined> {
    const {id} = this.#draft
    if (id !== undefined) await this.#assertIdIsFree(id)
    else this.#usesNumericIds ??= await this.#calls.usesNumericIds().catch(() => false)
    this.#calls.signal?.throwIfAborted()
    this.#id = id ?? (this.#usesNumericIds ? undefined : randomUUID())
  }

  async send(meter: Meter | undefined): Promise<Image> {
    const {signal} = this.#calls
    return this.#post(this.#data ? await openUploadBody(this.#data, this.#draft, signal, meter) : {})
  }

  /** Creates the record alone. */
  async createWithoutData(): Promise<Image> {
    await this.create()
    return this.#post(graceSignal(this.#calls.signal))
  }

  async #post(message: Partial<UploadBody>): Promise<Image> {
    const id = this.#id
    this.#onUnfinished?.(id)
    this.#isSent = true
    const image = await this.#calls.post(id === undefined ? this.#draft : {...this.#draft, id}, message)
    this.#id = image.id
    return image
  }

  look(id: string, {signal}: LookOptions = {}): Promise<Image> {
    return this.#calls.show(id, signal)
  }

  rollBack(id: string, signal: AbortSignal): Promise<RollbackResult> {
    return this.#calls.deleteRecord(id, this.#draft.protected === true, signal)
  }

  /** Rejected callers, ids that are taken and servers that were never reached create no record. */
  mayHaveArrived(error: unknown): boolean {
    if (!this.#isSent) return false
    if (!(error instanceof Failure)) return true
    if ([401, 403, 409].includes(error.status ?? 0)) return false
    if (this.#data === undefined) return mayHaveCreated(error)
    return isConnectionReset(error.cause) || !isConnectError(error.cause)
  }

  /** A record that existed before must not be rolled back. */
  async #assertIdIsFree(id: string): Promise<void> {
    const exists = await this.#calls.show(id).then(
      () => true,
      error => {
        if (error instanceof Failure && error.kind === 'not-found') return false
        throw error
      },
    )
    if (exists) throw new Failure('conflict', 'cannot add the image', {why: `image ${id} exists already`})
  }
}
