/** Paths of version 1 of the API. Each throws a Failure of kind `usage` for an id that no path can hold. */
import {usageError} from '../../model/errors.js'
import type {ListQuery} from '../../model/list-query.js'
import {encodePathSegment} from '../path-segment.js'
import {filterParameters} from './filters.js'

export const IMAGES = '/v1/images'

export function imagePath(id: string): string {
  return `${IMAGES}/${encodePathSegment(id)}`
}

export function membersPath(imageId: string): string {
  return `${imagePath(imageId)}/members`
}

export function memberPath(imageId: string, memberId: string): string {
  return `${membersPath(imageId)}/${encodePathSegment(memberId)}`
}

export function sharedImagesPath(memberId: string): string {
  return `/v1/shared-images/${encodePathSegment(memberId)}`
}

/**
 * A list with its filters, order and page (wire/v1.md#d). Property names are folded as servers fold them.
 * Limits of times are left to the caller.
 * @throws Failure of kind `usage` for a filter that the server would not apply, and for several sort keys
 */
export function listPath(base: string, query: ListQuery): string {
  const parameters = new URLSearchParams(filterParameters(query))
  for (const [name, value] of Object.entries(query.properties ?? {})) {
    parameters.set(`property-${foldName(name)}`, value)
  }
  const {limit, marker, sort: [order, ...others] = []} = query
  if (others.length > 0) throw severalKeysError()
  const rest = {limit: limit?.toString(), marker, sort_key: order?.key, sort_dir: order?.direction}
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) parameters.set(name, value)
  return parameters.size === 0 ? base : `${base}?${parameters}`
}

function severalKeysError(): Error {
  return usageError('cannot sort by several keys', {
    why: 'only v2 of the Image API sorts by more than one',
    advice: 'Sort by one key; images that are equal in it are sorted by the time of their creation.',
  })
}

/**
 * The name of a property as servers store it: HTTP headers ignore case, and '-' and '_' are the same (wire/v1.md#l22,
 * #l23, #l24, #l25).
 */
export function foldName(name: string): string {
  return name.toLowerCase().replaceAll('-', '_')
}

/**
 * True if the server always removes properties that an update does not name. Only 2011.3 does (wire/v1.md#p59), and
 * only its ids are numbers: later servers accept only UUIDs. There the properties are read first and sent back.
 */
export function alwaysPurges(id: string): boolean {
  return /^\d{1,19}$/.test(id)
}
