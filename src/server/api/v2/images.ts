/** The image resources of API v2, except for their data. */
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {Authenticate} from '../../auth/authenticate.js'
import type {Images} from '../../images/images.js'
import {type Caller, createListFilter, permits} from '../../images/policy.js'
import {hideProperties} from '../../images/protected-properties.js'
import type {ImageRecord} from '../../registry/registry.js'
import type {StoreSet} from '../../stores/set/store-set.js'
import {type ImageRequest, sendEmpty} from '../requests.js'
import {sendList} from '../send-list.js'
import {toEdit} from './codec/apply-patch.js'
import {requireBody} from './codec/body.js'
import {findSources} from './codec/edit-locations.js'
import {parseNewImage} from './codec/new-image.js'
import {parseOperations, parsePatchType} from './codec/patch.js'
import {imageJson} from './codec/views.js'
import {listImportMethods} from './imports.js'
import {parseListQuery} from './query/list-query.js'
import {pageLinks, parseParams} from './query/page.js'
import {validateImage} from './schemas/validate.js'

/** A request for a tag of an image. */
export type TagRequest = FastifyRequest<{Params: {readonly id: string; readonly tag: string}}>

/** Dependencies and settings of the image resources. */
export interface ImageHandlersOptions {
  readonly images: Images
  readonly stores: StoreSet
  readonly authenticate: Authenticate
  /** Expose locations, and let PATCH change them. */
  readonly showLocations: boolean
}

/** Request handlers; each rejects with `HttpError` or `ServiceError`. */
export class ImageHandlers {
  readonly #options: ImageHandlersOptions

  constructor(options: ImageHandlersOptions) {
    this.#options = options
  }

  /** wire/glance-25.md#list. */
  readonly index = async (request: FastifyRequest, reply: FastifyReply) => {
    const {authenticate, images} = this.#options
    const caller = authenticate(request)
    const params = parseParams(request.url)
    return sendList(reply, {
      query: parseListQuery(params, caller),
      read: (query, isContinued) => images.list(caller, query, isContinued),
      isVisible: createListFilter(caller),
      toJson: image => this.#toJson(caller, image),
      rest: last => ({...pageLinks('/v2/images', params, last), schema: '/v2/schemas/images'}),
    })
  }

  /** wire/glance-25.md#show. */
  readonly get = async (request: ImageRequest, reply: FastifyReply) => {
    const {authenticate, images} = this.#options
    const caller = authenticate(request)
    return this.#send(reply, caller, await images.find(caller, request.params.id))
  }

  /** wire/glance-25.md#create. */
  readonly post = async (request: FastifyRequest, reply: FastifyReply) => {
    const {authenticate, images, stores} = this.#options
    const caller = authenticate(request)
    const body = await requireBody(request.raw)
    const image = await images.create(caller, parseNewImage(body))
    reply
      .code(201)
      .header('location', `${request.serviceUrl}/v2/images/${image.id}`)
      .header('openstack-image-import-methods', listImportMethods(stores).join(','))
      .header('openstack-image-store-ids', stores.entries.map(({name}) => name).join(','))
    return this.#send(reply, caller, image)
  }

  /** wire/glance-25.md#patch. */
  readonly patch = async (request: ImageRequest, reply: FastifyReply) => {
    const {authenticate, images, stores, showLocations: areShown} = this.#options
    const caller = authenticate(request)
    const mediaType = parsePatchType(request.headers['content-type'])
    const operations = parseOperations(await requireBody(request.raw), mediaType)
    const edit = toEdit(operations, caller, {areShown, hashAlgo: stores.hashAlgo})
    const changed = await images.change(caller, request.params.id, edit, findSources(operations))
    return this.#send(reply, caller, changed)
  }

  /** wire/glance-25.md#delete. */
  readonly delete = async (request: ImageRequest, reply: FastifyReply) => {
    const {authenticate, images} = this.#options
    const {id} = request.params
    await images.remove(authenticate(request), id)
    return sendEmpty(reply)
  }

  /** wire/glance-25.md#tags. */
  readonly putTag = async (request: TagRequest, reply: FastifyReply) => {
    const {authenticate, images} = this.#options
    const {id, tag} = request.params
    const caller = authenticate(request)
    validateImage({tags: [tag]})
    await images.addTag(caller, id, tag)
    return sendEmpty(reply)
  }

  /** Responds 404 if the image does not have the tag. */
  readonly deleteTag = async (request: TagRequest, reply: FastifyReply) => {
    const {authenticate, images} = this.#options
    const {id, tag} = request.params
    await images.removeTag(authenticate(request), id, tag)
    return sendEmpty(reply)
  }

  #send(reply: FastifyReply, caller: Caller, image: ImageRecord): FastifyReply {
    return reply.header('content-type', 'application/json').send(this.#toJson(caller, image))
  }

  #toJson(caller: Caller, image: ImageRecord): string {
    const {stores, showLocations} = this.#options
    const shown = hideProperties(caller, image)
    return imageJson(shown, stores, showLocations && permits(caller, 'get_image_location', image))
  }
}
