/** The body and headers of a request that carries image data, in version 1 of the API. */
import {once} from 'node:events'
import type {Readable} from 'node:stream'
import {SourceError, toSourceFailure} from '../../../http/errors/transport-errors.js'
import type {Draft} from '../../../model/draft.js'
import type {ImageData} from '../../image-api.js'
import type {Meter} from '../../upload/meter.js'

/** The part of a request that depends on the data. */
export interface UploadBody {
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Readable | string | undefined
  readonly contentLength?: number | undefined
  /** Ends this request, in place of the signal that ends all others. */
  readonly signal?: AbortSignal
}

const OCTET_STREAM = {'content-type': 'application/octet-stream'}

/**
 * Opens the data. Its size is announced when it is known, also as metadata: from 2012.2 on every server then rejects
 * data that ends early (wire/v1.md#f5). Empty data has no body, and a size of 0 makes the image active
 * (wire/v1.md#c6).
 * @param meter counts and hashes the bytes that are sent
 */
export async function openUploadBody(
  data: ImageData,
  draft: Draft,
  signal?: AbortSignal,
  meter?: Meter,
): Promise<UploadBody> {
  if (data.size === 0) return emptyBody(draft)
  const source = data.open()
  if (data.size === undefined && (await isEmpty(source, signal))) return emptyBody(draft)
  const body = meter?.measure(source) ?? source
  if (data.size === undefined) return {headers: OCTET_STREAM, body}
  return {headers: {...sizeHeader(data.size, draft), ...OCTET_STREAM}, body, contentLength: data.size}
}

function emptyBody(draft: Draft): UploadBody {
  return {headers: {...sizeHeader(0, draft), ...OCTET_STREAM}}
}

/** A size given by the user takes precedence: the server then compares. */
function sizeHeader(size: number, draft: Draft): Record<string, string> {
  return draft.size === undefined ? {'x-image-meta-size': String(size)} : {}
}

/**
 * Waits for the first byte of a pipe, or its end, without consuming anything.
 * @throws Failure when the source breaks, or the reason of the signal
 */
async function isEmpty(body: Readable, signal?: AbortSignal): Promise<boolean> {
  if (body.readableLength > 0 || body.readableEnded) return body.readableLength === 0
  if (body.destroyed)
    throw toSourceFailure(new SourceError(body.errored ?? new Error('it was closed before')))
  const controller = new AbortController()
  const options = {signal: AbortSignal.any(signal ? [signal, controller.signal] : [controller.signal])}
  try {
    await Promise.race([once(body, 'readable', options), once(body, 'end', options)])
    return body.readableLength === 0
  } catch (error) {
    body.on('error', () => {}).destroy()
    signal?.throwIfAborted()
    throw toSourceFailure(new SourceError(error as Error))
  } finally {
    controller.abort()
  }
}

/** The data, with headers of an image added to its own; without data, a message of these headers alone. */
export function withHeaders(headers: UploadBody['headers'], data?: Partial<UploadBody>): UploadBody {
  return {...data, headers: {...headers, ...data?.headers}}
}
