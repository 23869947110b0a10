/** Checks the status of an image whose data the service has accepted. */
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'

const REASONS: Readonly<Record<string, string>> = {
  queued: 'the service accepted it, and the image is still queued without data',
  killed: 'the service accepted it, and then failed to store it: the image is killed',
  deleted: 'the image was deleted in the meantime',
  pending_delete: 'the image was deleted in the meantime',
}

/**
 * @param isEmpty no byte was sent: old servers leave that image queued
 * @throws Failure of kind `unverified` if the image does not have the data
 */
export function assertHasData({id, status}: Image, isEmpty: boolean): void {
  const why = isEmpty && status === 'queued' ? undefined : REASONS[status]
  if (why !== undefined) throw new Failure('unverified', `the data of image ${id} was not stored`, {why})
}

/** The service is still busy with the data of an image, which is not deleted. */
export function inProgressError(id: string, why: string, cause?: unknown): Failure {
  return new Failure('unavailable', `it is not known whether the data of image ${id} was stored`, {
    why,
    advice: `The image is kept. Look at it later with: glance show ${id}`,
    code: 'in-progress',
    cause,
  })
}
