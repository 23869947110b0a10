/** Reads the data at a URL in order to upload it: `copy_from=` for services that do not fetch it. */
import {Readable} from 'node:stream'
import {detectFormat} from '../../../data/detect-format.js'
import {peek} from '../../../data/peek.js'
import {basicAuthFrom} from '../../../http/basic-auth.js'
import type {Reply, Send} from '../../../http/message.js'
import {redactText} from '../../../http/redact.js'
import {Failure, usageError} from '../../../model/errors.js'
import type {ImageData} from '../../image-api.js'

const MAX_REDIRECTS = 5

/**
 * Opens the URL.
 * @param send sends without the token of the caller, which that server must not see
 * @param allowEmpty accepts a source of 0 bytes
 * @returns its bytes
 * @throws Failure for empty or encoded data; nothing was sent to the Image service by then
 */
export async function openCopySource(
  url: string,
  send: Send,
  allowEmpty = false,
): Promise<ImageData & {discard(): void}> {
  const reply = await getWithRedirects(parseHttpUrl(url, 'copy_from'), send, MAX_REDIRECTS)
  const encoding = reply.headers.get('content-encoding') ?? 'identity'
  if (encoding.toLowerCase() !== 'identity') {
    await reply.discard()
    throw encodedSourceError(url, encoding)
  }
  const {head, data: body} = await peek(
    {repeatable: false, open: () => reply.body},
    head => head.length < 128,
  ).catch(error => {
    throw endedEarlyError(url, error)
  })
  if (head.length === 0 && !allowEmpty) throw emptySourceError(url)
  if (detectFormat(head)?.isWebPage) throw webPageError(url)
  const length = reply.headers.get('content-length')
  return {
    ...(length !== undefined && /^\d+$/.test(length) ? {size: Number(length)} : {}),
    repeatable: false,
    open: () => Readable.from(readWhole(url, body.open()), {objectMode: false, highWaterMark: 1}),
    discard: () => void reply.body.destroy(),
  }
}

async function* readWhole(url: string, body: Readable): AsyncGenerator<Buffer> {
  try {
    yield* body as AsyncIterable<Buffer>
  } catch (error) {
    throw endedEarlyError(url, error)
  }
}

/** Without a cause: a broken connection would look like that to the Image service, after which data is sent again. */
function endedEarlyError(url: string, error: unknown): unknown {
  if (!(error instanceof Failure) || error.kind === 'interrupted') return error
  return new Failure('unavailable', `cannot copy from ${redactText(url)}`, {
    why: `its data ended early: ${error.why ?? error.message}`,
  })
}

/** @throws Failure of kind `usage` unless the text is an http or https URL */
export function parseHttpUrl(text: string, field: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol) && url.hostname !== '') return url
  throw usageError(`invalid ${field} '${redactText(text)}': expected an http or https URL`, {
    why: 'Image API v2 accepts only these from users',
    advice: 'Send the data itself: glance add ... < FILE',
  })
}

async function getWithRedirects(url: URL, send: Send, redirectsLeft: number): Promise<Reply> {
  const reply = await send({method: 'GET', url: stripCredentials(url), headers: requestHeaders(url)}).catch(
    error => {
      throw error instanceof Failure && error.kind !== 'interrupted'
        ? copySourceError(url, error.why, error)
        : error
    },
  )
  if (reply.status === 200) return reply
  await reply.discard()
  const target = reply.headers.get('location')
  const isRedirect = [301, 302, 303, 307, 308].includes(reply.status) && target !== undefined
  if (!isRedirect) throw copySourceError(url, `its server answered ${reply.status}`)
  if (redirectsLeft === 0) throw copySourceError(url, 'its server redirects too often')
  return getWithRedirects(resolveRedirect(url, target), send, redirectsLeft - 1)
}

/** A user and password are sent only to the server that they were given for. */
function resolveRedirect(url: URL, target: string): URL {
  if (!URL.canParse(target, url.href)) throw copySourceError(url, 'its server redirects to an invalid URL')
  const next = new URL(target, url.href)
  if (!/^https?:$/.test(next.protocol)) throw copySourceError(url, `its server redirects to ${next.protocol}`)
  return next
}

function requestHeaders(url: URL): Record<string, string> {
  const authorization = basicAuthFrom(url)
  return {
    accept: '*/*',
    'accept-encoding': 'identity',
    ...(authorization === undefined ? {} : {authorization}),
  }
}

function stripCredentials(url: URL): string {
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  bare.hash = ''
  return bare.href
}

function emptySourceError(url: string): Failure {
  return new Failure('failed', `cannot copy from ${redactText(url)}`, {
    why: 'its data is empty',
    advice: 'Use --allow-empty to add an image of 0 bytes.',
  })
}

function webPageError(url: string): Failure {
  return new Failure('failed', `cannot copy from ${redactText(url)}`, {
    why: 'its data is an HTML page, probably of an error',
    advice: 'Check the address in a browser: it may need a login.',
  })
}

function encodedSourceError(url: string, encoding: string): Failure {
  return new Failure('failed', `cannot copy from ${redactText(url)}`, {
    why: `its server encodes the data (${encoding}), although the request excludes that`,
    advice: 'Download and decode it: curl --compressed URL | glance add ...',
  })
}

/** A failure of the other server, without the advice, which is about the Image service. */
function copySourceError(url: URL, why: string | undefined, cause?: Failure): Failure {
  return new Failure(cause?.kind ?? 'failed', `cannot copy from ${redactText(url.href)}`, {why, cause})
}
