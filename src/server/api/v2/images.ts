/** The image resources of API v2, except for their data. */
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {CallerOf} from '../../auth/callers.js'
import type {Images} from '../../images/images.js'
import {type ImageRequest, sendEmpty} from '../requests.js'
import {originOf} from '../versions.js'
import {toEdit} from './apply-patch.js'
import {requiredBody} from './body.js'
import {findSources} from './edit-locations.js'
import {listQuery} from './list-query.js'
import {newImageOf} from './new-image.js'
import {linksOf, paramsOf} from './page.js'
import {operationsOf, requirePatchType} from './patch.js'
import {requireImageSchema} from './schema-check.js'
import {STORE_NAMES} from './stores.js'
import {imageView} from './views.js'

export type TagRequest = FastifyRequest<{Params: {readonly id: string; readonly tag: string}}>

export interface ImageParts {
  readonly images: Images
  readonly callerOf: CallerOf
  /** Locations are shown, and may be changed by PATCH. */
  readonly showLocations: boolean
  readonly importMethods: readonly string[]
}

export class ImageResource {
  readonly #parts: ImageParts

  constructor(parts: ImageParts) {
    this.#parts = parts
  }

  /** Cloud record, "List". */
  readonly index = async (request: FastifyRequest) => {
    const {callerOf, images, showLocations} = this.#parts
    const caller = callerOf(request)
    const params = paramsOf(request.url)
    const query = listQuery(params, caller)
    const page = await images.list(caller, query)
    const last = page.length === query.limit ? page.at(-1)?.id : undefined
    return {
      images: page.map(image => imageView(image, showLocations)),
      ...linksOf('/v2/images', params, last),
      schema: '/v2/schemas/images',
    }
  }

  /** Cloud record, "GET an image". */
  readonly get = async (request: ImageRequest) => {
    const {callerOf, images, showLocations} = this.#parts
    return imageView(await images.find(callerOf(request), request.params.id), showLocations)
  }

  /** Cloud record, "POST /v2/images". */
  readonly post = async (request: FastifyRequest, reply: FastifyReply) => {
    const {callerOf, images, showLocations, importMethods} = this.#parts
    const caller = callerOf(request)
    const body = await requiredBody(request.raw)
    const image = await images.create(caller, newImageOf(body))
    return reply
      .code(201)
      .header('location', `${originOf(request)}/v2/images/${image.id}`)
      .header('openstack-image-import-methods', importMethods.join(','))
      .header('openstack-image-store-ids', STORE_NAMES)
      .send(imageView(image, showLocations))
  }

  /** Cloud record, "PATCH". */
  readonly patch = async (request: ImageRequest) => {
    const {callerOf, images, showLocations} = this.#parts
    const caller = callerOf(request)
    const form = requirePatchType(request.headers['content-type'])
    const operations = operationsOf(await requiredBody(request.raw), form)
    const edit = toEdit(operations, caller, showLocations)
    const changed = await images.change(caller, request.params.id, edit, findSources(operations))
    return imageView(changed, showLocations)
  }

  /** Cloud record, "DELETE". */
  readonly delete = async (request: ImageRequest, reply: FastifyReply) => {
    const {callerOf, images} = this.#parts
    const {id} = request.params
    await images.remove(callerOf(request), id)
    return sendEmpty(reply)
  }

  /** Cloud record, "Tags". */
  readonly putTag = async (request: TagRequest, reply: FastifyReply) => {
    const {callerOf, images} = this.#parts
    const {id, tag} = request.params
    const caller = callerOf(request)
    requireImageSchema({tags: [tag]})
    await images.addTag(caller, id, tag)
    return sendEmpty(reply)
  }

  readonly deleteTag = async (request: TagRequest, reply: FastifyReply) => {
    const {callerOf, images} = this.#parts
    const {id, tag} = request.params
    await images.removeTag(callerOf(request), id, tag)
    return sendEmpty(reply)
  }
}
