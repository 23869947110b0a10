/** The member resources of API v1: the members of an image, and the images of a member. */
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {CallerOf} from '../../auth/callers.js'
import type {HttpError} from '../../http/fault.js'
import {jsonBody} from '../../http/json-body.js'
import type {Members} from '../../images/members.js'
import type {Membership} from '../../registry/registry.js'
import type {ImageRequest, MemberRequest} from '../requests.js'
import {fromRegistry} from './nested.js'
import {memberView, shareView} from './views.js'

export class MemberResource {
  readonly #members: Members
  readonly #callerOf: CallerOf

  constructor(members: Members, callerOf: CallerOf) {
    this.#members = members
    this.#callerOf = callerOf
  }

  /** v1-wire I4. */
  readonly index = async (request: ImageRequest) => {
    const members = await this.#members.list(this.#callerOf(request), request.params.id)
    return {members: members.map(memberView)}
  }

  /** v1-wire I34. */
  readonly shares = async (request: FastifyRequest<{Params: {readonly member: string}}>) => {
    const shares = await this.#members.listShares(this.#callerOf(request), request.params.member)
    return {shared_images: shares.map(shareView)}
  }

  /** v1-wire I2 to I16. */
  readonly put = async (request: MemberRequest, reply: FastifyReply) => {
    const {id, member} = request.params
    const canShare = parseCanShare(await jsonBody(request.raw))
    await this.#members.put(this.#callerOf(request), id, {memberId: checkMemberId(member), canShare})
    return reply.code(204).send()
  }

  /** v1-wire I18 to I29. */
  readonly replace = async (request: ImageRequest, reply: FastifyReply) => {
    const memberships = parseMemberships(await jsonBody(request.raw))
    await this.#members.replace(this.#callerOf(request), request.params.id, memberships)
    return reply.code(204).send()
  }

  /** v1-wire I38 to I40. */
  readonly delete = async (request: MemberRequest, reply: FastifyReply) => {
    await jsonBody(request.raw)
    const {id, member} = request.params
    await this.#members.remove(this.#callerOf(request), id, member)
    return reply.code(204).send()
  }
}

/** `{"member": {"can_share": ...}}`; what is shaped otherwise says nothing (v1-wire I11, I12, I14). */
function parseCanShare(body: object | undefined): boolean | undefined {
  if (!body || !('member' in body)) return undefined
  const {member} = body
  if (typeof member !== 'object' || member === null) throw badMembership('member')
  return 'can_share' in member ? isTruthy(member.can_share) : undefined
}

/** `{"memberships": [...]}`, one bare membership (v1-wire I24), or the bare list of the oldest clients (I22). */
function parseMemberships(body: object | undefined): readonly Membership[] {
  if (!body) throw badMembership('memberships')
  const list: unknown = 'memberships' in body ? body.memberships : body
  return (Array.isArray(list) ? list : [list]).map(parseMembership)
}

function parseMembership(value: unknown): Membership {
  const fields: object = typeof value === 'object' && value !== null ? value : {}
  const id = 'member_id' in fields ? fields.member_id : undefined
  if (typeof id !== 'string' && typeof id !== 'number') throw badMembership('member_id')
  return {
    memberId: checkMemberId(String(id)),
    canShare: 'can_share' in fields ? isTruthy(fields.can_share) : undefined,
  }
}

/** Characters. */
const MAX_MEMBER_ID = 255

/** The id, unless it is empty or too long. */
function checkMemberId(id: string): string {
  if (id !== '' && [...id].length <= MAX_MEMBER_ID) return id
  throw badMembership('member_id')
}

/** v1-wire I23, I26. */
function badMembership(key: string): HttpError {
  return fromRegistry({explanation: `Invalid membership association: '${key}'`})
}

/** As Python sees it: empty text, list or object is false, any other text true (v1-wire I8). */
function isTruthy(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  return Boolean(value)
}
