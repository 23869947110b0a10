/** Parses which stores an import of API v2 fills. */
import {badRequest, HttpError} from '../../../http/http-error.js'
import type {StoreSet, WritableStore} from '../../../stores/set/store-set.js'
import {getOwnProperty} from './body.js'
import {describeUnknown} from './stores.js'

/** The stores that an import names. */
export interface ImportTargets {
  readonly stores: readonly WritableStore[]
  /** The request means all stores, without naming them. */
  readonly isAll: boolean
  readonly allMustSucceed: boolean
}

/**
 * The stores in the body of an import, or in its header.
 * @param header name of a store
 * @throws HttpError 400 for values of the wrong kind, and for stores that are given twice; 409 for an unknown or read-only
 *   store, unlike for an upload (wire/glance-25.md#import, #copies-between-stores)
 */
export function parseTargets(body: object, header: string | undefined, stores: StoreSet): ImportTargets {
  const names = parseNames(getOwnProperty(body, 'stores'))
  const isAll = parseFlag(body, 'all_stores') ?? false
  const allMustSucceed = parseFlag(body, 'all_stores_must_succeed') ?? true
  if (isAll && (names ?? header) !== undefined) {
    throw badRequest("All_stores parameter can't be used with x-image-meta-store header or stores parameter")
  }
  if (isAll) return {stores: stores.writable, isAll, allMustSucceed}
  if (names !== undefined && header !== undefined) {
    throw badRequest("Stores parameter and x-image-meta-store header can't be both specified")
  }
  const given = names ?? (header === undefined ? [] : [header])
  const found = [...new Set(given)].map(name => requireStore(name, stores))
  return {stores: found.length === 0 ? [stores.default] : found, isAll, allMustSucceed}
}

function parseNames(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined
  if (Array.isArray(value) && value.every(name => typeof name === 'string')) return value
  throw badRequest('Stores must be a list of names.')
}

function parseFlag(body: object, name: string): boolean | undefined {
  const value = getOwnProperty(body, name)
  if (value === undefined || typeof value === 'boolean') return value
  throw badRequest(`'${name}' must be boolean value only`)
}

function requireStore(name: string, stores: StoreSet): WritableStore {
  const store = stores.writable.find(one => one.name === name)
  if (store) return store
  const isKnown = stores.find(name) !== undefined
  throw new HttpError(409, {
    explanation: isKnown ? `Store ${name} takes no data` : describeUnknown(name),
  })
}
