/** The locations of an image as a resource of API v2 (2.17): it needs no shown locations, and only fills queued images. */
import type {FastifyReply} from 'fastify'
import type {CallerOf} from '../../auth/callers.js'
import {HttpError} from '../../http/fault.js'
import {ServiceError} from '../../images/errors.js'
import type {Images} from '../../images/images.js'
import {addLocation, type GivenLocation} from '../../images/locations.js'
import {type ImageRequest, sendEmpty} from '../requests.js'
import {memberOf, requiredBody} from './body.js'
import {parseLocation} from './edit-locations.js'
import {schemaOf} from './image-schema.js'
import {bad} from './page.js'
import {problemOf} from './schema-check.js'

export class LocationResource {
  readonly #images: Images
  readonly #callerOf: CallerOf

  constructor(images: Images, callerOf: CallerOf) {
    this.#images = images
    this.#callerOf = callerOf
  }

  readonly post = async (request: ImageRequest, reply: FastifyReply) => {
    const caller = this.#callerOf(request)
    const given = parseBody(await requiredBody(request.raw))
    const sources = new Map([[given.url, undefined]])
    await this.#images.change(
      caller,
      request.params.id,
      (image, sizes) => {
        const {status} = image
        if (status === 'queued') return addLocation(image, given, '-', sizes)
        throw new ServiceError('locations-fixed', {status, action: 'add'})
      },
      sources,
    )
    return sendEmpty(reply, 202)
  }

  /** Administrators see locations, which they need to find data. */
  readonly get = async (request: ImageRequest) => {
    const caller = this.#callerOf(request)
    const {locations} = await this.#images.find(caller, request.params.id)
    if (caller.isAdmin) return locations.map(({url, metadata}) => ({url, metadata}))
    throw new HttpError(403, {
      explanation: 'You are not authorized to complete fetch_image_location action.',
    })
  }
}

function parseBody(body: object): GivenLocation {
  if (Array.isArray(body)) throw bad('Expected a location in the form: {"url": "url"}')
  const validation = memberOf(body, 'validation_data')
  const location = {
    url: memberOf(body, 'url'),
    metadata: {},
    ...(validation === undefined ? {} : {validation_data: validation}),
  }
  const problem = problemOf([location], schemaOf('locations'))
  if (problem !== undefined) throw bad(`Provided object does not match schema 'location': ${problem}`)
  return parseLocation(location)
}
