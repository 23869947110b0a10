/** The attributes of an image in API v2 that clients may set, and those that they may not. */

import {GENERATED, isOwnProperty} from '../../../images/rules.js'
import {COLUMN_LIST, columnsWith} from '../../../registry/columns.js'
import type {ImageChanges} from '../../../registry/registry.js'

/** Attributes of a record by the names that clients set them by. */
const SETTABLE: ReadonlyMap<string, string> = new Map([
  ...COLUMN_LIST.filter(({v2}) => v2 === 'read-write').map(({name, attribute}) => [name, attribute] as const),
  ['tags', 'tags'],
])

/** Attributes that only the service sets. */
export const READ_ONLY: ReadonlySet<string> = new Set([...columnsWith({v2: 'read-only'}), ...GENERATED])

/** Attributes that clients cannot change. A change of `stores` sets a property of that name, as in the real service. */
export const READ_ONLY_AFTER_CREATE: ReadonlySet<string> = new Set([
  ...[...READ_ONLY].filter(name => name !== 'stores'),
  ...columnsWith({v2: 'on-create'}),
])

/** True for names that custom properties may not have because the service uses them. */
export function isReserved(name: string): boolean {
  return ['location', 'deleted', 'deleted_at'].includes(name) || isOwnProperty(name)
}

/** True for names that clients may set at any time. */
export function isSettable(name: string): boolean {
  return SETTABLE.has(name)
}

/**
 * One attribute as a change of the record.
 * @param name one that is settable
 * @param value valid by the schema
 */
export function toChange(name: string, value: unknown): ImageChanges {
  return {[SETTABLE.get(name) ?? name]: value}
}
