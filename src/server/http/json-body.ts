/** Reads JSON bodies, the only ones that are held in memory. */
import type {IncomingMessage} from 'node:http'
import {isNestedDeeper} from '../../lib/model/json-object.js'
import {badRequest, HttpError} from './http-error.js'
import {BodyAborted, hasBody, RequestBody} from './request-body.js'
import {decodeUtf8, isStorable} from './text.js'

/** A JSON object with any members. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Bytes of a body. */
const MAX_BYTES = 1024 * 1024
/** Levels of nested lists and objects. */
const MAX_DEPTH = 64
/** Milliseconds for receiving the whole body. */
const BODY_TIMEOUT = 60_000

/** What a body may be. */
export interface JsonBodyLimits {
  readonly maxBytes?: number
  /** Levels of nested lists and objects. */
  readonly maxDepth?: number
  /** Milliseconds for receiving the whole body. */
  readonly timeout?: number
}

/**
 * Reads the list or object in a body.
 * @returns undefined when there is no body
 * @throws HttpError 400 for anything but a list or object (wire/v1.md#i13, #i15, #h11) and for text that cannot be stored,
 *   408 when the body does not arrive in time, 413 when it is too large
 */
export async function readJsonBody(
  request: IncomingMessage,
  {maxBytes = MAX_BYTES, maxDepth = MAX_DEPTH, timeout = BODY_TIMEOUT}: JsonBodyLimits = {},
): Promise<object | undefined> {
  if (!hasBody(request)) return undefined
  const value = parseJson(decodeUtf8(await readBytes(request, maxBytes, timeout)), maxDepth)
  if (typeof value !== 'object' || value === null)
    throw badRequest('Unexpected body type. Expected list/dict.')
  validateValues(value)
  return value
}

async function readBytes(request: IncomingMessage, maxBytes: number, timeout: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  const body = new RequestBody(request)
  const onTimeout = () =>
    body.destroy(new HttpError(408, {explanation: 'The request body did not arrive in time.'}))
  const timer = setTimeout(onTimeout, timeout)
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxBytes) throw new HttpError(413, {explanation: `The body exceeds ${maxBytes} bytes.`})
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof BodyAborted ? badRequest('The request body is incomplete.') : error
  } finally {
    clearTimeout(timer)
  }
  return Buffer.concat(chunks)
}

/** Checks the depth first: a deeply nested value takes 40 times the memory of its text. */
function parseJson(text = '', maxDepth: number): unknown {
  if (isNestedDeeper(text, maxDepth)) throw badRequest(`The body is nested deeper than ${maxDepth} levels.`)
  try {
    return JSON.parse(text)
  } catch {
    throw badRequest('Malformed JSON in request body.')
  }
}

/** Checks all text in a body, level by level. */
function validateValues(body: object): void {
  for (let level: readonly unknown[] = [body]; level.length > 0; ) level = level.flatMap(childValues)
}

/** The values in a list or object, names included. @throws HttpError 400 for text that cannot be stored */
function childValues(value: unknown): readonly unknown[] {
  if (typeof value === 'string' && !isStorable(value)) {
    throw badRequest('Text cannot hold U+0000 or half of a surrogate pair.')
  }
  if (Array.isArray(value)) return value
  return typeof value === 'object' && value !== null ? Object.entries(value).flat() : []
}
