/** Paths of version 2 of the API. Each throws a Failure of kind `usage` for an id that no path can hold. */
import {encodePathSegment} from '../path-segment.js'

export const IMAGES = '/v2/images'
export const IMPORT_INFO = '/v2/info/import'
export const STORES_INFO = '/v2/info/stores'
export const STORES_DETAIL = '/v2/info/stores/detail'
export const USAGE_INFO = '/v2/info/usage'

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

export function stagePath(id: string): string {
  return `${imagePath(id)}/stage`
}

export function actionPath(id: string, action: 'deactivate' | 'reactivate'): string {
  return `${imagePath(id)}/actions/${action}`
}

export function taskPath(id: string): string {
  return `/v2/tasks/${encodePathSegment(id)}`
}

/** The data of an image in one store. */
export function storedImagePath(store: string, imageId: string): string {
  return `/v2/stores/${encodePathSegment(store)}/${imagePath(imageId).slice(IMAGES.length + 1)}`
}
