/** Small JSON bodies: the only ones that are read as a whole. */
import type {IncomingMessage} from 'node:http'
import {HttpError} from './fault.js'
import {BodyBroken, hasBody, RequestBody} from './request-body.js'
import {isKeepable, utf8} from './text.js'

const MAX_BYTES = 1024 * 1024
/** Lists and objects inside one another. */
const MAX_DEPTH = 64
/** Milliseconds until all of it must have come. */
const MAX_WAIT = 60_000

/**
 * The list or object in the body; undefined when there is no body.
 * @param wait milliseconds until all of it must have come
 * @throws HttpError 400 when it is none (v1-wire I13, I15, H11) or holds what cannot be kept, 408 when it does not come,
 *   413 when it is too big
 */
export async function jsonBody(request: IncomingMessage, wait = MAX_WAIT): Promise<object | undefined> {
  if (!hasBody(request)) return undefined
  const value = parsed(utf8(await bytesOf(request, wait)))
  if (typeof value !== 'object' || value === null) throw bad('Unexpected body type. Expected list/dict.')
  requireModest(value)
  return value
}

async function bytesOf(request: IncomingMessage, wait: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  const body = new RequestBody(request)
  const late = () => body.destroy(new HttpError(408, {explanation: 'The request body did not come in time.'}))
  const timer = setTimeout(late, wait)
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > MAX_BYTES) throw new HttpError(413, {explanation: `The body exceeds ${MAX_BYTES} bytes.`})
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof BodyBroken ? bad('The request body broke off.') : error
  } finally {
    clearTimeout(timer)
  }
  return Buffer.concat(chunks)
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    throw bad('Malformed JSON in request body.')
  }
}

/** Not by recursion, which a deep body would end. */
function requireModest(body: object): void {
  let level: readonly unknown[] = [body]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw bad(`The body is nested deeper than ${MAX_DEPTH} levels.`)
    level = level.flatMap(partsOf)
  }
}

/** What is in a list or an object, names among it. @throws HttpError 400 for text that cannot be kept */
function partsOf(value: unknown): readonly unknown[] {
  if (typeof value === 'string' && !isKeepable(value)) {
    throw bad('Text cannot hold U+0000 or half of a surrogate pair.')
  }
  if (Array.isArray(value)) return value
  return typeof value === 'object' && value !== null ? Object.entries(value).flat() : []
}

function bad(explanation: string): HttpError {
  return new HttpError(400, {explanation})
}
