/** Tells the reply of a service to a change from the page of a portal, which answers 200 to everything. */
import {Failure} from '../../model/errors.js'
import type {Reply} from '../message.js'
import {extractErrorText, parseTitle, toSafeLine} from './error-text.js'

/** Bytes of a body that are read: enough to see its form. */
const MAX_BYTES = 64 * 1024

/**
 * Reads the body of a reply of success, which must be empty, JSON or `null`.
 * @param what message of the failure: `cannot delete image 7`
 * @returns the beginning of the body
 * @throws Failure of kind `failed` for anything else, with the title of the page and the name of the server
 */
export async function expectNoPage(reply: Reply, what: string): Promise<string> {
  const body = await reply.text(MAX_BYTES)
  if (/^\s*(?:[{["]|null\b|$)/.test(body)) return body
  const title = parseTitle(body) ?? extractErrorText(body)?.slice(0, 80) ?? 'no text'
  const server = reply.headers.get('server')
  throw new Failure('failed', what, {
    why: `${server ? toSafeLine(server) : 'another server'} answered ${reply.status} with a page: ${title}`,
    advice: 'Check that this is the address of an Image service, and whether a portal requires a login.',
    requestId: reply.requestId,
    status: reply.status,
  })
}
