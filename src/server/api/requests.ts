/** Types of requests with path parameters, and the empty response. */
import type {FastifyReply, FastifyRequest} from 'fastify'
import {RequestBody} from '../http/request-body.js'
import type {OpenData} from '../images/upload/plan.js'

/** A request for an image, or for a task, by id. */
export type ImageRequest = FastifyRequest<{Params: {readonly id: string}}>
/** A request for a member of an image. */
export type MemberRequest = FastifyRequest<{Params: {readonly id: string; readonly member: string}}>

/** Opens the body of a request as data, whose size is known if the request states it. */
export function openBody(request: FastifyRequest, check: () => void = () => {}): OpenData {
  const {'content-length': length} = request.headers
  const open = () => {
    check()
    return new RequestBody(request.raw)
  }
  return Object.assign(open, {announced: length === undefined ? undefined : Number(length)})
}

/** Sends a response without a body, with the content type of the real service. */
export function sendEmpty(reply: FastifyReply, status = 204): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'text/html; charset=UTF-8')
    .send(status === 204 ? undefined : '')
}
