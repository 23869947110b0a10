/** The progress of imports and copies, which properties of the image show to clients (wire/glance-25.md#import). */
import type {ImageChanges, ImageRecord} from '../registry/registry.js'
import type {StoreSet, WritableStore} from '../stores/set/store-set.js'
import {withoutTask} from './tasks.js'

/** Stores that are yet to be filled. */
export const PENDING_STORES = 'os_glance_importing_to_stores'
/** Stores that could not be filled. */
export const FAILED_STORES = 'os_glance_failed_import'

/** The names in a property. */
export function readNames(value: string | null | undefined): readonly string[] {
  return (value ?? '').split(',').filter(name => name !== '')
}

/** The properties of an image, whose stores are pending no more. */
export function withoutPending(
  {properties}: ImageRecord,
  ...stores: readonly WritableStore[]
): ImageRecord['properties'] {
  const done = new Set(stores.map(({name}) => name))
  const pending = readNames(properties[PENDING_STORES]).filter(name => !done.has(name))
  return {...properties, [PENDING_STORES]: pending.join(',')}
}

/** Those of the stores that do not have the data of the image. */
export function selectMissing(
  set: StoreSet,
  {locations}: ImageRecord,
  stores: readonly WritableStore[],
): readonly WritableStore[] {
  const names = new Set(locations.map(({url}) => set.findName(url)))
  return stores.filter(({name}) => !names.has(name))
}

/** Ends the progress of an import that succeeded. */
export function endWell(image: ImageRecord): ImageChanges {
  const {[FAILED_STORES]: failed} = image.properties
  return withoutTask(image, {[PENDING_STORES]: '', [FAILED_STORES]: failed ?? ''})
}

/** Ends the progress of an import that failed. Stores that no attempt names have failed too, if none does. */
export function endBadly(image: ImageRecord): ImageChanges {
  const {[FAILED_STORES]: failed, [PENDING_STORES]: pending} = image.properties
  return withoutTask(image, {[PENDING_STORES]: '', [FAILED_STORES]: failed || pending || ''})
}
