/** The image resources of API v1: lists, single images and their data. */
import {Readable} from 'node:stream'
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {Authenticate} from '../../auth/authenticate.js'
import {HttpError} from '../../http/http-error.js'
import {readJsonBody} from '../../http/json-body.js'
import {hasBody} from '../../http/request-body.js'
import {requireDownloadable} from '../../images/access.js'
import type {ImageData} from '../../images/data.js'
import type {Images} from '../../images/images.js'
import {type Caller, createListFilter, permits} from '../../images/policy.js'
import {hideProperties} from '../../images/protected-properties.js'
import type {OpenData} from '../../images/upload/plan.js'
import {isFilled} from '../../registry/image-data.js'
import type {ImageRecord} from '../../registry/registry.js'
import type {StoreSet, WritableStore} from '../../stores/set/store-set.js'
import {toThrown} from '../error-rows.js'
import {type ImageRequest, noteDownload, openBody, sendEmpty} from '../requests.js'
import {sendList} from '../send-list.js'
import {toHttpError} from './errors.js'
import {checkInput, findSource, type ImageInput, toEdit, toNewImage, toSources} from './input.js'
import {limitToViewer, parseListQuery} from './list-query.js'
import {parseImageHeaders, shouldKeepProperties} from './meta-headers.js'
import {chooseStore} from './stores.js'
import {briefView, etagHeader, fullView, hasCurrentData, imageHeaders} from './views.js'

/** Dependencies and settings of the image resources. */
export interface V1ImageHandlersOptions {
  readonly images: Images
  readonly data: ImageData
  readonly stores: StoreSet
  readonly authenticate: Authenticate
  /** Show the locations of data. */
  readonly showLocations: boolean
}

/** Returns the view of images for a caller. */
type ChooseView = (caller: Caller) => (image: ImageRecord) => object

/** Request handlers; each rejects with `HttpError` or `ServiceError`. */
export class V1ImageHandlers {
  readonly #images: Images
  readonly #data: ImageData
  readonly #stores: StoreSet
  readonly #authenticate: Authenticate
  readonly #showLocations: boolean

  constructor({images, data, stores, authenticate, showLocations}: V1ImageHandlersOptions) {
    this.#images = images
    this.#data = data
    this.#stores = stores
    this.#authenticate = authenticate
    this.#showLocations = showLocations
  }

  /** wire/v1.md#d1. */
  readonly index = async (request: FastifyRequest, reply: FastifyReply) =>
    this.#list(request, reply, () => briefView)

  /** wire/v1.md#d2. */
  readonly detail = async (request: FastifyRequest, reply: FastifyReply) =>
    this.#list(request, reply, caller => image => this.#view(caller, image))

