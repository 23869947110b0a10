/**
 * The locations resource of API v2 (2.17), which does not depend on `showLocations` and only fills queued images, and the
 * data of an image in one store (2.10).
 */
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {Authenticate} from '../../auth/authenticate.js'
import {badRequest, HttpError} from '../../http/http-error.js'
import {ServiceError} from '../../images/errors.js'
import type {Images} from '../../images/images.js'
import {addLocation, type LocationInput, removeFromStore} from '../../images/locations.js'
import {type ImageRequest, sendEmpty} from '../requests.js'
import {getOwnProperty, requireBody} from './codec/body.js'
import {parseLocation} from './codec/edit-locations.js'
import {isStore, storeForUrl} from './codec/stores.js'
import {attributeSchema} from './schemas/image-schema.js'
import {findProblem} from './schemas/validate.js'

/** A request for the data of an image in one store. */
type StoreRequest = FastifyRequest<{Params: {readonly store: string; readonly id: string}}>

/** Request handlers; each rejects with `HttpError` or `ServiceError`. */
export class LocationHandlers {
  readonly #images: Images
  readonly #authenticate: Authenticate

  constructor(images: Images, authenticate: Authenticate) {
    this.#images = images
    this.#authenticate = authenticate
  }

  /** Makes a queued image active with the data at a URL (wire/glance-25.md#locations). */
  readonly post = async (request: ImageRequest, reply: FastifyReply) => {
    const caller = this.#authenticate(request)
    const location = parseBody(await requireBody(request.raw))
    const sources = new Map([[location.url, undefined]])
    await this.#images.change(
      caller,
      request.params.id,
      (image, sizes) => {
        const {status} = image
        if (status === 'queued') return addLocation(image, location, '-', sizes)
        throw new ServiceError('locations-fixed', {status, action: 'add'})
      },
      sources,
    )
    return sendEmpty(reply, 202)
  }

  /** Lists the locations, for administrators only. */
  readonly get = async (request: ImageRequest) => {
    const caller = this.#authenticate(request)
    const {locations} = await this.#images.find(caller, request.params.id)
    if (caller.isAdmin) return locations.map(({url, metadata}) => ({url, metadata}))
    throw new HttpError(403, {
      explanation: 'You are not authorized to complete fetch_image_location action.',
    })
  }

  /** Removes the data of an image from one of its stores (wire/glance-25.md#delete-from-a-store). */
  readonly deleteFromStore = async (request: StoreRequest, reply: FastifyReply) => {
    const caller = this.#authenticate(request)
    const {store, id} = request.params
    if (!isStore(store)) {
      throw new HttpError(409, {explanation: `The selected store ${store} is not available on this node.`})
    }
    const isInStore = (url: string) => storeForUrl(url) === store
    await this.#images.change(caller, id, image => removeFromStore(image, store, isInStore))
    return sendEmpty(reply)
  }
}

function parseBody(body: object): LocationInput {
  if (Array.isArray(body)) throw badRequest('Expected a location in the form: {"url": "url"}')
  const validation = getOwnProperty(body, 'validation_data')
  const location = {
    url: getOwnProperty(body, 'url'),
    metadata: {},
    ...(validation === undefined ? {} : {validation_data: validation}),
  }
  const problem = findProblem([location], attributeSchema('locations'))
  if (problem !== undefined) throw badRequest(`Provided object does not match schema 'location': ${problem}`)
  return parseLocation(location)
}
