/** The `fetch` that openid-client calls: it sends through the tool's own connections, with their trace and retries. */
import type {CustomFetch} from 'openid-client'
import type {Method, Send} from '../../http/message.js'
import {isJsonObject} from '../../model/json-object.js'

/** Bytes of a response that are read. */
const MAX_BYTES = 1024 * 1024

/** Headers that openid-client reads. */
const HEADERS = ['content-type', 'retry-after']

/** Sends each request by `send`; requests of the device flow may be repeated. */
export function toFetch(send: Send): CustomFetch {
  return async (url, {method, headers, body}) => {
    const reply = await send({
      method: method as Method,
      url,
      headers,
      ...(body && {body: String(body)}),
      idempotent: true,
    })
    const text = await reply.text(MAX_BYTES)
    const sent = HEADERS.flatMap(name => {
      const value = reply.headers.get(name)
      return value === undefined ? [] : [[name, value] as [string, string]]
    })
    return new Response(omitIdToken(text) || null, {status: reply.status, headers: sent})
  }
}

/** Only the access token is used, so an ID token is not looked at: without a discovery document its issuer is unknown. */
function omitIdToken(text: string): string {
  if (!text.includes('"id_token"')) return text
  try {
    const document: unknown = JSON.parse(text)
    return isJsonObject(document) ? JSON.stringify({...document, id_token: undefined}) : text
  } catch {
    return text
  }
}
