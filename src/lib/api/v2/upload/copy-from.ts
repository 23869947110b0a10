/** Data that lies at a URL, read by us to be sent on: what `copy_from=` means where the service does not fetch. */
import {Readable} from 'node:stream'
import {peek} from '../../../data/peek.js'
import {basicAuthFrom} from '../../../http/basic-auth.js'
import type {Reply, Send} from '../../../http/message.js'
import {redactText} from '../../../http/redact.js'
import {Failure, usageError} from '../../../model/errors.js'
import type {ImageData} from '../../image-api.js'

const MAX_REDIRECTS = 5

/**
 * Opens the URL and gives its bytes.
 * @param send sends without our token, which is no business of that server's
 * @param allowEmpty a source without a byte is an image of no bytes, not an error
 * @throws Failure when there is no such thing, or nothing that can be sent on as it is, before anything is asked of the Image service
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
  const {head, data: body} = await peek({repeatable: false, open: () => reply.body}, () => false).catch(
    error => {
      throw endedEarlyError(url, error)
    },
  )
  if (head.length === 0 && !allowEmpty) throw emptySourceError(url)
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

/** Not called a broken connection: that is the one to the Image service, for which the data might be sent again. */
function endedEarlyError(url: string, error: unknown): unknown {
  if (!(error instanceof Failure) || error.kind === 'interrupted') return error
  return new Failure('unavailable', `cannot copy from ${redactText(url)}`, {
    why: `its data ended early: ${error.why ?? error.message}`,
  })
}

/** @throws Failure of kind `usage` for what is no http or https URL */
export function parseHttpUrl(text: string, field: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol) && url.hostname !== '') return url
  throw usageError(`${field}=${redactText(text)} cannot be used`, {
    why: 'Image API v2 lets users name data by http and https URLs only',
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
  if (!isRedirect) throw copySourceError(url, `the server there answered ${reply.status}`)
  if (redirectsLeft === 0) throw copySourceError(url, 'the server there sends us from one address to another')
  return getWithRedirects(resolveRedirect(url, target), send, redirectsLeft - 1)
}

/** A user and password are for the server that they were given for. */
function resolveRedirect(url: URL, target: string): URL {
  if (!URL.canParse(target, url.href))
    throw copySourceError(url, 'the server there sends us to an address that is none')
  const next = new URL(target, url.href)
  if (!/^https?:$/.test(next.protocol))
    throw copySourceError(url, `the server there sends us to ${next.protocol}`)
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
    why: 'there is not a byte at that address',
    advice: '--allow-empty adds an image of 0 bytes.',
  })
}

function encodedSourceError(url: string, encoding: string): Failure {
  return new Failure('failed', `cannot copy from ${redactText(url)}`, {
    why: `the server there packs the data (${encoding}), though it was asked not to`,
    advice: 'Fetch and unpack it: curl --compressed URL | glance add ...',
  })
}

/** Advice about the Image service would be out of place. */
function copySourceError(url: URL, why: string | undefined, cause?: Failure): Failure {
  return new Failure(cause?.kind ?? 'failed', `cannot copy from ${redactText(url.href)}`, {why, cause})
}
