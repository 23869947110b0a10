/** Uploads the data of an image and verifies it; after a failure, sends it again or rolls back. */
import {isConnectionReset} from '../../http/errors/transport-errors.js'
import type {RetryPolicy} from '../../http/retry/retry-policy.js'
import type {Draft} from '../../model/draft.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import type {AddOptions, ImageData} from '../image-api.js'
import {announcedDigests} from './announced-digests.js'
import {findSettled, findStored, waitUntilStored} from './find-stored.js'
import {Meter} from './meter.js'
import {adviseUnknownRecord, explainOutcome, keepRecord, rollBack} from './rollback.js'
import type {UploadSteps} from './steps.js'
import {assertHasData} from './stored-status.js'
import {
  addComparableDigest,
  assertLength,
  assertStored,
  type Expectation,
  expectationFrom,
  makeRehash,
} from './verification.js'
import {isInProgress} from './wait-until-settled.js'

/** An upload: its requests, data and options. */
export interface Upload {
  readonly steps: UploadSteps
  readonly draft: Draft
  /** Undefined if the service fetches the data. */
  readonly data: ImageData | undefined
  /** The service may convert the data that is sent. */
  readonly mayConvert?: true | undefined
  readonly options: AddOptions
  readonly retryPolicy: RetryPolicy
  /** Ends the waits. */
  readonly signal: AbortSignal | undefined
}

/**
 * - `created`: there is a record that can take the data.
 * - `settled`: the service has the data; `image` is the stored one, if the service has described it.
 * - `rolled back`: the record took part of the data and was deleted; another is needed.
 */
type UploadState =
  | {readonly name: 'new' | 'created' | 'rolled back'}
  | {readonly name: 'settled'; readonly image: Image | undefined}
  | {readonly name: 'verified'; readonly image: Image}

const NEW: UploadState = {name: 'new'}
const CREATED: UploadState = {name: 'created'}
const ROLLED_BACK: UploadState = {name: 'rolled back'}

/**
 * Creates the record, sends the data, and verifies what the service has stored. Data that can be read again is sent
 * again after a temporary failure, as often as the policy allows.
 * @returns the verified image
 * @throws Failure with advice on the record: it is deleted unless `keepFailed` is set or it existed before. Of kind
 * `unverified` when the service has stored something else; with the code `stored` when that could not be checked
 */
export async function runUpload(upload: Upload): Promise<Image> {
  if (upload.data) assertLength(upload.data, upload.draft)
  return new UploadRun(upload).run()
}

class UploadRun {
  readonly #upload: Upload
  readonly #verifies: boolean
  /** The record as it was before the data. */
  #record: Image | undefined
  #meter: Meter | undefined
  #algorithms: Promise<readonly string[]> | undefined
  /** Attempts to send the data that failed. */
  #failures = 0
  /** The data was sent again with new credentials. */
  #isRenewed = false

  constructor(upload: Upload) {
    this.#upload = upload
    this.#verifies = upload.options.verify !== false
  }

  async run(): Promise<Image> {
    let state = NEW
    try {
      while (state.name !== 'verified') state = await this.#advance(state)
      return state.image
    } catch (error) {
      throw await this.#abandon(error, state)
    } finally {
      this.#upload.options.onUnfinished?.(undefined)
    }
  }

  async #advance(state: Exclude<UploadState, {name: 'verified'}>): Promise<UploadState> {
    switch (state.name) {
      case 'new':
      case 'rolled back':
        this.#record = await this.#upload.steps.create()
        return CREATED
      case 'created':
        return this.#send()
      case 'settled':
        return {name: 'verified', image: await this.#verify(state.image)}
    }
  }

