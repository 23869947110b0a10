/** Data brought to an image that waits for it, by one request of version 1 of the API. */
import {isConnectError} from '../../../http/errors/transport-errors.js'
import type {Draft} from '../../../model/draft.js'
import {Failure} from '../../../model/errors.js'
import type {Image} from '../../../model/image.js'
import type {ImageData, UpdateOptions} from '../../image-api.js'
import {Meter} from '../../upload/meter.js'
import {uploadWithRetry} from '../../upload/retry.js'
import {reportWrongData} from '../../upload/rollback.js'
import {assertLength, assertStored, expectationFrom} from '../../upload/verification.js'
import {waitForStatus} from '../../upload/wait-for-status.js'
import {V1_ALGORITHMS} from './create-with-data.js'
import {openUploadBody, type UploadBody} from './upload-body.js'

/** The requests that filling is made of. */
export interface UploadCalls {
  readonly id: string
  readonly signal: AbortSignal | undefined
  put(data: UploadBody): Promise<Image>
  /** @param signal ends this request, in place of the signal that ends all others */
  show(signal?: AbortSignal): Promise<Image>
}

/** Milliseconds for finding out what became of the image, also when the user has interrupted the rest. */
const STATUS_TIMEOUT = 10_000

/**
 * A request that broke off mostly leaves the image `killed`, for ever (wire/v1.md#g31, #j14). Data is sent again only
 * when the image is `queued` still: then nothing of the request has arrived.
 */
export async function uploadToImage(
  calls: UploadCalls,
  draft: Draft,
  data: ImageData,
  {verify = true, onNote}: UpdateOptions,
): Promise<Image> {
  assertLength(data, draft)
  const {signal} = calls
  let meter: Meter | undefined
  const verifyImage = async (image: Image) => {
    if (!verify) return image
    const size = draft.size ?? data.size
    assertStored(image, {...expectationFrom(draft), size, sent: await meter?.finish()})
    return image
  }
  const send = async () => {
    meter = verify ? new Meter(V1_ALGORITHMS, data.size) : undefined
    return verifyImage(await calls.put(await openUploadBody(data, draft, signal, meter)))
  }
  const prepare = async (error: Failure) => {
    const status = await waitForStatus(() => readStatus(calls), signal)
    if (status === 'queued') return undefined
    if (status !== 'active' || (verify && !meter?.isComplete)) throw error
    return verifyImage(await calls.show())
  }
  try {
    return await uploadWithRetry({data, signal, onNote, send, prepare})
  } catch (error) {
    throw await explainOutcome(calls, error)
  }
}

/** Undefined while the service does not answer. */
async function readStatus({show}: UploadCalls, signal?: AbortSignal): Promise<string | undefined> {
  try {
    return (await show(signal)).status
  } catch (error) {
    return error instanceof Failure && error.kind === 'unavailable' ? undefined : 'unknown'
  }
}

/** The error, which now also says what became of the image. */
async function explainOutcome(calls: UploadCalls, error: unknown): Promise<unknown> {
  if (!(error instanceof Failure) || !mayHaveArrived(error)) return error
  const {id} = calls
  const signal = AbortSignal.timeout(STATUS_TIMEOUT)
  const poll = async () => (await readStatus(calls, signal)) ?? 'unknown'
  const status = await waitForStatus(poll, signal).catch(() => undefined)
  if (status === 'active') return reportWrongData(id, error)
  if (status !== 'killed') return error
  return error.withAdvice(
    `Image ${id} is killed now and takes no data any more. Delete it with: glance delete ${id}`,
  )
}

/** A refusal of the caller, or of a second upload, leaves the image as it was. */
function mayHaveArrived({status, cause}: Failure): boolean {
  return status === undefined ? !isConnectError(cause) : ![401, 403, 404, 409].includes(status)
}
