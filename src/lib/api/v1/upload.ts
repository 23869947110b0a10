/** Image data on its way into version 1 of the API. */
import {once} from 'node:events'
import type {Readable} from 'node:stream'
import {SourceError, sourceFailure} from '../../http/trouble.js'
import type {Draft} from '../../model/draft.js'
import type {ImageData} from '../image-api.js'
import type {Meter} from '../meter.js'

/** The part of a request that the data makes. */
export interface Upload {
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Readable | string | undefined
  readonly contentLength?: number | undefined
}

const BYTES = {'content-type': 'application/octet-stream'}

/**
 * Opens the data. Its size is announced when it is known, also as metadata: from 2012.2 on every server then refuses
 * data that stops short (v1-wire F5). Without any byte there is no body, and a size of 0 makes the image active (C6).
 * @param meter counts and hashes the bytes that leave
 */
export async function upload(
  data: ImageData,
  draft: Draft,
  signal?: AbortSignal,
  meter?: Meter,
): Promise<Upload> {
  if (data.size === 0) return withoutBytes(draft)
  const source = data.open()
  if (data.size === undefined && (await isEmpty(source, signal))) return withoutBytes(draft)
  const body = meter?.through(source) ?? source
  if (data.size === undefined) return {headers: BYTES, body}
  return {headers: {...announced(data.size, draft), ...BYTES}, body, contentLength: data.size}
}

function withoutBytes(draft: Draft): Upload {
  return {headers: {...announced(0, draft), ...BYTES}}
}

/** What the user says the size must be goes first: the server then compares. */
function announced(size: number, draft: Draft): Record<string, string> {
  return draft.size === undefined ? {'x-image-meta-size': String(size)} : {}
}

/**
 * Waits for the first byte of a pipe, or its end; nothing is taken out of it.
 * @throws Failure when the source breaks, or the reason of the signal
 */
async function isEmpty(body: Readable, signal?: AbortSignal): Promise<boolean> {
  if (body.readableLength > 0 || body.readableEnded) return body.readableLength === 0
  if (body.destroyed) throw sourceFailure(new SourceError(body.errored ?? new Error('it was closed before')))
  const waited = new AbortController()
  const until = {signal: AbortSignal.any(signal ? [signal, waited.signal] : [waited.signal])}
  try {
    await Promise.race([once(body, 'readable', until), once(body, 'end', until)])
    return body.readableLength === 0
  } catch (error) {
    body.on('error', () => {}).destroy()
    signal?.throwIfAborted()
    throw sourceFailure(new SourceError(error as Error))
  } finally {
    waited.abort()
  }
}
