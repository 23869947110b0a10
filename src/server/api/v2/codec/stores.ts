/** The stores of the service as API v2 names them. */
import {HttpError} from '../../../http/http-error.js'

/** The one that keeps data, and the one that is only read. */
const STORES = [
  {id: 'file', description: 'a folder of the service', default: 'true'},
  {id: 'http', description: 'web servers of others', 'read-only': 'true'},
] as const

const DEFAULT_STORE = 'file'

/** As `GET /v2/info/stores` tells them. */
export function storeViews(): readonly object[] {
  return STORES
}

/** With what only an administrator is told. */
export function storeDetails(): readonly object[] {
  return STORES.map(store => ({...store, type: store.id, properties: {}}))
}

/** Names of all, for the answer to a new image. */
export const STORE_NAMES = STORES.map(({id}) => id).join(',')

/** The store that understands that location. */
export function storeForUrl(url: string): string {
  return /^https?:/i.test(url) ? 'http' : DEFAULT_STORE
}

/** @throws HttpError 400 for an unknown store, 410 for the one that is only read (wire/glance-25.md#upload) */
export function requireWritable(name: string | undefined): void {
  if (name === undefined || name === DEFAULT_STORE) return
  if (!isStore(name)) throw new HttpError(400, {explanation: `Store for identifier ${name} not found`})
  throw new HttpError(410, {
    explanation: 'Error in store configuration. Adding images to store is disabled.',
  })
}

export function isStore(name: string): boolean {
  return STORES.some(({id}) => id === name)
}
