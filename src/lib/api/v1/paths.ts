/** Where things are in version 1 of the API: pure functions from ids to paths. */
import type {ListQuery} from '../../model/image.js'
import {encodePathSegment} from '../path-segment.js'

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

/** A list with its filters, order and page (wire/v1.md#d). Property names are folded as servers fold them. */
export function listPath(base: string, {filters, limit, marker, sortKey, sortDir}: ListQuery): string {
  const query = new URLSearchParams(filters?.fields)
  for (const [name, value] of Object.entries(filters?.properties ?? {})) {
    query.set(`property-${foldName(name)}`, value)
  }
  const rest = {limit: limit?.toString(), marker, sort_key: sortKey, sort_dir: sortDir}
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) query.set(name, value)
  return query.size === 0 ? base : `${base}?${query}`
}

/**
 * As servers store the name of a property: HTTP headers know no case, and '-' and '_' are one (wire/v1.md#l22, #l23,
 * #l24, #l25).
 */
export function foldName(name: string): string {
  return name.toLowerCase().replaceAll('-', '_')
}
