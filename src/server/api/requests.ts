/** Types of requests with path parameters, and the empty response. */
import type {FastifyReply, FastifyRequest} from 'fastify'

/** A request for an image, or for a task, by id. */
export type ImageRequest = FastifyRequest<{Params: {readonly id: string}}>
/** A request for a member of an image. */
export type MemberRequest = FastifyRequest<{Params: {readonly id: string; readonly member: string}}>

/** Sends a response without a body, with the content type of the real service. */
export function sendEmpty(reply: FastifyReply, status = 204): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'text/html; charset=UTF-8')
    .send(status === 204 ? undefined : '')
}
