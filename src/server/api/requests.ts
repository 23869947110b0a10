/** Requests for an image or one of its members, and the empty answer to them. */
import type {FastifyReply, FastifyRequest} from 'fastify'

export type ImageRequest = FastifyRequest<{Params: {readonly id: string}}>
export type MemberRequest = FastifyRequest<{Params: {readonly id: string; readonly member: string}}>

/** An answer without a body, in the type that clients are used to. */
export function sendEmpty(reply: FastifyReply, status = 204): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'text/html; charset=UTF-8')
    .send(status === 204 ? undefined : '')
}
