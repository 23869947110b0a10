/** What is known beforehand of the failures of a list. */
import type {FailureHints} from '../http/expect.js'

/** Every Image service has a list of images, so that a 404 tells of the address. */
export const LISTING: FailureHints = {
  what: 'cannot list the images',
  kinds: {404: 'failed'},
  advice: {404: 'Is this the address of an Image service?'},
}
