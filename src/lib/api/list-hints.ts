/** Hints for the failures of a list. */
import type {FailureHints} from '../http/errors/expect-status.js'

/** Every Image service has a list of images, so a 404 means a wrong address. */
export const LIST_HINTS: FailureHints = {
  what: 'cannot list the images',
  kinds: {404: 'failed'},
  advice: {404: 'Check that this is the address of an Image service.'},
}
