/** Paths of version 2 of the API. Each throws a Failure of kind `usage` for an id that no path can hold. */
import {encodePathSegment} from '../path-segment.js'

export const IMAGES = '/v2/images'
export const IMPORT_INFO = '/v2/info/import'
export const STORES_INFO = '/v2/info/stores'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Servers store ids in lower case, and find them only by that. */
export function imagePath(id: string): string {
  return `${IMAGES}/${encodePathSegment(UUID.test(id) ? id.toLowerCase() : id)}`
}

export function filePath(id: string): string {
  return `${imagePath(id)}/file`
}

export function importPath(id: string): string {
  return `${imagePath(id)}/import`
}

export function tasksPath(id: string): string {
  return `${imagePath(id)}/tasks`
}

export function locationsPath(id: string): string {
  return `${imagePath(id)}/locations`
}

export function membersPath(imageId: string): string {
  return `${imagePath(imageId)}/members`
}

export function memberPath(imageId: string, memberId: string): string {
  return `${membersPath(imageId)}/${encodePathSegment(memberId)}`
}
