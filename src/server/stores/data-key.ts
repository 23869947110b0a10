/** Keys of stored data: each upload has one of its own, so that what a failed one left never blocks the next. */
import {randomBytes} from 'node:crypto'

/** An image id, and the unique part, which earlier releases did not have. */
const DATA_KEY = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.[0-9a-f]{16})?$/i
const UNIQUE_PART = /\.[0-9a-f]{16}$/

/** A new key for data of the image. */
export function createDataKey(imageId: string): string {
  return `${imageId}.${randomBytes(8).toString('hex')}`
}

/** The key of the data at a location. */
export function keyFromLocation(location: string): string {
  return decodeURIComponent(location.slice(location.lastIndexOf('/') + 1))
}

/** True for a location on a web server, which is in no store that the service writes. */
export function isWebLocation(location: string): boolean {
  return /^https?:/i.test(location)
}

/** The image of the data. Earlier releases used its id as the key. */
export function imageIdFromKey(key: string): string {
  return key.replace(UNIQUE_PART, '')
}

/** True for a key as images have them, unlike the names of other things in the same place. */
export function isDataKey(key: string): boolean {
  return DATA_KEY.test(key)
}
