/** The member resources of API v1: the members of an image, and the images of a member. */
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {Authenticate} from '../../auth/authenticate.js'
import type {HttpError} from '../../http/http-error.js'
import {readJsonBody} from '../../http/json-body.js'
import type {Members} from '../../images/members.js'
import type {Membership} from '../../registry/registry.js'
import type {ImageRequest, MemberRequest} from '../requests.js'
import {sendWholeList} from '../send-list.js'
import {registryError} from './registry-error.js'
import {memberView, shareView} from './views.js'

/** Number of shares that are read at a time. */
const PART_SHARES = 500

/** Request handlers; each rejects with `HttpError` or `ServiceError`. */
export class V1MemberHandlers {
  readonly #members: Members
  readonly #authenticate: Authenticate

  constructor(members: Members, authenticate: Authenticate) {
    this.#members = members
    this.#authenticate = authenticate
  }

  /** wire/v1.md#i4. */
  readonly index = async (request: ImageRequest) => {
    const members = await this.#members.list(this.#authenticate(request), request.params.id)
    return {members: members.map(memberView)}
  }

  /** wire/v1.md#i34. */
  readonly shares = async (
    request: FastifyRequest<{Params: {readonly member: string}}>,
    reply: FastifyReply,
  ) => {
    const caller = this.#authenticate(request)
    return sendWholeList(reply, {
      name: 'shared_images',
      read: last =>
        this.#members.listShares(caller, request.params.member, {after: last?.imageId, limit: PART_SHARES}),
      view: shareView,
    })
  }

  /** wire/v1.md#i2, #i3, #i4, #i5, #i6, #i7, #i8, #i9, #i10, #i11, #i12, #i13, #i14, #i15, #i16. */
  readonly put = async (request: MemberRequest, reply: FastifyReply) => {
    const caller = this.#authenticate(request)
    const {id, member} = request.params
    const canShare = parseCanShare(await readJsonBody(request.raw))
    await this.#members.put(caller, id, {memberId: checkMemberId(member), canShare})
    return reply.code(204).send()
  }

  /** wire/v1.md#i18, #i19, #i20, #i21, #i22, #i23, #i24, #i25, #i26, #i27, #i28, #i29. */
  readonly replace = async (request: ImageRequest, reply: FastifyReply) => {
    const caller = this.#authenticate(request)
    const memberships = parseMemberships(await readJsonBody(request.raw))
    await this.#members.replace(caller, request.params.id, memberships)
    return reply.code(204).send()
  }

  /** wire/v1.md#i38, #i39, #i40. */
  readonly delete = async (request: MemberRequest, reply: FastifyReply) => {
    const caller = this.#authenticate(request)
    await readJsonBody(request.raw)
    const {id, member} = request.params
    await this.#members.remove(caller, id, member)
    return reply.code(204).send()
  }
}

/** Reads `{"member": {"can_share": ...}}`; other bodies are ignored (wire/v1.md#i11, #i12, #i14). */
function parseCanShare(body: object | undefined): boolean | undefined {
  if (!body || !('member' in body)) return undefined
  const {member} = body
  if (typeof member !== 'object' || member === null) throw invalidMembership('member')
  return 'can_share' in member ? isTruthy(member.can_share) : undefined
}

/**
 * Reads `{"memberships": [...]}`, a single membership (wire/v1.md#i24), or the bare list of the oldest clients
 * (wire/v1.md#i22).
 */
function parseMemberships(body: object | undefined): readonly Membership[] {
  if (!body) throw invalidMembership('memberships')
  const list: unknown = 'memberships' in body ? body.memberships : body
  return (Array.isArray(list) ? list : [list]).map(parseMembership)
}

function parseMembership(value: unknown): Membership {
  const fields: object = typeof value === 'object' && value !== null ? value : {}
  const id = 'member_id' in fields ? fields.member_id : undefined
  if (typeof id !== 'string' && typeof id !== 'number') throw invalidMembership('member_id')
  return {
    memberId: checkMemberId(String(id)),
    canShare: 'can_share' in fields ? isTruthy(fields.can_share) : undefined,
  }
}

/** Characters of the id of a member. */
const MAX_MEMBER_ID = 255

/** Returns the id, unless it is empty or too long. */
function checkMemberId(id: string): string {
  if (id !== '' && [...id].length <= MAX_MEMBER_ID) return id
  throw invalidMembership('member_id')
}

/** wire/v1.md#i23, #i26. */
function invalidMembership(key: string): HttpError {
  return registryError({explanation: `Invalid membership association: '${key}'`})
}

/** The truth value of Python: empty text, lists and objects are false, other text is true (wire/v1.md#i8). */
function isTruthy(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  return Boolean(value)
}
