/** The requests that create an image, and delete it again if its upload failed, in version 2 of the API. */
import {randomUUID} from 'node:crypto'
import {Failure} from '../../../model/errors.js'
import type {Image} from '../../../model/image.js'
import type {AddOptions} from '../../image-api.js'
import {graceSignal} from '../../upload/grace-signal.js'
import {mayHaveCreated} from '../../upload/rollback.js'
import type {RollbackResult} from '../../upload/steps.js'
import {imageFrom, type JsonDocument} from '../documents.js'
import {IMAGES} from '../paths.js'
import type {CallOptions, ServiceClient} from '../service-client.js'
import type {DataTransfer} from './data-transfer.js'
import {deleteRecord} from './rollback.js'
import {V2Steps} from './steps.js'

const FAILURE_SUMMARY = 'cannot add the image'

/** Creates the record of an image, without data. */
async function createRecord(
  client: ServiceClient,
  document: JsonDocument,
  call: CallOptions = {},
): Promise<Image> {
  return imageFrom(
    await client.json('POST', IMAGES, {what: FAILURE_SUMMARY}, {...call, json: document}),
    client.url,
  )
}

/** The steps of an upload to a new image. */
export class V2NewImageSteps extends V2Steps {
  readonly #document: JsonDocument
  readonly #onUnfinished: AddOptions['onUnfinished']
  #id: string | undefined
  #isCreated = false
  #isProtected: boolean

  constructor(
    client: ServiceClient,
    transfer: DataTransfer | undefined,
    document: JsonDocument,
    {onUnfinished}: AddOptions,
  ) {
    super(client, transfer)
    this.#document = document
    this.#onUnfinished = onUnfinished
    this.#isProtected = document['protected'] === true
  }

  get id(): string | undefined {
    return this.#id
  }

  async create(): Promise<Image> {
    const image = await (this.#document['id'] === undefined
      ? this.#createWithOwnId()
      : this.#createWithGivenId())
    this.#id = image.id
    this.#isProtected = image.protected === true
    this.#isCreated = true
    this.#onUnfinished?.(image.id)
    return image
  }

  rollBack(id: string, signal: AbortSignal): Promise<RollbackResult> {
    return deleteRecord(this.client, {id, protected: this.#isProtected}, signal)
  }

  /** A rejected request creates no record, unless it is a conflict; nor does one that never reached the service. */
  override mayHaveArrived(error: unknown): boolean {
    return this.#isCreated || (this.#id !== undefined && mayHaveCreated(error))
  }

  /**
   * The id is chosen here: the request can then be repeated, and its record deleted, although there was no reply. The
   * reply to the repeated request is 409 if the first was carried out.
   */
  async #createWithOwnId(): Promise<Image> {
    const id = randomUUID()
    this.#id = id
    this.#onUnfinished?.(id)
    try {
      const call = {repeatable: true, ...graceSignal(this.client.signal)}
      return await createRecord(this.client, {...this.#document, id}, call)
    } catch (error) {
      const exists = error instanceof Failure && error.status === 409
      const image = exists ? await this.look(id).catch(() => undefined) : undefined
      if (image === undefined) throw error
      return image
    }
  }

  /**
   * A record of an id that the user chose may belong to others: it is not rolled back unless the service confirms it.
   */
  async #createWithGivenId(): Promise<Image> {
    try {
      return await createRecord(this.client, this.#document, graceSignal(this.client.signal))
    } catch (error) {
      if (!(error instanceof Failure) || error.status === 409 || !mayHaveCreated(error)) throw error
      throw error.withAdvice(`Its record may exist. Look for it with: glance show ${this.#document['id']}`)
    }
  }
}