  /** wire/v1.md#e1. */
  readonly head = async (request: ImageRequest, reply: FastifyReply) => {
    const caller = this.#authenticate(request)
    const image = await this.#images.find(caller, request.params.id, true)
    return reply
      .headers(this.#toHeaders(caller, image))
      .header('content-type', 'text/html; charset=UTF-8')
      .header('content-length', 0)
      .send()
  }

  /**
   * wire/v1.md#e2; the size in the headers is that of the data (wire/v1.md#g18). A cache that has the data gets the headers
   * alone.
   */
  readonly get = async (request: ImageRequest, reply: FastifyReply) => {
    const caller = this.#authenticate(request)
    const image = await this.#images.find(caller, request.params.id, true)
    requireDownloadable(caller, image)
    if (!isFilled(image)) throw new HttpError(404, {detail: `Image ${image.id} is not active`}) // wire/v1.md#e4
    if (hasCurrentData(image, request.headers['if-none-match']))
      return reply
        .code(304)
        .headers(imageHeaders(image, this.#showsLocation(caller, image)))
        .send()
    const {data, size} =
      image.location === null ? {data: Readable.from([]), size: 0} : await this.#data.open(image)
    reply.headers(this.#toHeaders(caller, {...image, size: size ?? image.size}))
    if (size !== undefined) reply.header('content-length', size)
    noteDownload(this.#data, request, reply, {caller, image, size})
    return reply.header('content-type', 'application/octet-stream').send(data)
  }

  /** wire/v1.md#c1, #c2, #c3, #c4, #c5, #c6, #c7, #c8. */
  readonly post = async (request: FastifyRequest, reply: FastifyReply) => {
    const caller = this.#authenticate(request)
    const input = parseImageHeaders(request.raw.rawHeaders)
    const image = await this.#add(caller, input, openDataFrom(request)).catch(throwAddError)
    const location = `${request.serviceUrl}/v1/images/${image.id}`
    return this.#send(reply.code(201).header('location', location), caller, image)
  }

  /** wire/v1.md#g. A request with data keeps the properties that it does not name. */
  readonly put = async (request: ImageRequest, reply: FastifyReply) => {
    const caller = this.#authenticate(request)
    const input = checkInput(parseImageHeaders(request.raw.rawHeaders))
    const data = openDataFrom(request)
    const store = chooseStore(this.#stores, input, data !== undefined)
    const keepProperties = data !== undefined || shouldKeepProperties(request.headers)
    const edit = toEdit(caller, input, {hasData: data !== undefined, keepProperties})
    const changed = await this.#images.change(caller, request.params.id, edit, toSources(input))
    return this.#send(reply, caller, await this.#fill(caller, changed, input, {data, store}))
  }

  /** wire/v1.md#h; a body must be JSON (wire/v1.md#h11). */
  readonly delete = async (request: ImageRequest, reply: FastifyReply) => {
    const caller = this.#authenticate(request)
    await readJsonBody(request.raw)
    await this.#images.remove(caller, request.params.id)
    return sendEmpty(reply, 200)
  }

  #send(reply: FastifyReply, caller: Caller, image: ImageRecord): FastifyReply {
    return reply.headers(etagHeader(image)).send({image: this.#view(caller, image)})
  }

  #view(caller: Caller, image: ImageRecord): object {
    return fullView(hideProperties(caller, image), this.#showsLocation(caller, image))
  }

  #toHeaders(caller: Caller, image: ImageRecord): Readonly<Record<string, string>> {
    return imageHeaders(hideProperties(caller, image), this.#showsLocation(caller, image))
  }

  #showsLocation(caller: Caller, image: ImageRecord): boolean {
    return this.#showLocations && permits(caller, 'get_image_location', image)
  }

  async #list(request: FastifyRequest, reply: FastifyReply, chooseView: ChooseView) {
    const caller = this.#authenticate(request)
    const view = chooseView(caller)
    const query = limitToViewer(caller, parseListQuery(request.url.split('?')[1] ?? ''))
    return sendList(reply, {
      query,
      toJson: image => JSON.stringify(view(image)),
      read: (part, isContinued) => this.#images.list(caller, part, isContinued),
      isVisible: createListFilter(caller),
      rest: () => ({}),
    })
  }

  /** A failure after the record was created leaves it `queued` or `killed` (wire/v1.md#f1, #f28, #f59, #f63). */
  async #add(caller: Caller, given: ImageInput, data: OpenData | undefined): Promise<ImageRecord> {
    const input = checkInput(given)
    const store = chooseStore(this.#stores, input, data !== undefined)
    const image = toNewImage(caller, input, data !== undefined)
    const created = await this.#images.create(caller, image, findSource(input))
    return this.#fill(caller, created, input, {data, store})
  }

  /** Fills the image from data, location or copy-from, if the request has one of them. */
  async #fill(
    caller: Caller,
    image: ImageRecord,
    {location, copyFrom}: ImageInput,
    {data, store}: {readonly data: OpenData | undefined; readonly store: WritableStore | undefined},
  ): Promise<ImageRecord> {
    if ([data, location, copyFrom].filter(Boolean).length > 1) {
      throw new HttpError(400, {explanation: "It's invalid to provide multiple image sources."})
    }
    if (copyFrom) return this.#data.copyFrom(image, copyFrom, store)
    if (location) return this.#data.pointTo(image, location)
    if (!data) return image
    const {size, checksum} = image
    const expected = {...(size ? {size} : {}), ...(checksum ? {checksum} : {})}
    return this.#data.upload(caller, image.id, data, {onFailure: 'killed', expected, store})
  }
}

function throwAddError(error: unknown): never {
  throw toThrown(toHttpError(error, 'add'), error)
}

/** The body as data, opened when the image is ready for it (wire/v1.md#f1, #f2, #f28). */
function openDataFrom(request: FastifyRequest): OpenData | undefined {
  if (!hasBody(request.raw)) return undefined
  return openBody(request, () => {
    const contentType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
    if (contentType === 'application/octet-stream') return
    throw new HttpError(400, {explanation: 'Content-Type must be application/octet-stream'})
  })
}
