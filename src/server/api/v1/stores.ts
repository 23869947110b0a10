/** The store that a request of API v1 names. */
import {badRequest, type HttpError} from '../../http/http-error.js'
import type {StoreSet, WritableStore} from '../../stores/set/store-set.js'
import type {ImageInput} from './input.js'

/** Other names of stores, as the original knows them: they are schemes of locations. */
const SCHEMES: Readonly<Record<string, string>> = {
  filesystem: 'file',
  https: 'http',
  'swift+http': 'swift',
  'swift+https': 'swift',
  's3+http': 's3',
  's3+https': 's3',
}

/**
 * The store for the data of a request; undefined for the default one.
 * @param hasData the request has data
 * @throws HttpError 400 for an unknown store (wire/v1.md#f48, #f49), and for data that would be written into a read-only one
 */
export function chooseStore(
  stores: StoreSet,
  {store: given, copyFrom}: ImageInput,
  hasData: boolean,
): WritableStore | undefined {
  if (!given) return undefined
  const name = stores.find(given) ? given : (SCHEMES[given] ?? given)
  if (stores.find(name) === undefined) throw invalidStore(given)
  const store = stores.writable.find(one => one.name === name)
  if (store === undefined && (hasData || copyFrom)) throw invalidStore(given)
  return store
}

function invalidStore(name: string): HttpError {
  return badRequest(`Required store ${name} is invalid`)
}
