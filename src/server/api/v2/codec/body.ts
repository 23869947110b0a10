/** The body of a request of API v2. */
import type {IncomingMessage} from 'node:http'
import {HttpError} from '../../../http/http-error.js'
import {readJsonBody} from '../../../http/json-body.js'

/** Reads the body, a JSON array or object. @throws HttpError 400 if there is none */
export async function requireBody(request: IncomingMessage): Promise<object> {
  const body = await readJsonBody(request)
  if (body) return body
  throw new HttpError(400, {explanation: 'Body expected in request.'})
}

/** An own member of a body; undefined if the body does not have it. */
export function getOwnProperty(body: object, name: string): unknown {
  return Object.hasOwn(body, name) ? (body as Readonly<Record<string, unknown>>)[name] : undefined
}
