/**
 * The locations resource of API v2 (2.17), which does not depend on `showLocations` and only fills queued images, and the
 * data of an image in one store (2.10).
 */
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {Authenticate} from '../../auth/authenticate.js'
import {badRequest, HttpError} from '../../http/http-error.js'
import {requireOwner, requirePermission} from '../../images/access.js'
import type {Images} from '../../images/images.js'
import {removeFromStore} from '../../images/locations.js'
import type {DigestAlgorithm, LocationJobs, NewLocation} from '../../jobs/location-imports.js'
import type {StoreSet} from '../../stores/set/store-set.js'
import {type ImageRequest, sendEmpty} from '../requests.js'
import {requireBody} from './codec/body.js'
import {locationView} from './codec/views.js'
import type {JsonSchema} from './schemas/image-schema.js'
import {findProblem} from './schemas/validate.js'

/** A request for the data of an image in one store. */
type StoreRequest = FastifyRequest<{Params: {readonly store: string; readonly id: string}}>

/** Dependencies of the resources. */
export interface LocationHandlersOptions {
  readonly images: Images
  readonly jobs: LocationJobs
  readonly stores: StoreSet
  readonly authenticate: Authenticate
}

/** Request handlers; each rejects with `HttpError` or `ServiceError`. */
export class LocationHandlers {
  readonly #images: Images
  readonly #jobs: LocationJobs
  readonly #stores: StoreSet
  readonly #authenticate: Authenticate

  constructor({images, jobs, stores, authenticate}: LocationHandlersOptions) {
    this.#images = images
    this.#jobs = jobs
    this.#stores = stores
    this.#authenticate = authenticate
  }

  /** Adds a location to a queued image, and has its digests computed (wire/glance-25.md#locations-call). */
  readonly post = async (request: ImageRequest, reply: FastifyReply) => {
    const caller = this.#authenticate(request)
    const location = parseBody(await requireBody(request.raw))
    await this.#jobs.start(caller, request.params.id, location, request.id)
    return sendEmpty(reply, 202)
  }

  /** Lists the locations, for administrators only. */
  readonly get = async (request: ImageRequest) => {
    const caller = this.#authenticate(request)
    const image = await this.#images.find(caller, request.params.id)
    requirePermission(caller, 'fetch_image_location', image)
    return image.locations.map(location => locationView(location, this.#stores))
  }

  /** Removes the data of an image from one of its stores (wire/glance-25.md#delete-from-a-store). */
  readonly deleteFromStore = async (request: StoreRequest, reply: FastifyReply) => {
    const caller = this.#authenticate(request)
    const {store, id} = request.params
    if (this.#stores.find(store) === undefined) {
      throw new HttpError(409, {explanation: `The selected store ${store} is not available on this node.`})
    }
    const isInStore = (url: string) => this.#stores.findName(url) === store
    await this.#images.change(caller, id, image => {
      requireOwner(caller, image, 'remove location')
      return removeFromStore(image, store, isInStore)
    })
    return sendEmpty(reply)
  }
}

/** The schema of a new location (wire/glance-25.md#locations-call). */
const LOCATION: JsonSchema = {
  type: 'object',
  properties: {
    url: {type: 'string', maxLength: 255},
    validation_data: {
      type: 'object',
      additionalProperties: false,
      properties: {
        os_hash_algo: {type: 'string', maxLength: 64, enum: ['sha1', 'sha256', 'sha512', 'md5']},
        os_hash_value: {type: 'string', maxLength: 128},
      },
    },
  },
  required: ['url'],
}

/** A body that matches it. */
interface LocationBody {
  readonly url: string
  readonly validation_data?: {readonly os_hash_algo?: DigestAlgorithm; readonly os_hash_value?: string}
}

function parseBody(body: object): NewLocation {
  if (Array.isArray(body)) throw badRequest('Expected a location in the form: {"url": "url"}')
  const problem = findProblem(body, LOCATION)
  if (problem !== undefined) throw schemaError(problem)
  const {url, validation_data: validation = {}} = body as LocationBody
  const {os_hash_algo: algorithm, os_hash_value: value} = validation
  if (algorithm !== undefined && value !== undefined) return {url, expected: {algorithm, value}}
  if (algorithm !== undefined) throw schemaError("'os_hash_value' is a dependency of 'os_hash_algo'")
  if (value !== undefined) throw schemaError("'os_hash_algo' is a dependency of 'os_hash_value'")
  return {url}
}

function schemaError(problem: string): HttpError {
  return badRequest(`Provided object does not match schema 'location': ${problem}`)
}
