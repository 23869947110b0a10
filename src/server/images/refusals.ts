/** Refusals: why the service did not do what was asked, in words that every API version can carry. */

/** The reasons, each with the meaning of its message; the API versions decide on status and shape. */
export type Reason =
  | 'no-such-image'
  | 'deleted-image'
  | 'image-gone'
  | 'not-active'
  | 'no-data'
  | 'no-foreign-data'
  | 'no-such-member'
  | 'may-not-share'
  | 'bad-membership'
  | 'bad-marker'
  | 'bad-id'
  | 'duplicate-id'
  | 'bad-value'
  | 'out-of-range'
  | 'too-many-properties'
  | 'immutable'
  | 'update-of-deleted'
  | 'protected'
  | 'not-queued'
  | 'bad-content-type'
  | 'size-conflict'
  | 'mismatch'
  | 'broken-upload'
  | 'deleted-meanwhile'
  | 'forbidden'
  | 'denied'
  | 'conflict'
  | 'no-such-property'
  | 'no-such-tag'
  | 'store-read-only'
  | 'unsupported-content'
  | 'storage-full'
  | 'source-forbidden'
  | 'source-closed'
  | 'source-unavailable'
  | 'shutting-down'

/** Thrown by every use case that refuses; anything else that is thrown is a defect. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly reason: Reason

  constructor(reason: Reason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : {cause})
    this.reason = reason
  }
}

/** No image of that id was ever there (v1-wire E9). */
export function noSuchImage(id: string): Refused {
  return new Refused('no-such-image', `Image with identifier ${id} not found`)
}

/** The upload stopped before its end (v1-wire J3). */
export function brokenUpload(cause?: unknown): Refused {
  return new Refused('broken-upload', 'Client disconnected before sending all data to backend', cause)
}

/** The service ends before the upload does. */
export function shuttingDown(): Refused {
  return new Refused('shutting-down', 'The service is shutting down; the upload was not finished.')
}

/** Somebody deleted the image while its data was arriving (v1-wire J23). */
export function deletedMeanwhile(id: string): Refused {
  return new Refused(
    'deleted-meanwhile',
    `Image ${id} could not be found after upload. The image may have been deleted during the upload.`,
  )
}
