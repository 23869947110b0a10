/** The member resources of API v1: with whom an image is shared, and what is shared with somebody. */
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {CallerOf} from '../../auth/callers.js'
import {jsonBody} from '../../http/json-body.js'
import {Refused} from '../../images/refusals.js'
import type {Membership, Sharing} from '../../images/sharing.js'
import type {ImageRequest} from './images.js'
import {memberView, shareView} from './views.js'

export type MemberRequest = FastifyRequest<{Params: {readonly id: string; readonly member: string}}>

export class MemberResource {
  readonly #sharing: Sharing

  readonly #callerOf: CallerOf

  constructor(sharing: Sharing, callerOf: CallerOf) {
    this.#sharing = sharing
    this.#callerOf = callerOf
  }

  /** v1-wire I4. */
  readonly index = async (request: ImageRequest) => {
    const members = await this.#sharing.membersOf(this.#callerOf(request), request.params.id)
    return {members: members.map(memberView)}
  }

  /** v1-wire I34. */
  readonly shares = async (request: FastifyRequest<{Params: {readonly member: string}}>) => {
    const shares = await this.#sharing.sharesOf(this.#callerOf(request), request.params.member)
    return {shared_images: shares.map(shareView)}
  }

  /** v1-wire I2 to I16. */
  readonly put = async (request: MemberRequest, reply: FastifyReply) => {
    const {id, member} = request.params
    const canShare = canShareOf(await jsonBody(request.raw))
    await this.#sharing.add(this.#callerOf(request), id, {memberId: member, canShare})
    return reply.code(204).send()
  }

  /** v1-wire I18 to I29. */
  readonly replace = async (request: ImageRequest, reply: FastifyReply) => {
    const memberships = membershipsOf(await jsonBody(request.raw))
    await this.#sharing.replace(this.#callerOf(request), request.params.id, memberships)
    return reply.code(204).send()
  }

  /** v1-wire I38 to I40. */
  readonly delete = async (request: MemberRequest, reply: FastifyReply) => {
    await jsonBody(request.raw)
    const {id, member} = request.params
    await this.#sharing.remove(this.#callerOf(request), id, member)
    return reply.code(204).send()
  }
}

/** `{"member": {"can_share": ...}}`; what is shaped otherwise says nothing (v1-wire I11, I12, I14). */
function canShareOf(body: object | undefined): boolean | undefined {
  if (!body || !('member' in body)) return undefined
  const {member} = body
  if (typeof member !== 'object' || member === null) throw badMembership('member')
  return 'can_share' in member ? isTruthy(member.can_share) : undefined
}

/** `{"memberships": [...]}`, one bare membership (v1-wire I24), or the bare list of the oldest clients (I22). */
function membershipsOf(body: object | undefined): readonly Membership[] {
  if (!body) throw badMembership('memberships')
  const list: unknown = 'memberships' in body ? body.memberships : body
  return (Array.isArray(list) ? list : [list]).map(membershipOf)
}

function membershipOf(value: unknown): Membership {
  const fields: object = typeof value === 'object' && value !== null ? value : {}
  const id = 'member_id' in fields ? fields.member_id : undefined
  if (typeof id !== 'string' && typeof id !== 'number') throw badMembership('member_id')
  return {memberId: String(id), canShare: 'can_share' in fields ? isTruthy(fields.can_share) : undefined}
}

/** v1-wire I23, I26. */
function badMembership(key: string): Refused {
  return new Refused('bad-membership', `Invalid membership association: '${key}'`)
}

/** As Python sees it: empty text, list or object is false, any other text true (v1-wire I8). */
function isTruthy(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  return Boolean(value)
}
