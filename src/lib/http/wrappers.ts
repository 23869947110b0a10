/** Wrappers of a `Send`, each a function `Send -> Send`. */

import {Readable} from 'node:stream'
import {Failure} from '../model/errors.js'
import {toOneLine} from './errors/error-text.js'
import {isConnectionReset} from './errors/transport-errors.js'
import {Reply, type Request, type Send} from './message.js'
import {redactHeader, redactText} from './redact.js'

/** Adds headers to every request; those of the request win. */
export function withHeaders(send: Send, headers: Readonly<Record<string, string>>): Send {
  return request => send({...request, headers: {...headers, ...request.headers}})
}

/**
 * Adds specific advice to replies.
 * @param advice by status
 */
export function withAdvice(send: Send, advice: Readonly<Record<number, string>>): Send {
  return async request => {
    const reply = await send(request)
    const specific = advice[reply.status]
    return specific === undefined
      ? reply
      : new Reply(reply.status, reply.headers, reply.body, {...reply.hints, advice: specific})
  }
}

/** Adds a signal to every request that does not have one. */
export function withSignal(send: Send, signal: AbortSignal): Send {
  return request => send({signal, ...request})
}

/**
 * Sends a GET or HEAD once more when the server closed the connection before it replied: it may have closed an idle
 * connection just before it was used. Other requests are not repeated: they may have been carried out.
 */
export function withReconnect(send: Send): Send {
  return async request => {
    try {
      return await send(request)
    } catch (error) {
      if (!isRepeatable(request) || !(error instanceof Failure) || !isConnectionReset(error.cause))
        throw error
      return send(request)
    }
  }
}

function isRepeatable({method, body}: Request): boolean {
  return (method === 'GET' || method === 'HEAD') && body === undefined
}

/**
 * Traces every exchange in two lines, without secrets.
 * @param trace receives one line without its end
 */
export function withTrace(send: Send, trace: (line: string) => void): Send {
  return async request => {
    const start = performance.now()
    const writeLine = (line: string) => trace(toOneLine(line))
    const elapsed = () => `${Math.round(performance.now() - start)} ms`
    trace(
      `-> ${request.method} ${redactText(request.url)}${formatHeaders(Object.entries(request.headers ?? {}))}`,
    )
    try {
      const reply = await send(request)
      writeLine(`<- ${reply.status} after ${elapsed()}${formatHeaders(reply.headers)}`)
      return reply
    } catch (error) {
      writeLine(`<- no reply after ${elapsed()}: ${describeFailure(error)}`)
      throw error
    }
  }
}

function formatHeaders(headers: Iterable<[string, string]>): string {
  return [...headers].map(([name, value]) => ` | ${name}: ${redactHeader(name, value)}`).join('')
}

function describeFailure(error: unknown): string {
  if (error instanceof Failure) return redactText(error.why ?? error.message)
  return error instanceof Error ? error.message : String(error)
}

/** Returns new headers after a 401, or undefined when there are none. */
export type RenewHeaders = () => Promise<Readonly<Record<string, string>> | undefined>

/**
 * Adds the headers to every request. A request answered with 401 is sent once more with renewed headers. If its body is a
 * stream, which cannot be sent twice, the reply gets the code `login-renewed`. Renewed headers go with all later requests.
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
    if (reply.status !== 401) return reply
    if (current === sentHeaders) current = (await renew()) ?? sentHeaders
    if (current === sentHeaders) return reply
    if (request.body instanceof Readable)
      return new Reply(reply.status, reply.headers, reply.body, {...reply.hints, code: 'login-renewed'})
    reply.body.destroy()
    return send({...request, headers: {...current, ...request.headers}})
  }
}
