/** An image with its data, added by one request of version 1 of the API: whole in the end, or taken back. */
import {randomUUID} from 'node:crypto'
import {isHangUp, neverConnected} from '../../http/trouble.js'
import type {Draft} from '../../model/draft.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import type {AddOptions, ImageData} from '../image-api.js'
import {Meter} from '../meter.js'
import {sentInTheEnd} from '../resending.js'
import {kept, type TakenBack, undone} from '../undo.js'
import {assertLength, assertStored, expectationOf} from '../verification.js'
import {type Upload, upload} from './upload.js'

/** The requests that adding is made of. */
export interface AddingCalls {
  readonly signal: AbortSignal | undefined
  post(draft: Draft, data: Upload): Promise<Image>
  show(id: string): Promise<Image>
  /** Whether the server counts its images up (2011.3); later ones take a UUID that we choose. */
  countsIds(): Promise<boolean>
  takeBack(id: string, isProtected: boolean, signal: AbortSignal): Promise<TakenBack>
}

/** Servers of version 1 hash with this alone. */
export const V1_ALGORITHMS = ['md5']

/**
 * A failed upload leaves a record, and the answer does not say which (v1-wire F1, J1). So the id is chosen here, wherever
 * the server takes one.
 */
export class Adding {
  readonly #calls: AddingCalls
  readonly #draft: Draft
  readonly #data: ImageData
  readonly #options: AddOptions
  #countsIds = false
  /** Of the record that may be there; undefined as long as nothing was sent, or when the server chooses. */
  #id: string | undefined
  #isSent = false
  #meter: Meter | undefined

  constructor(calls: AddingCalls, draft: Draft, data: ImageData, options: AddOptions) {
    this.#calls = calls
    this.#draft = draft
    this.#data = data
    this.#options = options
  }

  async image(): Promise<Image> {
    const {signal} = this.#calls
    const {onNote, onUnfinished} = this.#options
    assertLength(this.#data, this.#draft)
    if (this.#draft.id !== undefined) await this.#assertFree(this.#draft.id)
    else this.#countsIds = await this.#calls.countsIds().catch(() => false)
    signal?.throwIfAborted()
    try {
      const send = () => this.#attempt()
      const prepare = (error: Failure) => this.#prepare(error)
      return await sentInTheEnd({data: this.#data, signal, onNote, send, prepare})
    } catch (error) {
      throw await this.#outcome(error)
    } finally {
      onUnfinished?.(undefined)
    }
  }

  /** A record that was there before is not ours to take back. */
  async #assertFree(id: string): Promise<void> {
    const isThere = await this.#calls.show(id).then(
      () => true,
      error => {
        if (error instanceof Failure && error.kind === 'not-found') return false
        throw error
      },
    )
    if (isThere)
      throw new Failure('conflict', 'cannot add the image', {why: `there is an image ${id} already`})
  }

  async #attempt(): Promise<Image> {
    const {verify = true} = this.#options
    this.#meter = verify ? new Meter(V1_ALGORITHMS, this.#data.size) : undefined
    const opened = await upload(this.#data, this.#draft, this.#calls.signal, this.#meter)
    const id = this.#draft.id ?? (this.#countsIds ? undefined : randomUUID())
    this.#options.onUnfinished?.(id)
    this.#id = id
    this.#isSent = true
    const image = await this.#calls.post(id === undefined ? this.#draft : {...this.#draft, id}, opened)
    this.#id = image.id
    return this.#verified(image)
  }

  async #verified(image: Image): Promise<Image> {
    if (this.#options.verify === false) return image
    const expected = {...expectationOf(this.#draft), sent: await this.#meter?.sent()}
    assertStored(image, {...expected, size: this.#draft.size ?? this.#data.size})
    return image
  }

  /** The answer alone may be lost; otherwise the record is spent (G31), and its id with it. */
  async #prepare(error: Failure): Promise<Image | undefined> {
    const id = this.#id
    if (id === undefined) return undefined
    if (this.#meter?.isComplete) {
      const image = await this.#calls.show(id).catch(() => undefined)
      if (image?.status === 'active') return this.#verified(image)
    }
    if (this.#draft.id !== undefined) throw error
    await undone(id, error, signal => this.#takeBack(id, signal))
    return undefined
  }

  async #outcome(error: unknown): Promise<unknown> {
    if (!this.#isSent || !mayHaveMade(error)) return error
    const id = this.#id
    if (id === undefined) return error instanceof Failure ? withUnknownRest(error) : error
    return this.#options.keepFailed
      ? kept(id, error)
      : undone(id, error, signal => this.#takeBack(id, signal))
  }

  #takeBack(id: string, signal: AbortSignal): Promise<TakenBack> {
    return this.#calls.takeBack(id, this.#draft.protected === true, signal)
  }
}

/** Refused callers, ids that are taken and servers that were never reached make no record. */
function mayHaveMade(error: unknown): boolean {
  if (!(error instanceof Failure)) return true
  if ([401, 403, 409].includes(error.status ?? 0)) return false
  return isHangUp(error.cause) || !neverConnected(error.cause)
}

function withUnknownRest(error: Failure): Failure {
  const rest =
    'This server counts its images up and does not tell the number of one that failed: a record of it may remain.'
  return error.advised(rest)
}
