/** An id as one segment of a path. */
import {usageError} from '../model/errors.js'

/** Half of a surrogate pair, which has no bytes in UTF-8. */
const HALF_CHARACTER = /\p{Cs}/u

/** An id of the service in a URI that is shown; half characters become U+FFFD. */
export function encodeShownId(id: string): string {
  if (/^[\w-]+$/.test(id)) return id
  return encodeURIComponent(Buffer.from(id).toString())
}

/**
 * Escapes an id.
 * @throws Failure of kind usage for an empty id, for half a character, and for `.` and `..`: even escaped, they would
 * change the path of a URL
 */
export function encodePathSegment(id: string): string {
  if (!/^\.{0,2}$/.test(id) && !HALF_CHARACTER.test(id)) return encodeURIComponent(id)
  throw usageError(`invalid id '${id}'`)
}
