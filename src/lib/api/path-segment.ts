/** An id as one segment of a path. */
import {usageError} from '../model/errors.js'

/** Half of a surrogate pair, which has no bytes in UTF-8. */
const HALF_CHARACTER = /\p{Cs}/u

/** An id of the service in a URI that is shown; half characters become U+FFFD. */
export function encodeShownId(id: string): string {
  return encodeURIComponent(Buffer.from(id).toString())
}

/**
 * @throws Failure of kind usage for what no path can hold as a segment: nothing, and the dots that a URL, even escaped,
 * takes for "this folder" and "the folder above", so that the request would go elsewhere
 */
export function encodePathSegment(id: string): string {
  if (!/^\.{0,2}$/.test(id) && !HALF_CHARACTER.test(id)) return encodeURIComponent(id)
  throw usageError(`'${id}' cannot be the id of anything`)
}
