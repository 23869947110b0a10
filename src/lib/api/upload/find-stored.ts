/** Finds out whether the service has stored the data of an image, when its reply does not say so. */
import {isConnectError, isResponseTimeout} from '../../http/errors/transport-errors.js'
import type {RetryPolicy} from '../../http/retry/retry-policy.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import {type PollOptions, poll} from './poll.js'
import type {UploadSteps} from './steps.js'
import {inProgressError} from './stored-status.js'
import {isInProgress, waitUntilSettled} from './wait-until-settled.js'

/** The requests of an upload, and the limits of its waits. */
export interface WaitingUpload {
  readonly steps: Pick<UploadSteps, 'id' | 'look'>
  readonly retryPolicy: RetryPolicy
  /** Ends the waits. */
  readonly signal: AbortSignal | undefined
}

/** Seconds that an image may stay `saving` after its last byte. */
const MAX_SAVING = 3600
/** Seconds that an image may stay `queued` after its last byte, while the request has no reply. */
const MAX_SILENCE = 600
/** Seconds that the service may be unreachable after a failed request. */
const MAX_OUTAGE = 30

/**
 * Once all data was sent, a missing reply does not mean that it was not stored: the status of the image is read, however
 * often requests may be repeated. After silence, even an image that is `queued` may be in progress.
 * @returns the image if it has the data
 * @throws Failure with the code `in-progress` if that cannot be decided
 */
export async function findStored(upload: WaitingUpload, error: Failure): Promise<Image | undefined> {
  const {steps, signal} = upload
  const {id} = steps
  if (id === undefined || !isReplyLost(error)) return undefined
  const isSilent = isResponseTimeout(error.cause)
  const look = async () => {
    const image = await steps.look(id)
    return isInProgress(image) ? undefined : image
  }
  const options = {...pollOptions(upload), maxOutage: MAX_OUTAGE}
  try {
    const waitForData = async () => {
      const image = await look()
      return isSilent && image?.status === 'queued' ? undefined : image
    }
    const image =
      (await poll(waitForData, {...options, limit: isSilent ? MAX_SILENCE : MAX_SAVING})) ??
      (await poll(look, {...options, limit: MAX_SAVING}))
    if (image !== undefined) return image.status === 'active' ? image : undefined
  } catch (failure) {
    signal?.throwIfAborted()
    if (failure instanceof Failure && failure.kind === 'not-found') return undefined
  }
  throw inProgressError(id, `${error.why}, and the service has not finished with it`, error.cause)
}

/** @returns undefined if the image cannot be read, or does not settle in time; `gone` if there is none */
export async function findSettled(upload: WaitingUpload, id: string): Promise<Image | 'gone' | undefined> {
  const options = {...pollOptions(upload), limit: MAX_OUTAGE, maxOutage: MAX_OUTAGE}
  try {
    return await waitUntilSettled(() => upload.steps.look(id), options)
  } catch (error) {
    upload.signal?.throwIfAborted()
    return error instanceof Failure && error.kind === 'not-found' ? 'gone' : undefined
  }
}

/**
 * Waits until the service has finished with data that it has accepted.
 * @param look reads the image
 * @throws Failure with the code `in-progress` if that takes too long
 */
export async function waitUntilStored(
  upload: WaitingUpload,
  {id, status}: Image,
  look: () => Promise<Image>,
): Promise<Image> {
  const image = await waitUntilSettled(look, {...pollOptions(upload), limit: MAX_SAVING})
  if (image !== undefined) return image
  throw inProgressError(id, `the service accepted it, and its status is still ${status}`)
}

function pollOptions({retryPolicy, signal}: WaitingUpload): PollOptions {
  return {wait: retryPolicy.wait, signal}
}

/** True if the reply did not come from the service, so that it may have carried out the request. */
export function isReplyLost({kind, status, cause}: Failure): boolean {
  if (kind !== 'unavailable') return false
  return status === undefined ? !isConnectError(cause) : status === 502 || status === 504
}
