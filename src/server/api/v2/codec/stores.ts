/** The stores of the service in API v2. */
import {HttpError} from '../../../http/http-error.js'

/** The store for uploads, and the read-only store. */
const STORES = [
  {id: 'file', description: 'a folder of the service', default: 'true'},
  {id: 'http', description: 'web servers of others', 'read-only': 'true'},
] as const

const DEFAULT_STORE = 'file'

/** The stores in `GET /v2/info/stores`. */
export function storeViews(): readonly object[] {
  return STORES
}

/** The stores with the details that only administrators see. */
export function storeDetails(): readonly object[] {
  return STORES.map(store => ({...store, type: store.id, properties: {}}))
}

/** Names of all stores, for the response to a new image. */
export const STORE_NAMES = STORES.map(({id}) => id).join(',')

/** The store that can read that URL. */
export function storeForUrl(url: string): string {
  return /^https?:/i.test(url) ? 'http' : DEFAULT_STORE
}

/**
 * Checks the store that a client names for an upload.
 * @throws HttpError 400 for an unknown store, 410 for the read-only one (wire/glance-25.md#upload)
 */
export function requireWritable(name: string | undefined): void {
  if (name === undefined || name === DEFAULT_STORE) return
  if (!isStore(name)) throw new HttpError(400, {explanation: `Store for identifier ${name} not found`})
  throw new HttpError(410, {
    explanation: 'Error in store configuration. Adding images to store is disabled.',
  })
}

/** True for the name of a store of this service. */
export function isStore(name: string): boolean {
  return STORES.some(({id}) => id === name)
}
