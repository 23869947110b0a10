/** The members of images in API v2. */
import type {FastifyReply} from 'fastify'
import type {CallerOf} from '../../auth/callers.js'
import type {Members} from '../../images/members.js'
import type {ImageRequest, MemberRequest} from '../requests.js'
import {memberOf, requiredBody} from './body.js'
import {bad} from './page.js'
import {memberView} from './views.js'

const STATUSES = ['pending', 'accepted', 'rejected'] as const

export class MemberResource {
  readonly #members: Members
  readonly #callerOf: CallerOf

  constructor(members: Members, callerOf: CallerOf) {
    this.#members = members
    this.#callerOf = callerOf
  }

  /** Cloud record, "Members". */
  readonly index = async (request: ImageRequest) => {
    const members = await this.#members.list(this.#callerOf(request), request.params.id)
    return {members: members.map(memberView), schema: '/v2/schemas/members'}
  }

  readonly get = async (request: MemberRequest) => {
    const {id, member} = request.params
    return memberView(await this.#members.find(this.#callerOf(request), id, member))
  }

  /** Answers 200, although something was made. */
  readonly post = async (request: ImageRequest) => {
    const caller = this.#callerOf(request)
    const member = parseMember(await requiredBody(request.raw))
    return memberView(await this.#members.add(caller, request.params.id, member))
  }

  readonly put = async (request: MemberRequest) => {
    const caller = this.#callerOf(request)
    const {id, member} = request.params
    const status = parseStatus(await requiredBody(request.raw))
    return memberView(await this.#members.setStatus(caller, id, member, status))
  }

  readonly delete = async (request: MemberRequest, reply: FastifyReply) => {
    const {id, member} = request.params
    await this.#members.remove(this.#callerOf(request), id, member)
    return reply.code(204).send()
  }
}

function parseMember(body: object): string {
  if (Array.isArray(body)) throw bad('Expected a member in the form: {"member": "image_id"}')
  const member = memberOf(body, 'member')
  if (member === undefined) throw bad('Member to be added not specified')
  if (member === null || member === '') throw bad("Member can't be empty")
  if (typeof member !== 'string') throw bad('The id of a member must be a string.')
  if ([...member].length > 255) throw bad('The id of a member has at most 255 characters.')
  return member
}

function parseStatus(body: object): (typeof STATUSES)[number] {
  if (Array.isArray(body)) throw bad('Expected a status in the form: {"status": "status"}')
  const status = memberOf(body, 'status')
  if (status === undefined) throw bad('Status not specified')
  const answer = STATUSES.find(one => one === status)
  if (answer) return answer
  throw bad('Incorrect request: Status must be "pending", "accepted" or "rejected".')
}