  async #send(): Promise<UploadState> {
    const {steps, data} = this.#upload
    try {
      this.#meter = data && (await this.#createMeter(data))
      return {name: 'settled', image: await steps.send(this.#meter)}
    } catch (error) {
      if (data === undefined || !(error instanceof Failure) || error.code === 'in-progress') throw error
      return this.#recover(error, data)
    }
  }

  async #createMeter({size}: ImageData): Promise<Meter> {
    if (!this.#verifies) return new Meter([], size)
    return new Meter(await this.#chooseAlgorithms(), size, announcedDigests(this.#upload.draft))
  }

  #chooseAlgorithms(): Promise<readonly string[]> {
    const announced = Object.keys(announcedDigests(this.#upload.draft))
    this.#algorithms ??= this.#upload.steps
      .chooseAlgorithms()
      .then(names => [...new Set([...names, ...announced])])
    return this.#algorithms
  }

  async #recover(error: Failure, data: ImageData): Promise<UploadState> {
    const image = this.#meter?.isComplete ? await findStored(this.#upload, error) : undefined
    if (image !== undefined) return {name: 'settled', image}
    const attempt = await this.#pauseBeforeRetry(error, data)
    const state = await this.#findState(error)
    if (state.name !== 'settled')
      this.#upload.options.onNote?.(`${error.message}: ${error.why}; sending the data again${attempt}`)
    return state
  }

  /**
   * Waits before the data is sent again: with new credentials at once, otherwise as the policy says.
   * @returns the number of the attempt, for a note
   * @throws the error if the data must not be sent again
   */
  async #pauseBeforeRetry(error: Failure, data: ImageData): Promise<string> {
    const {retryPolicy, signal} = this.#upload
    if (error.code === 'login-renewed' && !this.#isRenewed) {
      if (!data.repeatable) throw adviseSpool(error)
      this.#isRenewed = true
      return ', after a new login'
    }
    if (!isTemporary(error, this.#failures)) throw error
    this.#failures += 1
    const seconds = retryPolicy.delayBefore(this.#failures, error.retryAfter)
    if (seconds === undefined) throw error
    if (!data.repeatable) throw adviseSpool(error)
    await retryPolicy.wait(seconds, signal)
    return ` (${this.#failures} of ${retryPolicy.retries})`
  }

  /** The service may have all data, and only the reply was lost. */
  async #findState(error: Failure): Promise<UploadState> {
    const {steps} = this.#upload
    const {id, resendTo} = steps
    const isComplete = this.#meter?.isComplete === true
    const isWorthWaiting = resendTo === 'same record' || isComplete
    const image = id !== undefined && isWorthWaiting ? await findSettled(this.#upload, id) : undefined
    if (image === 'gone' && steps.rollBack && resendTo === 'same record') return ROLLED_BACK
    if (image !== undefined && image !== 'gone') {
      if (image.status === 'active' && (isComplete || !this.#verifies)) return {name: 'settled', image}
      if (image.status === 'queued' && resendTo === 'same record') return CREATED
    }
    // Rejected credentials have created nothing.
    if (resendTo === 'nowhere' && error.code === 'login-renewed') return ROLLED_BACK
    if (resendTo !== 'new record') throw error
    if (id !== undefined) await rollBack(steps, id, error)
    return ROLLED_BACK
  }

  async #verify(known: Image | undefined): Promise<Image> {
    const expectation = await this.#expectation()
    const image = await this.#readStored(known)
    const {data} = this.#upload
    assertHasData(image, data?.size === 0 || (data !== undefined && this.#meter?.size === 0))
    const warning = assertStored(image, await addComparableDigest(image, expectation))
    if (warning !== undefined) this.#upload.options.onWarning?.(warning)
    return image
  }

  async #expectation(): Promise<Expectation> {
    const {draft, data, signal, mayConvert} = this.#upload
    if (!this.#verifies) return {}
    const announced = expectationFrom(draft)
    if (data === undefined) return {...announced, format: draft.diskFormat}
    const sent = await this.#meter?.finish()
    const format = mayConvert && draft.diskFormat
    return {...announced, size: draft.size ?? data.size, sent, rehash: makeRehash(data, signal), format}
  }

  /**
   * The stored image, once the service has finished with it. Data that the service has accepted is never deleted because
   * it could not be read back.
   */
  async #readStored(known: Image | undefined): Promise<Image> {
    const {steps} = this.#upload
    const id = known?.id ?? steps.id ?? ''
    const what = `the data of image ${id} is stored, but could not be verified`
    const look = () => steps.look(id, {what})
    try {
      const image = known ?? (await look())
      return isInProgress(image) ? await waitUntilStored(this.#upload, image, look) : image
    } catch (error) {
      if (error instanceof Failure && error.code === 'in-progress') throw error
      if (!(error instanceof Failure) || error.kind === 'interrupted') throw error
      if (!this.#verifies && this.#record) return {...this.#record, status: 'active'}
      const advice = `Image ${id} has its data, and is kept. Look at it with: glance show ${id}`
      throw error.with({kind: 'unavailable', advice, code: 'stored'})
    }
  }

  /** @returns the error, with advice on the record */
  async #abandon(error: unknown, {name}: UploadState): Promise<unknown> {
    const {steps, options} = this.#upload
    const {id} = steps
    if (error instanceof Failure && (error.code === 'stored' || error.code === 'in-progress')) return error
    if (!steps.mayHaveArrived(error)) return error
    if (id === undefined) return adviseUnknownRecord(error)
    if (steps.rollBack === undefined) return name === 'new' ? error : explainOutcome(steps, id, error)
    return options.keepFailed ? keepRecord(id, error) : rollBack(steps, id, error)
  }
}

/** A service that never replied is not worth waiting for; one that failed during the upload may come back. A
 * source that broke was given up already. */
function isTemporary(error: unknown, failures: number): error is Failure {
  if (!(error instanceof Failure) || error.kind !== 'unavailable' || error.code === 'unreadable') return false
  return error.status !== undefined || isConnectionReset(error.cause) || failures > 0
}

function adviseSpool(error: Failure): Failure {
  const hint = 'Use --spool to keep a copy on disk: data from a pipe cannot be sent again.'
  return error.withAdvice(hint)
}
