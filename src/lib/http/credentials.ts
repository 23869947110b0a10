/** Adds credentials to every request, and renews them once after a 401. */
import {Readable} from 'node:stream'
import type {Send} from './message.js'

/** Returns new headers after a 401, or undefined when there are none. */
export type RenewHeaders = () => Promise<Readonly<Record<string, string>> | undefined>

/**
 * Adds the headers to every request. A request answered with 401 is sent once more with renewed headers, unless its body
 * is a stream, which cannot be sent twice. Renewed headers go with all later requests.
 */
export function withCredentials(
  send: Send,
  headers: Readonly<Record<string, string>>,
  renew: RenewHeaders = async () => undefined,
): Send {
  let current = headers
  return async request => {
    const sentHeaders = current
    const reply = await send({...request, headers: {...sentHeaders, ...request.headers}})
    if (reply.status !== 401 || request.body instanceof Readable) return reply
    if (current === sentHeaders) current = (await renew()) ?? sentHeaders
    if (current === sentHeaders) return reply
    reply.body.destroy()
    return send({...request, headers: {...current, ...request.headers}})
  }
}
