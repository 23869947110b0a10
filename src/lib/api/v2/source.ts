/** Data that lies at a URL, read by us to be sent on: what `copy_from=` means where the service does not fetch. */
import type {Reply, Send} from '../../http/message.js'
import {redactText} from '../../http/redact.js'
import {Failure, usageError} from '../../model/errors.js'
import type {ImageData} from '../image-api.js'

const MOST_REDIRECTS = 5

/**
 * Opens the URL and gives its bytes.
 * @param fetch sends without our token, which is no business of that server's
 * @throws Failure when there is no such thing, before anything is asked of the Image service
 */
export async function openSource(url: string, fetch: Send): Promise<ImageData & {discard(): void}> {
  const reply = await get(httpUrl(url, 'copy_from'), fetch, MOST_REDIRECTS)
  const length = reply.headers.get('content-length')
  return {
    ...(length !== undefined && /^\d+$/.test(length) ? {size: Number(length)} : {}),
    repeatable: false,
    open: () => reply.body,
    discard: () => void reply.body.destroy(),
  }
}

/** @throws Failure of kind `usage` for what is no http or https URL */
export function httpUrl(text: string, field: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol) && url.hostname !== '') return url
  throw usageError(`${field}=${redactText(text)} cannot be used`, {
    why: 'Image API v2 lets users name data by http and https URLs only',
    advice: 'Send the data itself: glance add ... < FILE',
  })
}

async function get(url: URL, fetch: Send, redirects: number): Promise<Reply> {
  const reply = await fetch({method: 'GET', url: withoutUser(url), headers: headersFor(url)}).catch(error => {
    throw error instanceof Failure && error.kind !== 'interrupted' ? notThere(url, error.why, error) : error
  })
  if (reply.status === 200) return reply
  await reply.discard()
  const target = reply.headers.get('location')
  const isRedirect = [301, 302, 303, 307, 308].includes(reply.status) && target !== undefined
  if (!isRedirect) throw notThere(url, `the server there answered ${reply.status}`)
  if (redirects === 0) throw notThere(url, 'the server there sends us from one address to another')
  return get(followed(url, target), fetch, redirects - 1)
}

/** A user and password are for the server that they were given for. */
function followed(url: URL, target: string): URL {
  if (!URL.canParse(target, url.href))
    throw notThere(url, 'the server there sends us to an address that is none')
  const next = new URL(target, url.href)
  if (!/^https?:$/.test(next.protocol)) throw notThere(url, `the server there sends us to ${next.protocol}`)
  return next
}

function headersFor({username, password}: URL): Record<string, string> {
  const plain = {accept: '*/*', 'accept-encoding': 'identity'}
  if (username === '' && password === '') return plain
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return {...plain, authorization: `Basic ${Buffer.from(user).toString('base64')}`}
}

function withoutUser(url: URL): string {
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  bare.hash = ''
  return bare.href
}

/** Advice about the Image service would be out of place. */
function notThere(url: URL, why: string | undefined, cause?: Failure): Failure {
  return new Failure(cause?.kind ?? 'failed', `cannot copy from ${redactText(url.href)}`, {why, cause})
}
