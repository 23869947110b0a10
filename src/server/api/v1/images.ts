/** The image resources of API v1: lists, one image, its data. */
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {CallerOf} from '../../auth/callers.js'
import {HttpError} from '../../http/fault.js'
import {jsonBody} from '../../http/json-body.js'
import {BodyBroken, hasBody, RequestBody} from '../../http/request-body.js'
import type {Images} from '../../images/images.js'
import {brokenUpload, Refused} from '../../images/refusals.js'
import {type OpenData, refusalOf} from '../../images/uploads.js'
import type {ImageRecord} from '../../registry/registry.js'
import {originOf} from '../versions.js'
import {listQuery} from './list-query.js'
import {inputFromHeaders, keepsProperties} from './meta-headers.js'
import {faultOfRefusal} from './refusals.js'
import {briefView, etag, fullView, imageHeaders} from './views.js'

export type ImageRequest = FastifyRequest<{Params: {readonly id: string}}>

export class ImageResource {
  readonly #images: Images

  readonly #callerOf: CallerOf

  constructor(images: Images, callerOf: CallerOf) {
    this.#images = images
    this.#callerOf = callerOf
  }

  /** v1-wire D1. */
  readonly index = async (request: FastifyRequest) => this.#list(request, briefView)

  /** v1-wire D2. */
  readonly detail = async (request: FastifyRequest) => this.#list(request, fullView)

  /** v1-wire E1. */
  readonly head = async (request: ImageRequest, reply: FastifyReply) => {
    const image = await this.#images.find(this.#callerOf(request), request.params.id)
    return reply
      .headers(imageHeaders(image))
      .header('content-type', 'text/html; charset=UTF-8')
      .header('content-length', 0)
      .send()
  }

  /** v1-wire E2; the size that is told is that of the data (G18). */
  readonly get = async (request: ImageRequest, reply: FastifyReply) => {
    const {image, stream} = await this.#images.fetch(this.#callerOf(request), request.params.id)
    const {size} = stream
    reply.headers(imageHeaders(size === undefined ? image : {...image, size}))
    if (size !== undefined) reply.header('content-length', size)
    return reply.header('content-type', 'application/octet-stream').send(stream.data)
  }

  /** v1-wire C1 to C8. */
  readonly post = async (request: FastifyRequest, reply: FastifyReply) => {
    const caller = this.#callerOf(request)
    const input = inputFromHeaders(request.raw.rawHeaders)
    const image = await this.#images.add(caller, input, dataOf(request)).catch(refused(true))
    const location = `${originOf(request)}/v1/images/${image.id}`
    return answer(reply.code(201).header('location', location), image)
  }

  /** v1-wire section G. */
  readonly put = async (request: ImageRequest, reply: FastifyReply) => {
    const caller = this.#callerOf(request)
    const input = inputFromHeaders(request.raw.rawHeaders)
    const keepProperties = keepsProperties(request.headers)
    const options = {data: dataOf(request), keepProperties}
    const {id} = request.params
    const image = await this.#images.change(caller, id, input, options).catch(refused(false))
    return answer(reply, image)
  }

  /** v1-wire section H; a body must at least be JSON (H11). */
  readonly delete = async (request: ImageRequest, reply: FastifyReply) => {
    const caller = this.#callerOf(request)
    await jsonBody(request.raw)
    await this.#images.remove(caller, request.params.id)
    return reply.header('content-type', 'text/html; charset=UTF-8').send('')
  }

  async #list(request: FastifyRequest, view: (image: ImageRecord) => object) {
    const images = await this.#images.list(
      this.#callerOf(request),
      listQuery(request.url.split('?')[1] ?? ''),
    )
    return {images: images.map(view)}
  }
}

function answer(reply: FastifyReply, image: ImageRecord): FastifyReply {
  return reply.headers(etag(image)).send({image: fullView(image)})
}

function refused(adding: boolean): (error: unknown) => never {
  return error => {
    throw error instanceof Refused ? faultOfRefusal(error, adding) : error
  }
}

/** The body as data, opened only when the image is ready for it (v1-wire F1, F2, F28). */
function dataOf(request: FastifyRequest): OpenData | undefined {
  if (!hasBody(request.raw)) return undefined
  return () => {
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
    if (type === 'application/octet-stream') return new RequestBody(request.raw)
    throw new Refused('bad-content-type', 'Content-Type must be application/octet-stream')
  }
}

/** What an error of the service means in API v1; undefined for a defect. */
export function faultOf(error: unknown): HttpError | undefined {
  if (error instanceof HttpError) return error
  const refusal = error instanceof BodyBroken ? brokenUpload(error) : refusalOf(error)
  return refusal instanceof Refused ? faultOfRefusal(refusal, false) : undefined
}
