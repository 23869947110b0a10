/** Small JSON bodies: the only ones that are read as a whole. */
import type {IncomingMessage} from 'node:http'
import {Fault} from './fault.js'
import {BodyBroken, hasBody, RequestBody} from './request-body.js'

const MAX_BYTES = 1024 * 1024

/**
 * The list or object in the body; undefined when there is no body.
 * @throws Fault 400 when it is none (v1-wire I13, I15, H11), 413 when it is too big
 */
export async function jsonBody(request: IncomingMessage): Promise<object | undefined> {
  if (!hasBody(request)) return undefined
  const value = parsed(await textOf(request))
  if (typeof value === 'object' && value !== null) return value
  throw new Fault(400, {explanation: 'Unexpected body type. Expected list/dict.'})
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of new RequestBody(request) as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > MAX_BYTES) throw new Fault(413, {explanation: `The body exceeds ${MAX_BYTES} bytes.`})
      chunks.push(chunk)
    }
  } catch (error) {
    if (!(error instanceof BodyBroken)) throw error
    throw new Fault(400, {explanation: 'The request body broke off.'})
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Fault(400, {explanation: 'Malformed JSON in request body.'})
  }
}
