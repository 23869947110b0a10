/** What the operations of a PATCH make of an image. */
import type {Caller} from '../../images/policy.js'
import {Refused} from '../../images/refusals.js'
import type {ImageChanges, ImageRecord} from '../../registry/registry.js'
import {changeOf, isSettable} from './fields.js'
import type {ChangeLocations} from './locations.js'
import {isBase, type Operation} from './patch.js'

/**
 * The changes that the operations come to, one behind the other.
 * @throws Refused for the first that cannot be done, so that none is
 */
export async function changesBy(
  operations: readonly Operation[],
  image: ImageRecord,
  caller: Caller,
  changeLocations: ChangeLocations,
): Promise<ImageChanges> {
  let changes: ImageChanges = {}
  const properties = new Map(Object.entries(image.properties))
  for (const operation of operations) {
    const {name} = operation
    if (name === 'locations') {
      changes = {...changes, ...(await changeLocations(operation, {...image, ...changes}))}
    } else if (isBase(name)) changes = {...changes, ...attributeChange(operation, image, caller)}
    else changeProperty(properties, operation)
  }
  const touched = operations.some(({name}) => !isBase(name))
  return touched ? {...changes, properties: Object.fromEntries(properties)} : changes
}

function attributeChange(operation: Operation, image: ImageRecord, caller: Caller): ImageChanges {
  const {op, name, value, onlyNew} = operation
  if (op === 'remove') throw new Refused('denied', `Property ${name} may not be removed.`)
  if (onlyNew) throw new Refused('no-such-property', `Property ${name} already present.`)
  if (name === 'owner' && !caller.isAdmin) {
    throw new Refused('denied', "Owner can't be updated by non admin.")
  }
  if (['disk_format', 'container_format'].includes(name) && !['queued', 'importing'].includes(image.status)) {
    throw new Refused('forbidden', `Attribute ${name} can be only replaced for a queued image.`)
  }
  if (!isSettable(name)) throw new Refused('forbidden', `Attribute '${name}' is read-only.`)
  return changeOf(name, value)
}

function changeProperty(properties: Map<string, string | null>, operation: Operation): void {
  const {op, name, value, onlyNew} = operation
  const isThere = properties.has(name)
  if (op !== 'add' && !isThere) {
    throw new Refused('no-such-property', `Property ${name} does not exist.`)
  }
  if (onlyNew && isThere) throw new Refused('no-such-property', `Property ${name} already present.`)
  if (op === 'remove') properties.delete(name)
  else properties.set(name, value as string | null)
}
