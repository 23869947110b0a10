/** What a change of an image is in version 2 of the API: the operations of one PATCH. */
import type {Draft} from '../../model/draft.js'
import {usageError} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import {attributesOf, checkProperties, V2_FIELDS} from './bodies.js'

/** Operations by `op`, `path` and `value`. Others than 2.0 and 2.1 are refused (415). */
export const PATCH_TYPE = 'application/openstack-images-v2.1-json-patch'

export interface Operation {
  readonly op: 'add' | 'replace' | 'remove'
  readonly path: string
  readonly value?: unknown
}

/**
 * What must be done to make the image what the draft says; nothing when it is that already. One refused operation
 * fails them all, so none is in it that changes nothing.
 * @param purge remove the custom properties that the draft does not name
 */
export function patchOf(image: Image, draft: Draft, purge: boolean): Operation[] {
  checkProperties(draft)
  const {properties} = image
  const fields = attributesOf(draft).filter(([name, value]) => !isSame(fieldOf(image, name), value))
  const idGiven = fields.find(([name]) => name === 'id')
  if (idGiven) throw usageError(`the id of image ${image.id} cannot be changed`)
  const named = Object.entries(draft.properties)
  const set = named.filter(([name, value]) => !Object.hasOwn(properties, name) || properties[name] !== value)
  const surplus = Object.keys(properties).filter(name => purge && !Object.hasOwn(draft.properties, name))
  return [
    ...fields.map(([name, value]): Operation => ({op: 'replace', path: pointer(name), value})),
    ...set.map(([name, value]): Operation => ({op: 'add', path: pointer(name), value})),
    ...surplus.map((name): Operation => ({op: 'remove', path: pointer(name)})),
  ]
}

function fieldOf(image: Image, name: string): unknown {
  const field = V2_FIELDS.find(field => field.name === name)
  return field && image[field.attribute]
}

/** Tags have no order. */
function isSame(current: unknown, wanted: unknown): boolean {
  if (!Array.isArray(current) || !Array.isArray(wanted)) return current === wanted
  return current.length === wanted.length && wanted.every(word => current.includes(word))
}

/** RFC 6901. */
function pointer(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
