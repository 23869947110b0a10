/** An image with its data, added by one request of version 1 of the API: whole in the end, or taken back. */
import {randomUUID} from 'node:crypto'
import {isConnectError, isConnectionReset} from '../../../http/errors/transport-errors.js'
import type {Draft} from '../../../model/draft.js'
import {Failure} from '../../../model/errors.js'
import type {Image} from '../../../model/image.js'
import type {AddOptions, ImageData} from '../../image-api.js'
import {Meter} from '../../upload/meter.js'
import {uploadWithRetry} from '../../upload/retry.js'
import {keepRecord, type RollbackResult, rollBack} from '../../upload/rollback.js'
import {assertLength, assertStored, expectationFrom} from '../../upload/verification.js'
import {openUploadBody, type UploadBody} from './upload-body.js'

/** The requests that adding is made of. */
export interface CreateWithDataCalls {
  readonly signal: AbortSignal | undefined
  post(draft: Draft, data: UploadBody): Promise<Image>
  show(id: string): Promise<Image>
  /** Whether the server counts its images up (2011.3); later ones take a UUID that we choose. */
  usesNumericIds(): Promise<boolean>
  deleteRecord(id: string, isProtected: boolean, signal: AbortSignal): Promise<RollbackResult>
}

/** Servers of version 1 hash with this alone. */
export const V1_ALGORITHMS = ['md5']

/**
 * A failed upload leaves a record, and the answer does not say which (wire/v1.md#f1, #j1). So the id is chosen here,
 * wherever the server takes one.
 */
export class CreateWithData {
  readonly #calls: CreateWithDataCalls
  readonly #draft: Draft
  readonly #data: ImageData
  readonly #options: AddOptions
  #usesNumericIds = false
  /** Of the record that may be there; undefined as long as nothing was sent, or when the server chooses. */
  #id: string | undefined
  #isSent = false
  #meter: Meter | undefined

  constructor(calls: CreateWithDataCalls, draft: Draft, data: ImageData, options: AddOptions) {
    this.#calls = calls
    this.#draft = draft
    this.#data = data
    this.#options = options
  }

  async run(): Promise<Image> {
    const {signal} = this.#calls
    const {onNote, onUnfinished} = this.#options
    assertLength(this.#data, this.#draft)
    if (this.#draft.id !== undefined) await this.#assertIdIsFree(this.#draft.id)
    else this.#usesNumericIds = await this.#calls.usesNumericIds().catch(() => false)
    signal?.throwIfAborted()
    try {
      const send = () => this.#sendOnce()
      const prepare = (error: Failure) => this.#prepareRetry(error)
      return await uploadWithRetry({data: this.#data, signal, onNote, send, prepare})
    } catch (error) {
      throw await this.#handleFailure(error)
    } finally {
      onUnfinished?.(undefined)
    }
  }

  /** A record that was there before is not ours to take back. */
  async #assertIdIsFree(id: string): Promise<void> {
    const exists = await this.#calls.show(id).then(
      () => true,
      error => {
        if (error instanceof Failure && error.kind === 'not-found') return false
        throw error
      },
    )
    if (exists)
      throw new Failure('conflict', 'cannot add the image', {why: `there is an image ${id} already`})
  }

  async #sendOnce(): Promise<Image> {
    const {verify = true} = this.#options
    this.#meter = verify ? new Meter(V1_ALGORITHMS, this.#data.size) : undefined
    const opened = await openUploadBody(this.#data, this.#draft, this.#calls.signal, this.#meter)
    const id = this.#draft.id ?? (this.#usesNumericIds ? undefined : randomUUID())
    this.#options.onUnfinished?.(id)
    this.#id = id
    this.#isSent = true
    const image = await this.#calls.post(id === undefined ? this.#draft : {...this.#draft, id}, opened)
    this.#id = image.id
    return this.#verify(image)
  }

  async #verify(image: Image): Promise<Image> {
    if (this.#options.verify === false) return image
    const expected = {...expectationFrom(this.#draft), sent: await this.#meter?.finish()}
    assertStored(image, {...expected, size: this.#draft.size ?? this.#data.size})
    return image
  }

  /** The answer alone may be lost; otherwise the record is spent (wire/v1.md#g31), and its id with it. */
  async #prepareRetry(error: Failure): Promise<Image | undefined> {
    const id = this.#id
    if (id === undefined) return undefined
    if (this.#meter?.isComplete) {
      const image = await this.#calls.show(id).catch(() => undefined)
      if (image?.status === 'active') return this.#verify(image)
    }
    if (this.#draft.id !== undefined) throw error
    await rollBack(id, error, signal => this.#deleteRecord(id, signal))
    return undefined
  }

  async #handleFailure(error: unknown): Promise<unknown> {
    if (!this.#isSent || !mayExist(error)) return error
    const id = this.#id
    if (id === undefined) return error instanceof Failure ? adviseUnknownRecord(error) : error
    return this.#options.keepFailed
      ? keepRecord(id, error)
      : rollBack(id, error, signal => this.#deleteRecord(id, signal))
  }

  #deleteRecord(id: string, signal: AbortSignal): Promise<RollbackResult> {
    return this.#calls.deleteRecord(id, this.#draft.protected === true, signal)
  }
}

/** Refused callers, ids that are taken and servers that were never reached make no record. */
function mayExist(error: unknown): boolean {
  if (!(error instanceof Failure)) return true
  if ([401, 403, 409].includes(error.status ?? 0)) return false
  return isConnectionReset(error.cause) || !isConnectError(error.cause)
}

function adviseUnknownRecord(error: Failure): Failure {
  const hint =
    'This server counts its images up and does not tell the number of one that failed: a record of it may remain.'
  return error.withAdvice(hint)
}
