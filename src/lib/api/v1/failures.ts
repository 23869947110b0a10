/** Failures of version 1 of the API that their status does not explain. */
import {expectStatus, type FailureHints} from '../../http/errors/expect-status.js'
import type {Reply} from '../../http/message.js'
import {Failure} from '../../model/errors.js'

const OK = [200, 201, 202, 203, 204]

/** Returns a reply of success. @throws the Failure that any other reply means, with `what` as its message */
export async function expectSuccess(
  reply: Reply,
  what: string,
  hints: Partial<FailureHints> = {},
): Promise<Reply> {
  if (reply.status === 300) throw await noVersion1Error(reply)
  return expectStatus(reply, OK, {...hints, what})
}

/** The reason for a 404: the reply to HEAD has no message (wire/v1.md#e8). */
export function notFoundHints(id: string): Partial<FailureHints> {
  return {why: {404: `image ${id} does not exist, or is not visible to you`}}
}

/**
 * As `expectSuccess`, for changes of members, which old servers do not allow without authentication (wire/v1.md#p72,
 * #n42), and which they reject with 404 if the caller may not share the image (wire/v1.md#n19).
 */
export async function expectMemberChange(reply: Reply, what: string): Promise<Reply> {
  try {
    return await expectSuccess(reply, what)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    if (/no authenticated user/i.test(error.why ?? '')) throw unauthenticatedError(error)
    if (/no permission to share/i.test(error.why ?? '')) throw mayNotShareError(error)
    throw error
  }
}

function mayNotShareError({message, requestId, status, cause}: Failure): Failure {
  return new Failure('denied', message, {
    why: 'the image is shared by its owner, and by members who were added with --can-share',
    requestId,
    status,
    cause,
  })
}

function unauthenticatedError({message, requestId, status, cause}: Failure): Failure {
  return new Failure('denied', message, {
    why: 'this server does not allow changes of members without authentication (it says: No authenticated user)',
    advice: 'Authenticate as a member of the project that owns the image.',
    requestId,
    status,
    cause,
  })
}

/** A reply of success that version 1 of the API does not have: the server is not an Image service. */
export function unexpectedReplyError(what: string): Failure {
  return new Failure('failed', 'cannot parse the response of the service', {
    why: `it has no '${what}', which version 1 of the Image API requires`,
    advice: 'Check that this is the address of an Image service.',
  })
}

/** A server without version 1 replies with a list of its versions (wire/v1.md#a6, #p6). */
async function noVersion1Error(reply: Reply): Promise<Failure> {
  const versions = parseVersions(await reply.json().catch(() => undefined))
  return new Failure('failed', 'this server has no Image API v1', {
    why: versions.length > 0 ? `it has ${versions.join(', ')}` : 'it has other versions',
    advice: reply.hints.advice ?? 'Check the address, or leave out the version.',
    status: reply.status,
  })
}

function parseVersions(body: unknown): string[] {
  if (typeof body !== 'object' || body === null || !('versions' in body)) return []
  const {versions} = body
  if (!Array.isArray(versions)) return []
  return versions.map(version => version?.id).filter(id => typeof id === 'string' && /^v[\d.]+$/.test(id))
}
