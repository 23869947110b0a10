/** The stores of a service with one store. */
import {StoreSet} from '../../src/server/stores/set/store-set.js'
import type {Store} from '../../src/server/stores/store.js'

/** The set of a store that is called `file`, and of the one for web servers. @param folder for the health check */
export function toStoreSet(store: Store, folder = '/nowhere'): StoreSet {
  const web = {name: 'http', kind: 'http', properties: {}} as const
  return new StoreSet([{name: 'file', kind: 'file', properties: {data_dir: folder}, store}, web], 'file')
}
