/** The locations of images in API v2: by operations of a PATCH, and by a call of their own. */
import type {FastifyReply} from 'fastify'
import type {CallerOf} from '../../auth/callers.js'
import {HttpError} from '../../http/fault.js'
import type {Entries} from '../../images/entries.js'
import type {GivenLocation, Locations} from '../../images/locations.js'
import {Refused} from '../../images/refusals.js'
import type {ImageChanges, ImageRecord} from '../../registry/registry.js'
import {memberOf, requiredBody} from './body.js'
import {schemaOf} from './image-schema.js'
import {done, type ImageRequest} from './images.js'
import {bad} from './page.js'
import type {Operation} from './patch.js'
import {problemOf} from './schema-check.js'

/** Does operations on the locations of an image; undefined where they are not shown. */
export type ChangeLocations = (operation: Operation, image: ImageRecord) => Promise<ImageChanges>

/** @param shown whether locations are told; where they are not, nobody changes them by PATCH */
export function locationChanges(locations: Locations, shown: boolean): ChangeLocations {
  return async ({op, value, position = '-'}, image) => {
    const given = op === 'remove' ? [] : [value].flat().map(one => givenLocation(one as object))
    if (op === 'replace' && given.length === 0) return locations.replace(image, [])
    if (!shown) {
      const deed = op === 'replace' ? 'update' : op
      throw new Refused('forbidden', `It's not allowed to ${deed} locations if locations are invisible.`)
    }
    if (op === 'remove') return locations.remove(image, position)
    return op === 'replace' ? locations.replace(image, given) : locations.add(image, given[0]!, position)
  }
}

/** The call of its own (2.17), which needs no shown locations and only fills queued images. */
export class LocationResource {
  readonly #entries: Entries
  readonly #locations: Locations
  readonly #callerOf: CallerOf

  constructor(entries: Entries, locations: Locations, callerOf: CallerOf) {
    this.#entries = entries
    this.#locations = locations
    this.#callerOf = callerOf
  }

  readonly post = async (request: ImageRequest, reply: FastifyReply) => {
    const caller = this.#callerOf(request)
    const given = newLocationOf(await requiredBody(request.raw))
    await this.#entries.change(caller, request.params.id, async image => {
      if (image.status === 'queued') return this.#locations.add(image, given, '-')
      throw new Refused('conflict', `It's not allowed to add locations if image status is ${image.status}.`)
    })
    return done(reply, 202)
  }

  /** Places are told to administrators, who need them to find data. */
  readonly get = async (request: ImageRequest) => {
    const caller = this.#callerOf(request)
    const {locations} = await this.#entries.find(caller, request.params.id)
    if (caller.isAdmin) return locations.map(({url, metadata}) => ({url, metadata}))
    throw new HttpError(403, {explanation: 'You are not authorized to complete fetch_image_location action.'})
  }
}

function newLocationOf(body: object): GivenLocation {
  if (Array.isArray(body)) throw bad('Expected a location in the form: {"url": "url"}')
  const location = {url: memberOf(body, 'url'), metadata: {}, ...validationOf(body)}
  const problem = problemOf([location], schemaOf('locations'))
  if (problem !== undefined) throw bad(`Provided object does not match schema 'location': ${problem}`)
  return givenLocation(location)
}

function validationOf(body: object): object {
  const validation = memberOf(body, 'validation_data')
  return validation === undefined ? {} : {validation_data: validation}
}

/** Its shape kept the schema. */
function givenLocation(value: object): GivenLocation {
  const {
    url,
    metadata,
    validation_data: said = {},
  } = value as {
    readonly url: string
    readonly metadata: Readonly<Record<string, unknown>>
    readonly validation_data?: Readonly<Record<string, string>>
  }
  const {checksum, os_hash_algo: hashAlgo, os_hash_value: hashValue} = said
  return {
    url,
    metadata,
    ...(checksum === undefined ? {} : {checksum}),
    ...(hashAlgo === undefined ? {} : {hashAlgo}),
    ...(hashValue === undefined ? {} : {hashValue}),
  }
}
