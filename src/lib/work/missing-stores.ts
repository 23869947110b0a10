/** Decides which stores the data of an image is to be copied to. */
import type {ServiceOperations} from '../api/service-operations.js'
import type {Image} from '../model/image.js'

/** The stores of a copy. */
export interface StoresOfCopy {
  /** Those that have the data already. */
  readonly filled: readonly string[]
  readonly missing: readonly string[]
}

/** @param stores ids of stores, each taken once; all that take data if it is empty */
export async function findMissingStores(
  operations: ServiceOperations,
  image: Image,
  stores: readonly string[],
): Promise<StoresOfCopy> {
  const wanted = stores.length === 0 ? await listWritable(operations) : [...new Set(stores)]
  const missing = wanted.filter(store => !image.stores?.includes(store))
  return {filled: wanted.filter(store => !missing.includes(store)), missing}
}

async function listWritable(operations: ServiceOperations): Promise<readonly string[]> {
  const stores = await operations.stores()
  return stores.filter(({isReadOnly}) => !isReadOnly).map(({id}) => id)
}
