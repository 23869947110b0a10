/** Polls an image until the service has noticed that an upload broke off. */
import {sleep} from '../../http/retry/sleep.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'

/** Milliseconds before the second request. */
const INITIAL_DELAY = 200

/** Milliseconds after which the wait ends. */
const TIMEOUT = 30_000

const TRANSIENT_STATUSES = ['saving', 'importing', 'uploading']

/**
 * Polls an image.
 * @param look reads the image
 * @param signal ends the wait; its reason is thrown
 * @param isPatient continue while the service is unavailable
 * @returns the image once its status is final; undefined when that does not happen in time, or it cannot be read
 */
export async function waitUntilSettled(
  look: () => Promise<Image>,
  signal: AbortSignal | undefined,
  isPatient = true,
): Promise<Image | undefined> {
  const deadline = performance.now() + TIMEOUT
  for (let delay = INITIAL_DELAY; performance.now() < deadline; delay *= 1.5) {
    const image = await tryLook(look, signal)
    if (image === 'unreadable' || (image === 'unavailable' && !isPatient)) return undefined
    if (image !== 'unavailable' && !TRANSIENT_STATUSES.includes(image.status)) return image
    await sleep(delay, signal)
  }
  return undefined
}

async function tryLook(
  look: () => Promise<Image>,
  signal: AbortSignal | undefined,
): Promise<Image | 'unavailable' | 'unreadable'> {
  try {
    return await look()
  } catch (error) {
    signal?.throwIfAborted()
    return error instanceof Failure && error.kind === 'unavailable' ? 'unavailable' : 'unreadable'
  }
}
