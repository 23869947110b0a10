/** What failures mean in version 1 of the API, beyond what their status says. */
import {expectStatus, type FailureHints} from '../../http/expect.js'
import type {Reply} from '../../http/message.js'
import {Failure} from '../../model/errors.js'

const OK = [200, 201, 202, 203, 204]

/** A reply of success; anything else becomes the `Failure` it means, with `what` as its first line. */
export async function succeeded(
  reply: Reply,
  what: string,
  hints: Partial<FailureHints> = {},
): Promise<Reply> {
  if (reply.status === 300) throw await noV1(reply)
  return expectStatus(reply, OK, {...hints, what})
}

/**
 * The same for changes of members, which old servers do not allow without authentication (v1-wire P72, N42), and which they
 * answer with 404 to whoever may not share the image (N19).
 */
export async function membersChanged(reply: Reply, what: string): Promise<Reply> {
  try {
    return await succeeded(reply, what)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    if (/no authenticated user/i.test(error.why ?? '')) throw withoutOwner(error)
    if (/no permission to share/i.test(error.why ?? '')) throw withoutRight(error)
    throw error
  }
}

function withoutRight({message, requestId, status, cause}: Failure): Failure {
  return new Failure('denied', message, {
    why: 'the image is shared by its owner, and by members who were added with --can-share',
    requestId,
    status,
    cause,
  })
}

function withoutOwner({message, requestId, status, cause}: Failure): Failure {
  return new Failure('denied', message, {
    why: 'this server lets nobody change members without authentication (it says: No authenticated user)',
    advice: 'Authenticate as a member of the project that owns the image.',
    requestId,
    status,
    cause,
  })
}

/** An answer of success that is not what version 1 of the API says: something else answers at this address. */
export function notUnderstood(what: string): Failure {
  return new Failure('failed', 'the answer of the service cannot be understood', {
    why: `it has no '${what}' where version 1 of the Image API has one`,
    advice: 'Is this the address of an Image service?',
  })
}

/** A deletion is answered with nothing (v1-wire H1), or `null` (P66); a page is somebody else's. */
export async function nothingSaid(reply: Reply): Promise<void> {
  if (/<html|<!doctype/i.test(await reply.text())) throw notUnderstood('empty body')
}

/** A path of a version that the server does not have is answered with the versions it has (v1-wire A6, P6). */
async function noV1(reply: Reply): Promise<Failure> {
  const versions = versionsIn(await reply.json().catch(() => undefined))
  return new Failure('failed', 'this server has no Image API v1', {
    why: versions.length > 0 ? `it offers ${versions.join(', ')}` : 'it offers other versions',
    advice: reply.advice ?? 'Is the address right? A version that is asked for can be left out.',
    status: reply.status,
  })
}

function versionsIn(body: unknown): string[] {
  if (typeof body !== 'object' || body === null || !('versions' in body)) return []
  const {versions} = body
  if (!Array.isArray(versions)) return []
  return versions.map(version => version?.id).filter(id => typeof id === 'string' && /^v[\d.]+$/.test(id))
}
