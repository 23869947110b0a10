/** An id as one segment of a path. */
import {usageError} from '../model/errors.js'

/**
 * Escapes an id.
 * @throws Failure of kind usage for an empty id, and for `.` and `..`: even escaped, they would change the path of a
 * URL
 */
export function encodePathSegment(id: string): string {
  if (!/^\.{0,2}$/.test(id)) return encodeURIComponent(id)
  throw usageError(`invalid id '${id}'`)
}
