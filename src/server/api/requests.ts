/** Types of requests with path parameters, and the empty response. */

import type {FastifyReply, FastifyRequest} from 'fastify'
import {HttpError} from '../http/http-error.js'
import {RequestBody} from '../http/request-body.js'
import type {ImageData} from '../images/data.js'
import type {Caller} from '../images/policy.js'
import type {OpenData} from '../images/upload/plan.js'
import type {ImageRecord} from '../registry/registry.js'

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

/** What is sent to whom. */
export interface Sent {
  readonly caller: Caller
  readonly image: ImageRecord
  /** Bytes of the data, if that is known. */
  readonly size: number | undefined
}

/** Tells how much of the data left the service, when the response has ended, to what wants to know that. */
export function noteDownload(
  {noteDownload: note}: ImageData,
  {clientAddress: destination}: FastifyRequest,
  {raw}: FastifyReply,
  {caller, image, size}: Sent,
): void {
  if (note === undefined) return
  const {project, user} = caller
  let bytes = 0
  // Of the data itself, a listener would take what the response has to get.
  const write: (chunk: Buffer, ...more: never[]) => boolean = raw.write.bind(raw)
  raw.write = (chunk: Buffer, ...more: never[]) => {
    bytes += chunk.length
    return write(chunk, ...more)
  }
  raw.once('close', () => note({image, bytes, size, project, user, destination}))
}

/**
 * Requires JSON as the type of the body, which a page of another site cannot send to this machine.
 * @throws HttpError 415 for any other type
 */
export function requireJson({headers}: FastifyRequest): void {
  if (/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) return
  throw new HttpError(415, {explanation: 'The body must be JSON, with the Content-Type application/json.'})
}

/** Sends a response without a body, with the content type of the real service. */
export function sendEmpty(reply: FastifyReply, status = 204): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'text/html; charset=UTF-8')
    .send(status === 204 ? undefined : '')
}
