/** Uploads the data of an image and verifies it; after a failure, sends it again or rolls back. */
import {isConnectionReset} from '../../http/errors/transport-errors.js'
import type {RetryPolicy} from '../../http/retry/retry-policy.js'
import type {Draft} from '../../model/draft.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import type {AddOptions, ImageData} from '../image-api.js'
import {Meter} from './meter.js'
import {adviseUnknownRecord, explainOutcome, keepRecord, rollBack} from './rollback.js'
import type {UploadSteps} from './steps.js'
import {
  addComparableDigest,
  announcedDigests,
  assertLength,
  assertStored,
  type Expectation,
  expectationFrom,
  makeRehash,
} from './verification.js'
import {waitUntilSettled} from './wait-until-settled.js'

/** An upload: its requests, data and options. */
export interface Upload {
  readonly steps: UploadSteps
  readonly draft: Draft
  /** Undefined if the service fetches the data. */
  readonly data: ImageData | undefined
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
      this.#meter = data && this.#verifies ? new Meter(await this.#chooseAlgorithms(), data.size) : undefined
      return {name: 'settled', image: await steps.send(this.#meter)}
    } catch (error) {
      if (data === undefined || !isTemporary(error, this.#failures)) throw error
      return this.#recover(error, data)
    }
  }

  #chooseAlgorithms(): Promise<readonly string[]> {
    const announced = Object.keys(announcedDigests(this.#upload.draft))
    this.#algorithms ??= this.#upload.steps
      .chooseAlgorithms()
      .then(names => [...new Set([...names, ...announced])])
    return this.#algorithms
  }

  async #recover(error: Failure, data: ImageData): Promise<UploadState> {
    const {options, retryPolicy, signal} = this.#upload
    this.#failures += 1
    const seconds = retryPolicy.delayBefore(this.#failures, error.retryAfter)
    if (seconds === undefined) throw error
    if (!data.repeatable) throw adviseSpool(error)
    await retryPolicy.wait(seconds, signal)
    const state = await this.#findState(error)
    const count = `${this.#failures} of ${retryPolicy.retries}`
    if (state.name !== 'settled')
      options.onNote?.(`${error.message}: ${error.why}; sending the data again (${count})`)
    return state
  }

  /** The service may have all data, and only the reply was lost. */
  async #findState(error: Failure): Promise<UploadState> {
    const {steps, signal} = this.#upload
    const {id, resendTo} = steps
    const isComplete = this.#meter?.isComplete === true
    const isWorthWaiting = resendTo === 'same record' || isComplete
    const image =
      id !== undefined && isWorthWaiting ? await waitUntilSettled(() => steps.look(id), signal) : undefined
    if (image?.status === 'active' && (isComplete || !this.#verifies)) return {name: 'settled', image}
    if (image?.status === 'queued' && resendTo === 'same record') return CREATED
    if (resendTo !== 'new record') throw error
    if (id !== undefined) await rollBack(steps, id, error)
    return ROLLED_BACK
  }

  async #verify(known: Image | undefined): Promise<Image> {
    const expectation = await this.#expectation()
    const image = known ?? (await this.#readStored())
    const warning = assertStored(image, await addComparableDigest(image, expectation))
    if (warning !== undefined) this.#upload.options.onWarning?.(warning)
    return image
  }

  async #expectation(): Promise<Expectation> {
    const {draft, data, signal} = this.#upload
    if (!this.#verifies) return {}
    const announced = expectationFrom(draft)
    if (data === undefined) return {...announced, format: draft.diskFormat}
    const sent = await this.#meter?.finish()
    return {...announced, size: draft.size ?? data.size, sent, rehash: makeRehash(data, signal)}
  }

  /** Data that the service has accepted is never deleted because it could not be read back. */
  async #readStored(): Promise<Image> {
    const {steps} = this.#upload
    const id = steps.id ?? ''
    try {
      return await steps.look(id, {what: `the data of image ${id} is stored, but could not be verified`})
    } catch (error) {
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
    if (error instanceof Failure && error.code === 'stored') return error
    if (!steps.mayHaveArrived(error)) return error
    if (id === undefined) return adviseUnknownRecord(error)
    if (steps.rollBack === undefined) return name === 'new' ? error : explainOutcome(steps, id, error)
    return options.keepFailed ? keepRecord(id, error) : rollBack(steps, id, error)
  }
}

/** A service that never replied is not worth waiting for; one that failed during the upload may come back. */
function isTemporary(error: unknown, failures: number): error is Failure {
  if (!(error instanceof Failure) || error.kind !== 'unavailable') return false
  return error.status !== undefined || isConnectionReset(error.cause) || failures > 0
}

function adviseSpool(error: Failure): Failure {
  const hint = 'Use --spool to keep a copy on disk: data from a pipe cannot be sent again.'
  return error.withAdvice(hint)
}
