/** What a change of an image is in version 2 of the API: the operations of one PATCH. */
import type {Draft} from '../../model/draft.js'
import {usageError} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import {checkProperties, toAttributes, V2_FIELDS} from './documents.js'

/** Operations by `op`, `path` and `value`. Others than 2.0 and 2.1 are refused (415). */
export const PATCH_TYPE = 'application/openstack-images-v2.1-json-patch'

export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove'
  readonly path: string
  readonly value?: unknown
}

/**
 * What must be done to make the image what the draft says; nothing when it is that already. One refused operation
 * fails them all, so none is in it that changes nothing.
 * @param purge remove the custom properties that the draft does not name
 */
export function buildPatch(image: Image, draft: Draft, purge: boolean): PatchOperation[] {
  checkProperties(draft)
  const {properties} = image
  const fields = toAttributes(draft).filter(([name, value]) => !isEqual(readField(image, name), value))
  const idGiven = fields.find(([name]) => name === 'id')
  if (idGiven) throw usageError(`the id of image ${image.id} cannot be changed`)
  const named = Object.entries(draft.properties)
  const changed = named.filter(
    ([name, value]) => !Object.hasOwn(properties, name) || properties[name] !== value,
  )
  const surplus = Object.keys(properties).filter(name => purge && !Object.hasOwn(draft.properties, name))
  return [
    ...fields.map(([name, value]): PatchOperation => ({op: 'replace', path: toPointer(name), value})),
    ...changed.map(([name, value]): PatchOperation => ({op: 'add', path: toPointer(name), value})),
    ...surplus.map((name): PatchOperation => ({op: 'remove', path: toPointer(name)})),
  ]
}

function readField(image: Image, name: string): unknown {
  const field = V2_FIELDS.find(field => field.name === name)
  return field && image[field.attribute]
}

/** Tags have no order. */
function isEqual(current: unknown, wanted: unknown): boolean {
  if (!Array.isArray(current) || !Array.isArray(wanted)) return current === wanted
  return current.length === wanted.length && wanted.every(word => current.includes(word))
}

/** RFC 6901. */
function toPointer(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
