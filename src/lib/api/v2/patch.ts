/** Builds the PATCH of an image in version 2 of the API. */
import type {Draft} from '../../model/draft.js'
import {usageError} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import {FeatureLevel} from '../feature-level.js'
import {checkProperties, toAttributes, V2_FIELDS} from './documents.js'

/** Media type of operations with `op`, `path` and `value`. Servers reject types other than 2.0 and 2.1 (415). */
export const PATCH_TYPE = 'application/openstack-images-v2.1-json-patch'

/** An operation of JSON Patch (RFC 6902). */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove'
  readonly path: string
  readonly value?: unknown
}

/** Options of `buildPatch`. */
export interface PatchOptions {
  /** Remove the custom properties that the draft does not name. */
  readonly purge: boolean
  /** Names of custom properties to remove in any case. */
  readonly unset?: readonly string[] | undefined
  /** Features of the service. Default: all. */
  readonly level?: FeatureLevel
}

/**
 * The operations that make the image match the draft. One rejected operation fails the whole patch, so operations
 * without effect are left out.
 * @throws Failure of kind `usage` for another id, and for a reserved property name
 */
export function buildPatch(
  image: Image,
  draft: Draft,
  {purge, unset = [], level = new FeatureLevel()}: PatchOptions,
): PatchOperation[] {
  checkProperties(draft)
  const {properties} = image
  const fields = toAttributes(draft, level).filter(([name, value]) => !isEqual(readField(image, name), value))
  const idGiven = fields.find(([name]) => name === 'id')
  if (idGiven) throw usageError(`cannot change the id of image ${image.id}`)
  const named = Object.entries(draft.properties)
  const changed = named.filter(
    ([name, value]) => !Object.hasOwn(properties, name) || properties[name] !== value,
  )
  const surplus = Object.keys(properties).filter(
    name => (purge || unset.includes(name)) && !Object.hasOwn(draft.properties, name),
  )
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

/** The JSON Pointer of an attribute (RFC 6901). */
function toPointer(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
