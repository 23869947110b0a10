/** Applies the operations of a PATCH of API v2 to an image. */
import {HttpError} from '../../../http/http-error.js'
import {requirePermission} from '../../../images/access.js'
import type {Edit} from '../../../images/images.js'
import type {Caller} from '../../../images/policy.js'
import type {ImageChanges, ImageRecord} from '../../../registry/registry.js'
import type {HashAlgorithm} from '../../../stores/store.js'
import {editLocations} from './edit-locations.js'
import {isSettable, toChange} from './fields.js'
import {isBaseAttribute, type Operation} from './patch.js'

/** What the settings say about locations. */
export interface LocationRules {
  /** True if clients see locations and may change them. */
  readonly areShown: boolean
  /** Algorithm of the second digest of data. */
  readonly hashAlgo: HashAlgorithm
}

/**
 * The changes that the operations make, in their order. The edit throws HttpError for the first operation that is not
 * possible, so that none is applied.
 */
export function toEdit(operations: readonly Operation[], caller: Caller, locations: LocationRules): Edit {
  const {hashAlgo, areShown} = locations
  return (image, sizes) => {
    const facts = {sizes, hashAlgo}
    let changes: ImageChanges = {}
    const properties = new Map(Object.entries(image.properties))
    for (const operation of operations) {
      const {name} = operation
      if (name === 'locations') {
        requirePermission(
          caller,
          operation.op === 'remove' ? 'delete_image_location' : 'set_image_location',
          image,
        )
        changes = {...changes, ...editLocations(operation, {...image, ...changes}, facts, areShown)}
      } else if (isBaseAttribute(name)) changes = {...changes, ...changeAttribute(operation, image, caller)}
      else applyToProperties(properties, operation)
    }
    const touched = operations.some(({name}) => !isBaseAttribute(name))
    return touched ? {...changes, properties: Object.fromEntries(properties)} : changes
  }
}

function changeAttribute(operation: Operation, image: ImageRecord, caller: Caller): ImageChanges {
  const {op, name, value, onlyNew} = operation
  if (op === 'remove') throw new HttpError(403, {detail: `Property ${name} may not be removed.`})
  if (onlyNew) throw conflict(`Property ${name} already present.`)
  if (name === 'owner' && !caller.isAdmin) {
    throw new HttpError(403, {detail: "Owner can't be updated by non admin."})
  }
  if (['disk_format', 'container_format'].includes(name) && !['queued', 'importing'].includes(image.status)) {
    throw new HttpError(403, {explanation: `Attribute ${name} can be only replaced for a queued image.`})
  }
  if (!isSettable(name)) throw new HttpError(403, {explanation: `Attribute '${name}' is read-only.`})
  return toChange(name, value)
}

function applyToProperties(properties: Map<string, string | null>, operation: Operation): void {
  const {op, name, value, onlyNew} = operation
  const exists = properties.has(name)
  if (op !== 'add' && !exists) throw conflict(`Property ${name} does not exist.`)
  if (onlyNew && exists) throw conflict(`Property ${name} already present.`)
  if (op === 'remove') properties.delete(name)
  else properties.set(name, value as string | null)
}

function conflict(detail: string): HttpError {
  return new HttpError(409, {detail})
}
