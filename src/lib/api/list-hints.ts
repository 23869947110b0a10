/** Explains the failures of a list. */
import type {FailureHints} from '../http/errors/expect-status.js'
import {Failure} from '../model/errors.js'

/** Every Image service has a list of images, so a 404 means a wrong address. */
export const LIST_HINTS: FailureHints = {
  what: 'cannot list the images',
  kinds: {404: 'failed'},
  advice: {404: 'Check that this is the address of an Image service.'},
}

/** How services of all versions reject a marker that is not the id of an image. */
const UNKNOWN_MARKER = /\bmarker\b|^No image found with ID/i

/** The error of a list; of kind `not-found` if the service does not know the marker. */
export function explainListError(error: unknown): unknown {
  const isUnknown = error instanceof Failure && error.status === 400 && UNKNOWN_MARKER.test(error.why ?? '')
  return isUnknown ? error.with({kind: 'not-found'}) : error
}
