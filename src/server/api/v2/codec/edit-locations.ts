/** Operations of a PATCH of API v2 on the locations of an image. */
import {HttpError} from '../../../http/http-error.js'
import type {Sources} from '../../../images/images.js'
import {
  addLocation,
  type LocationFacts,
  type LocationInput,
  removeLocation,
  setLocations,
} from '../../../images/locations.js'
import type {ImageChanges, ImageRecord} from '../../../registry/registry.js'
import type {Operation} from './patch.js'

/**
 * Applies an operation to the locations of an image.
 * @param facts bytes at the URLs in the request, and the algorithm of the service
 * @param areShown the service exposes locations
 * @throws HttpError 403 unless it does, ServiceError when the operation is not possible
 */
export function editLocations(
  operation: Operation,
  image: ImageRecord,
  facts: LocationFacts,
  areShown: boolean,
): ImageChanges {
  const {op, position = '-'} = operation
  const given = toLocations(operation)
  if (op === 'replace' && given.length === 0) return setLocations(image, [], facts)
  if (!areShown) {
    const action = op === 'replace' ? 'update' : op
    throw new HttpError(403, {
      explanation: `It's not allowed to ${action} locations if locations are invisible.`,
    })
  }
  if (op === 'remove') return removeLocation(image, position)
  return op === 'replace' ? setLocations(image, given, facts) : addLocation(image, given[0]!, position, facts)
}

/** The URLs that the operations add, for `Images.change`, which asks their servers for the size. */
export function findSources(operations: readonly Operation[]): Sources {
  const locations = operations.filter(({name}) => name === 'locations').flatMap(toLocations)
  return new Map(locations.map(({url}) => [url, undefined]))
}

function toLocations({op, value}: Operation): readonly LocationInput[] {
  return op === 'remove' ? [] : [value].flat().map(one => parseLocation(one as object))
}

/** Parses a location. @param value an object that matches the schema */
function parseLocation(value: object): LocationInput {
  const {
    url,
    metadata,
    validation_data: validation = {},
  } = value as {
    readonly url: string
    readonly metadata: Readonly<Record<string, unknown>>
    readonly validation_data?: Readonly<Record<string, string>>
  }
  const {checksum, os_hash_algo: hashAlgo, os_hash_value: hashValue} = validation
  return {
    url,
    metadata,
    ...(checksum === undefined ? {} : {checksum}),
    ...(hashAlgo === undefined ? {} : {hashAlgo}),
    ...(hashValue === undefined ? {} : {hashValue}),
  }
}
