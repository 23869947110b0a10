/** The body of a request of API v2. */
import type {IncomingMessage} from 'node:http'
import {HttpError} from '../../../http/http-error.js'
import {readJsonBody} from '../../../http/json-body.js'

/** The list or object that there must be. @throws HttpError 400 */
export async function requireBody(request: IncomingMessage): Promise<object> {
  const body = await readJsonBody(request)
  if (body) return body
  throw new HttpError(400, {explanation: 'Body expected in request.'})
}

/** An own member of a body; undefined when it is none. */
export function getOwnProperty(body: object, name: string): unknown {
  return Object.hasOwn(body, name) ? (body as Readonly<Record<string, unknown>>)[name] : undefined
}
