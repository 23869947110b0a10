/** Refusals of the service as the faults of API v2: status, and the place of the message in the answer. */
import {HttpError} from '../../http/fault.js'
import {BodyBroken} from '../../http/request-body.js'
import {brokenUpload, type Reason, Refused} from '../../images/refusals.js'
import {refusalOf} from '../../images/uploads.js'

const EXPLAINED: Readonly<Record<Reason, number>> = {
  'no-such-image': 404,
  'deleted-image': 404,
  'image-gone': 404,
  'not-active': 404,
  'no-data': 404,
  'no-such-member': 404,
  'no-such-tag': 404,
  'may-not-share': 403,
  'no-foreign-data': 400,
  'bad-membership': 400,
  'bad-marker': 400,
  'bad-id': 400,
  'bad-value': 400,
  'out-of-range': 400,
  'bad-content-type': 415,
  'unsupported-content': 415,
  mismatch: 400,
  'broken-upload': 400,
  'size-conflict': 409,
  'duplicate-id': 409,
  'not-queued': 409,
  conflict: 409,
  'no-such-property': 409,
  'too-many-properties': 413,
  'storage-full': 413,
  immutable: 403,
  'update-of-deleted': 403,
  protected: 403,
  forbidden: 403,
  denied: 403,
  'store-read-only': 410,
  'deleted-meanwhile': 410,
  'source-forbidden': 400,
  'source-closed': 403,
  'source-unavailable': 503,
  'shutting-down': 503,
}

/** Those whose message stands behind the usual words of the status (cloud record, PATCH). */
const DETAILED: ReadonlySet<Reason> = new Set(['denied', 'no-such-property'])

/**
 * What an error of the service means in API v2; the error itself when it is a defect.
 * @param missing words for an image that is not there; they differ from resource to resource
 */
export function faultOf(error: unknown, missing: string): unknown {
  if (error instanceof HttpError) return error
  const refusal = error instanceof BodyBroken ? brokenUpload(error) : refusalOf(error)
  if (!(refusal instanceof Refused)) return error
  const {reason, message} = refusal
  if (reason === 'no-such-tag') return new HttpError(404)
  if (reason === 'no-such-image') return new HttpError(404, {explanation: missing})
  if (reason === 'source-forbidden') {
    return new HttpError(400, {explanation: 'The Store URI was malformed.', detail: message})
  }
  const place = DETAILED.has(reason) ? 'detail' : 'explanation'
  return new HttpError(EXPLAINED[reason], {[place]: message})
}
