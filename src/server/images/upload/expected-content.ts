/** What callers announce about the data that they send, and what an image has in the end. */
import type {StoredData} from '../../stores/store.js'
import {ServiceError} from '../errors.js'

/** Announced size and checksum that the data must have; absent ones are not checked. */
export interface ExpectedContent {
  /** Bytes. */
  readonly size?: number
  /** MD5 in hexadecimal. */
  readonly checksum?: string
}

/** Compares stored data with the announcement (wire/v1.md#f5, #f6, #f7, #f8, #f12, #f13). @throws ServiceError `content-mismatch` */
export function verify(expected: ExpectedContent, stored: StoredData): void {
  for (const attribute of ['size', 'checksum'] as const) {
    const value = expected[attribute]
    if (value === undefined || value === stored[attribute]) continue
    throw new ServiceError('content-mismatch', {attribute, expected: value, actual: stored[attribute]})
  }
}
