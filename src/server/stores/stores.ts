/** The stores of a service, found by the location of the data. */
import type {ReadableStore} from './store.js'

/** Undefined for a location that no store understands. */
export type StoreAt = (location: string) => ReadableStore | undefined

/** Where two understand the same scheme, the first one is asked. */
export function storesByScheme(stores: readonly ReadableStore[]): StoreAt {
  return location => {
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(location)?.[1]?.toLowerCase()
    return scheme === undefined ? undefined : stores.find(({schemes}) => schemes.includes(scheme))
  }
}
