/** The image resources of API v1: lists, one image, its data. */
import {Readable} from 'node:stream'
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {CallerOf} from '../../auth/callers.js'
import {HttpError} from '../../http/fault.js'
import {jsonBody} from '../../http/json-body.js'
import {hasBody, RequestBody} from '../../http/request-body.js'
import {requireDownloadable} from '../../images/access.js'
import {type ImageData, isFilled} from '../../images/data.js'
import type {Images} from '../../images/images.js'
import type {Caller} from '../../images/policy.js'
import type {OpenData} from '../../images/uploads.js'
import type {ImageRecord} from '../../registry/registry.js'
import {type ImageRequest, sendEmpty} from '../requests.js'
import {originOf} from '../versions.js'
import {toHttpError} from './errors.js'
import {checkInput, findSource, type ImageInput, toEdit, toNewImage, toSources} from './input.js'
import {limitToViewer, listQuery} from './list-query.js'
import {inputFromHeaders, keepsProperties} from './meta-headers.js'
import {briefView, etag, fullView, imageHeaders} from './views.js'

export class ImageResource {
  readonly #images: Images
  readonly #data: ImageData
  readonly #callerOf: CallerOf

  constructor(images: Images, data: ImageData, callerOf: CallerOf) {
    this.#images = images
    this.#data = data
    this.#callerOf = callerOf
  }

  /** v1-wire D1. */
  readonly index = async (request: FastifyRequest) => this.#list(request, briefView)

  /** v1-wire D2. */
  readonly detail = async (request: FastifyRequest) => this.#list(request, fullView)

  /** v1-wire E1. */
  readonly head = async (request: ImageRequest, reply: FastifyReply) => {
    const image = await this.#images.find(this.#callerOf(request), request.params.id, true)
    return reply
      .headers(imageHeaders(image))
      .header('content-type', 'text/html; charset=UTF-8')
      .header('content-length', 0)
      .send()
  }

  /** v1-wire E2; the size in the answer is that of the data (G18). */
  readonly get = async (request: ImageRequest, reply: FastifyReply) => {
    const caller = this.#callerOf(request)
    const image = await this.#images.find(caller, request.params.id, true)
    requireDownloadable(caller, image)
    if (!isFilled(image)) throw new HttpError(404, {detail: `Image ${image.id} is not active`}) // E4
    const {data, size} =
      image.location === null ? {data: Readable.from([]), size: 0} : await this.#data.open(image)
    reply.headers(imageHeaders(size === undefined ? image : {...image, size}))
    if (size !== undefined) reply.header('content-length', size)
    return reply.header('content-type', 'application/octet-stream').send(data)
  }

  /** v1-wire C1 to C8. */
  readonly post = async (request: FastifyRequest, reply: FastifyReply) => {
    const caller = this.#callerOf(request)
    const input = inputFromHeaders(request.raw.rawHeaders)
    const image = await this.#add(caller, input, findData(request)).catch(throwAddError)
    const location = `${originOf(request)}/v1/images/${image.id}`
    return answer(reply.code(201).header('location', location), image)
  }

  /** v1-wire section G. Data keeps the properties that are not named. */
  readonly put = async (request: ImageRequest, reply: FastifyReply) => {
    const caller = this.#callerOf(request)
    const input = checkInput(inputFromHeaders(request.raw.rawHeaders))
    const data = findData(request)
    const keepProperties = data !== undefined || keepsProperties(request.headers)
    const edit = toEdit(caller, input, {hasData: data !== undefined, keepProperties})
    const changed = await this.#images.change(caller, request.params.id, edit, toSources(input))
    return answer(reply, await this.#fill(caller, changed, input, data))
  }

  /** v1-wire section H; a body must at least be JSON (H11). */
  readonly delete = async (request: ImageRequest, reply: FastifyReply) => {
    const caller = this.#callerOf(request)
    await jsonBody(request.raw)
    await this.#images.remove(caller, request.params.id)
    return sendEmpty(reply, 200)
  }

  async #list(request: FastifyRequest, view: (image: ImageRecord) => object) {
    const caller = this.#callerOf(request)
    const query = limitToViewer(caller, listQuery(request.url.split('?')[1] ?? ''))
    const images = await this.#images.list(caller, query)
    return {images: images.map(view)}
  }

  /** A failure after the record was created leaves it there, queued or killed (v1-wire F1, F28, F59, F63). */
  async #add(caller: Caller, given: ImageInput, data: OpenData | undefined): Promise<ImageRecord> {
    const input = checkInput(given)
    const image = toNewImage(caller, input, data !== undefined)
    const created = await this.#images.create(caller, image, findSource(input))
    return this.#fill(caller, created, input, data)
  }

  /** Fills the image from its data, location or copy-from, if there is one. */
  async #fill(
    caller: Caller,
    image: ImageRecord,
    {location, copyFrom}: ImageInput,
    data: OpenData | undefined,
  ): Promise<ImageRecord> {
    if ([data, location, copyFrom].filter(Boolean).length > 1) {
      throw new HttpError(400, {explanation: "It's invalid to provide multiple image sources."})
    }
    if (copyFrom) return this.#data.copyFrom(image, copyFrom)
    if (location) return this.#data.pointTo(image, location)
    if (!data) return image
    const {size, checksum} = image
    const expected = {...(size ? {size} : {}), ...(checksum ? {checksum} : {})}
    return this.#data.upload(caller, image.id, data, {onFailure: 'killed', expected})
  }
}

function answer(reply: FastifyReply, image: ImageRecord): FastifyReply {
  return reply.headers(etag(image)).send({image: fullView(image)})
}

function throwAddError(error: unknown): never {
  throw toHttpError(error, 'add') ?? error
}

/** The body as data, opened only when the image is ready for it (v1-wire F1, F2, F28). */
function findData(request: FastifyRequest): OpenData | undefined {
  if (!hasBody(request.raw)) return undefined
  return () => {
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
    if (type === 'application/octet-stream') return new RequestBody(request.raw)
    throw new HttpError(400, {explanation: 'Content-Type must be application/octet-stream'})
  }
}
