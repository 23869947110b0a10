/** Data brought to an image that waits for it, by one request of version 1 of the API. */
import {neverConnected} from '../../http/trouble.js'
import type {Draft} from '../../model/draft.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import type {ImageData, UpdateOptions} from '../image-api.js'
import {Meter} from '../meter.js'
import {sentInTheEnd} from '../resending.js'
import {settledStatus} from '../settled.js'
import {filledWrongly} from '../undo.js'
import {assertLength, assertStored, expectationOf} from '../verification.js'
import {V1_ALGORITHMS} from './adding.js'
import {type Upload, upload} from './upload.js'

/** The requests that filling is made of. */
export interface FillingCalls {
  readonly id: string
  readonly signal: AbortSignal | undefined
  put(data: Upload): Promise<Image>
  /** @param signal ends this request, in place of the signal that ends all others */
  show(signal?: AbortSignal): Promise<Image>
}

/** Milliseconds for finding out what became of the image, also when the user has interrupted the rest. */
const PATIENCE = 10_000

/**
 * A request that broke off mostly leaves the image `killed`, for ever (v1-wire G31, J14). Data is sent again only when the
 * image is `queued` still: then nothing of the request has arrived.
 */
export async function filled(
  calls: FillingCalls,
  draft: Draft,
  data: ImageData,
  {verify = true, onNote}: UpdateOptions,
): Promise<Image> {
  assertLength(data, draft)
  const {signal} = calls
  let meter: Meter | undefined
  const verified = async (image: Image) => {
    if (!verify) return image
    const size = draft.size ?? data.size
    assertStored(image, {...expectationOf(draft), size, sent: await meter?.sent()})
    return image
  }
  const send = async () => {
    meter = verify ? new Meter(V1_ALGORITHMS, data.size) : undefined
    return verified(await calls.put(await upload(data, draft, signal, meter)))
  }
  const prepare = async (error: Failure) => {
    const status = await settledStatus(() => statusNow(calls), signal)
    if (status === 'queued') return undefined
    if (status !== 'active' || (verify && !meter?.isComplete)) throw error
    return verified(await calls.show())
  }
  try {
    return await sentInTheEnd({data, signal, onNote, send, prepare})
  } catch (error) {
    throw await told(calls, error)
  }
}

/** Undefined while the service does not answer. */
async function statusNow({show}: FillingCalls, signal?: AbortSignal): Promise<string | undefined> {
  try {
    return (await show(signal)).status
  } catch (error) {
    return error instanceof Failure && error.kind === 'unavailable' ? undefined : 'unknown'
  }
}

/** The error, which now also says what became of the image. */
async function told(calls: FillingCalls, error: unknown): Promise<unknown> {
  if (!(error instanceof Failure) || !mayHaveArrived(error)) return error
  const {id} = calls
  const signal = AbortSignal.timeout(PATIENCE)
  const look = async () => (await statusNow(calls, signal)) ?? 'unknown'
  const status = await settledStatus(look, signal).catch(() => undefined)
  if (status === 'active') return filledWrongly(id, error)
  if (status !== 'killed') return error
  return error.advised(
    `Image ${id} is killed now and takes no data any more. Delete it with: glance delete ${id}`,
  )
}

/** A refusal of the caller, or of a second upload, leaves the image as it was. */
function mayHaveArrived({status, cause}: Failure): boolean {
  return status === undefined ? !neverConnected(cause) : ![401, 403, 404, 409].includes(status)
}
