/** Waits until the service has finished with the data of an image, or has noticed that an upload broke off. */
import type {Image} from '../../model/image.js'
import {type PollOptions, poll} from './poll.js'

/** Statuses of an image whose data is being stored. */
const TRANSIENT_STATUSES = ['saving', 'importing', 'uploading']

/** True while the service is still storing the data of the image. */
export function isInProgress({status}: Image): boolean {
  return TRANSIENT_STATUSES.includes(status)
}

/**
 * Polls an image.
 * @param look reads the image
 * @returns the image once its status is final; undefined when that does not happen in time
 * @throws Failure if it cannot be read
 */
export function waitUntilSettled(
  look: () => Promise<Image>,
  options: PollOptions,
): Promise<Image | undefined> {
  return poll(async () => {
    const image = await look()
    return isInProgress(image) ? undefined : image
  }, options)
}
