/** The members of images in API v2. */
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {CallerOf} from '../../auth/callers.js'
import type {Offers} from '../../images/offers.js'
import {memberOf, requiredBody} from './body.js'
import type {ImageRequest} from './images.js'
import {bad} from './page.js'
import {memberView} from './views.js'

type MemberRequest = FastifyRequest<{Params: {readonly id: string; readonly member: string}}>

const ANSWERS = ['pending', 'accepted', 'rejected'] as const

export class MemberResource {
  readonly #offers: Offers
  readonly #callerOf: CallerOf

  constructor(offers: Offers, callerOf: CallerOf) {
    this.#offers = offers
    this.#callerOf = callerOf
  }

  /** Cloud record, "Members". */
  readonly index = async (request: ImageRequest) => {
    const members = await this.#offers.of(this.#callerOf(request), request.params.id)
    return {members: members.map(memberView), schema: '/v2/schemas/members'}
  }

  readonly get = async (request: MemberRequest) => {
    const {id, member} = request.params
    return memberView(await this.#offers.find(this.#callerOf(request), id, member))
  }

  /** Answers 200, although something was made. */
  readonly post = async (request: ImageRequest) => {
    const caller = this.#callerOf(request)
    const member = newMemberOf(await requiredBody(request.raw))
    return memberView(await this.#offers.add(caller, request.params.id, member))
  }

  readonly put = async (request: MemberRequest) => {
    const caller = this.#callerOf(request)
    const {id, member} = request.params
    const status = answerOf(await requiredBody(request.raw))
    return memberView(await this.#offers.answer(caller, id, member, status))
  }

  readonly delete = async (request: MemberRequest, reply: FastifyReply) => {
    const {id, member} = request.params
    await this.#offers.remove(this.#callerOf(request), id, member)
    return reply.code(204).send()
  }
}

function newMemberOf(body: object): string {
  if (Array.isArray(body)) throw bad('Expected a member in the form: {"member": "image_id"}')
  const member = memberOf(body, 'member')
  if (member === undefined) throw bad('Member to be added not specified')
  if (member === null || member === '') throw bad("Member can't be empty")
  if (typeof member !== 'string') throw bad('The id of a member must be a string.')
  if ([...member].length > 255) throw bad('The id of a member has at most 255 characters.')
  return member
}

function answerOf(body: object): (typeof ANSWERS)[number] {
  if (Array.isArray(body)) throw bad('Expected a status in the form: {"status": "status"}')
  const status = memberOf(body, 'status')
  if (status === undefined) throw bad('Status not specified')
  const answer = ANSWERS.find(one => one === status)
  if (answer) return answer
  throw bad('Incorrect request: Status must be "pending", "accepted" or "rejected".')
}
