/** The stores of the service in API v2. */
import type {FastifyRequest} from 'fastify'
import {HttpError} from '../../../http/http-error.js'
import type {JsonObject} from '../../../http/json-body.js'
import type {StoreEntry, StoreSet, WritableStore} from '../../../stores/set/store-set.js'

/** The stores in `GET /v2/info/stores`. */
export function storeViews(stores: StoreSet): readonly JsonObject[] {
  return stores.entries.map(entry => toView(entry, stores))
}

/** The stores with the details that only administrators see. */
export function storeDetails(stores: StoreSet): readonly JsonObject[] {
  return stores.entries.map(entry => {
    const {kind, properties} = entry
    return {...toView(entry, stores), type: kind, properties}
  })
}

function toView({name, description, store}: StoreEntry, stores: StoreSet): JsonObject {
  return {
    id: name,
    ...(description === undefined ? {} : {description}),
    ...(name === stores.default.name ? {default: 'true'} : {}),
    ...(store === undefined ? {'read-only': 'true'} : {}),
  }
}

/** The store that a request names in its header; `X-Openstack-Image-Store-Id` is a name that some clients use. */
export function parseStoreHeader({headers}: FastifyRequest): string | undefined {
  const store = headers['x-image-meta-store'] ?? headers['x-openstack-image-store-id']
  return store === undefined ? undefined : String(store)
}

/**
 * The store that a client names for an upload.
 * @throws HttpError 400 for an unknown store, 410 for a read-only one (wire/glance-25.md#upload)
 */
export function requireWritable(stores: StoreSet, name: string | undefined): WritableStore | undefined {
  if (name === undefined) return undefined
  if (stores.find(name) === undefined) throw new HttpError(400, {explanation: describeUnknown(name)})
  const found = stores.writable.find(store => store.name === name)
  if (found) return found
  throw new HttpError(410, {
    explanation: 'Error in store configuration. Adding images to store is disabled.',
  })
}

/** The text for a name that no store has. */
export function describeUnknown(name: string): string {
  return `Store for identifier ${name} not found`
}
