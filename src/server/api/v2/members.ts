/** The member resources of API v2. */
import type {FastifyReply} from 'fastify'
import type {Authenticate} from '../../auth/authenticate.js'
import {badRequest} from '../../http/http-error.js'
import type {Members} from '../../images/members.js'
import type {ImageRequest, MemberRequest} from '../requests.js'
import {getOwnProperty, requireBody} from './codec/body.js'
import {memberView} from './codec/views.js'

const SETTABLE_STATUSES = ['pending', 'accepted', 'rejected'] as const

/** Request handlers; each rejects with `HttpError` or `ServiceError`. */
export class MemberHandlers {
  readonly #members: Members
  readonly #authenticate: Authenticate

  constructor(members: Members, authenticate: Authenticate) {
    this.#members = members
    this.#authenticate = authenticate
  }

  /** wire/glance-25.md#members. */
  readonly index = async (request: ImageRequest) => {
    const members = await this.#members.list(this.#authenticate(request), request.params.id)
    return {members: members.map(memberView), schema: '/v2/schemas/members'}
  }

  /** One member. */
  readonly get = async (request: MemberRequest) => {
    const {id, member} = request.params
    return memberView(await this.#members.find(this.#authenticate(request), id, member))
  }

  /** Adds a member; responds 200 instead of 201, as the real service does. */
  readonly post = async (request: ImageRequest) => {
    const caller = this.#authenticate(request)
    const member = parseNewMember(await requireBody(request.raw))
    return memberView(await this.#members.add(caller, request.params.id, member))
  }

  /** Sets the status of a member. */
  readonly put = async (request: MemberRequest) => {
    const caller = this.#authenticate(request)
    const {id, member} = request.params
    const status = parseMemberStatus(await requireBody(request.raw))
    return memberView(await this.#members.setStatus(caller, id, member, status))
  }

  /** Removes a member. */
  readonly delete = async (request: MemberRequest, reply: FastifyReply) => {
    const {id, member} = request.params
    await this.#members.remove(this.#authenticate(request), id, member)
    return reply.code(204).send()
  }
}

function parseNewMember(body: object): string {
  if (Array.isArray(body)) throw badRequest('Expected a member in the form: {"member": "image_id"}')
  const member = getOwnProperty(body, 'member')
  if (member === undefined) throw badRequest('Member to be added not specified')
  if (member === null || member === '') throw badRequest("Member can't be empty")
  if (typeof member !== 'string') throw badRequest('The id of a member must be a string.')
  if ([...member].length > 255) throw badRequest('The id of a member has at most 255 characters.')
  return member
}

function parseMemberStatus(body: object): (typeof SETTABLE_STATUSES)[number] {
  if (Array.isArray(body)) throw badRequest('Expected a status in the form: {"status": "status"}')
  const status = getOwnProperty(body, 'status')
  if (status === undefined) throw badRequest('Status not specified')
  const known = SETTABLE_STATUSES.find(one => one === status)
  if (known) return known
  throw badRequest('Incorrect request: Status must be "pending", "accepted" or "rejected".')
}
