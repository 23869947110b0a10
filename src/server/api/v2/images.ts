/** The image resources of API v2, but for their data. */
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {CallerOf} from '../../auth/callers.js'
import {HttpError} from '../../http/fault.js'
import type {Entries} from '../../images/entries.js'
import {Refused} from '../../images/refusals.js'
import {originOf} from '../versions.js'
import {changesBy} from './apply-patch.js'
import {requiredBody} from './body.js'
import {listQuery} from './list-query.js'
import type {ChangeLocations} from './locations.js'
import {newImageOf} from './new-image.js'
import {linksOf, paramsOf} from './page.js'
import {operationsOf, requirePatchType} from './patch.js'
import {requireImageSchema} from './schema-check.js'
import {STORE_NAMES} from './stores.js'
import {imageView} from './views.js'

export type ImageRequest = FastifyRequest<{Params: {readonly id: string}}>
export type TagRequest = FastifyRequest<{Params: {readonly id: string; readonly tag: string}}>

/** What the image resources work with. */
export interface ImageParts {
  readonly entries: Entries
  readonly callerOf: CallerOf
  readonly showLocations: boolean
  readonly changeLocations: ChangeLocations
  /** Names of the ways of importing. */
  readonly importMethods: readonly string[]
}

export class ImageResource {
  readonly #parts: ImageParts

  constructor(parts: ImageParts) {
    this.#parts = parts
  }

  /** Cloud record, "List"; an unknown marker is a mistake in the query. */
  readonly index = async (request: FastifyRequest) => {
    const {callerOf, entries, showLocations} = this.#parts
    const caller = callerOf(request)
    const params = paramsOf(request.url)
    const query = listQuery(params, caller)
    const images = await entries.list(caller, query).catch(error => {
      const unknown = error instanceof Refused && error.reason === 'no-such-image'
      throw unknown ? new HttpError(400, {explanation: `No image found with ID ${query.marker}`}) : error
    })
    const last = images.length === query.limit ? images.at(-1)?.id : undefined
    return {
      images: images.map(image => imageView(image, showLocations)),
      ...linksOf('/v2/images', params, last),
      schema: '/v2/schemas/images',
    }
  }

  /** Cloud record, "GET an image". */
  readonly get = async (request: ImageRequest) => {
    const {callerOf, entries, showLocations} = this.#parts
    return imageView(await entries.find(callerOf(request), request.params.id), showLocations)
  }

  /** Cloud record, "POST /v2/images". */
  readonly post = async (request: FastifyRequest, reply: FastifyReply) => {
    const {callerOf, entries, showLocations, importMethods} = this.#parts
    const caller = callerOf(request)
    const body = await requiredBody(request.raw)
    const image = await entries.create(caller, newImageOf(body))
    return reply
      .code(201)
      .header('location', `${originOf(request)}/v2/images/${image.id}`)
      .header('openstack-image-import-methods', importMethods.join(','))
      .header('openstack-image-store-ids', STORE_NAMES)
      .send(imageView(image, showLocations))
  }

  /** Cloud record, "PATCH". */
  readonly patch = async (request: ImageRequest) => {
    const {callerOf, entries, showLocations, changeLocations} = this.#parts
    const caller = callerOf(request)
    const form = requirePatchType(request.headers['content-type'])
    const operations = operationsOf(await requiredBody(request.raw), form)
    const image = await entries.change(caller, request.params.id, old =>
      changesBy(operations, old, caller, changeLocations),
    )
    return imageView(image, showLocations)
  }

  /** Cloud record, "DELETE". */
  readonly delete = async (request: ImageRequest, reply: FastifyReply) => {
    const {callerOf, entries} = this.#parts
    const {id} = request.params
    await entries.remove(callerOf(request), id)
    return done(reply)
  }

  /** Cloud record, "Tags". */
  readonly putTag = async (request: TagRequest, reply: FastifyReply) => {
    const {callerOf, entries} = this.#parts
    const {id, tag} = request.params
    const caller = callerOf(request)
    requireImageSchema({tags: [tag]})
    await entries.addTag(caller, id, tag)
    return done(reply)
  }

  readonly deleteTag = async (request: TagRequest, reply: FastifyReply) => {
    const {callerOf, entries} = this.#parts
    const {id, tag} = request.params
    await entries.removeTag(callerOf(request), id, tag)
    return done(reply)
  }
}

/** Nothing to say, in the type that clients are used to. */
export function done(reply: FastifyReply, status = 204): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'text/html; charset=UTF-8')
    .send(status === 204 ? undefined : '')
}
