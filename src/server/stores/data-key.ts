/** Keys of stored data: each upload has one of its own, so that what a failed one left never blocks the next. */
import {randomBytes} from 'node:crypto'
import {StoreMissing} from './store.js'

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

/** An object with the key is there already, or is being stored. */
export function existsError(key: string): Error {
  return Object.assign(new Error(`EEXIST: ${key} exists already`), {code: 'EEXIST'})
}

/** The locations of a store on a server: a prefix, and the key in the form that URLs have. */
export class KeyLocations {
  readonly #prefix: string
  readonly #isValid: (key: string) => boolean

  /** @param isValid false for keys that data of the store cannot have */
  constructor(prefix: string, isValid: (key: string) => boolean) {
    this.#prefix = prefix
    this.#isValid = isValid
  }

  /** The location of a key. */
  locate(key: string): string {
    return this.#prefix + encodeURIComponent(key)
  }

  /** The key at a location; undefined for a location of another store. */
  find(location: string): string | undefined {
    if (!location.startsWith(this.#prefix)) return undefined
    const key = decode(location.slice(this.#prefix.length))
    return key !== undefined && this.#isValid(key) ? key : undefined
  }

  /** The key at a location. @throws StoreMissing for a location of another store */
  require(location: string): string {
    const key = this.find(location)
    if (key !== undefined) return key
    throw new StoreMissing(`${location} is not in this store`)
  }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
