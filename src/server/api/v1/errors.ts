/** The responses of API v1 to errors of the service. */
import {HttpError} from '../../http/http-error.js'
import {type ErrorCode, ServiceError} from '../../images/errors.js'
import {
  addDetail,
  CONTENT_ROWS,
  classifyError,
  describeForbidden,
  describeForbiddenOperation,
  describeLimit,
  describeResponse,
  type ErrorRows,
  type ErrorTable,
  explain,
  QUOTA_ROWS,
  REGISTRY_ROWS,
  renderHeaders,
  renderRow,
} from '../error-rows.js'
import {registryError} from './registry-error.js'

/** Errors of functions that API v1 does not have. */
type NotInV1 =
  | 'tag-not-found'
  | 'wrong-status'
  | 'locations-fixed'
  | 'bad-location-position'
  | 'locations-required'
  | 'locations-exist'
  | 'not-active'
  | 'only-store'
  | 'not-in-store'
  | 'data-in-use'
  | 'in-store'
  | 'copy-mismatch'
  | 'duplicate-location'
  | 'bad-digest'
  | 'invalid-digest'
  | 'digest-mismatch'
  | 'remote-oversized'
  | 'not-shared'
  | 'no-members'
  | 'members-fixed'
  | 'duplicate-member'
  | 'not-importable'
  | 'import-interrupted'
  | 'import-given-up'
  | 'plugin-failed'
  | 'task-not-found'

const TABLE: ErrorRows = {
  'image-not-found': addDetail(404, ({id}) => `Image with identifier ${id} not found`), // wire/v1.md#e9
  'deleted-image': addDetail(404, ({id}) => `Image with identifier ${id} has been deleted.`), // wire/v1.md#i54
  'update-of-deleted': explain(403, () => 'Forbidden to update deleted image.'), // wire/v1.md#g47
  'pending-delete': explain(403, () => 'Forbidden to delete a pending_delete image.'), // as in Glance up to 17
  'image-gone': explain(404, ({id}) => `Image ${id} not found.`), // wire/v1.md#h2
  'duplicate-id': explain(409, ({id}) => `An image with identifier ${id} already exists`), // wire/v1.md#f16
  protected: explain(403, () => 'Image is protected'), // wire/v1.md#h5
  'not-owner': explain(403, () => 'You do not own this image'),
  'foreign-owner': explain(
    403,
    ({owner}) => `You are not permitted to create images owned by '${owner ?? 'None'}'.`,
  ),
  'not-permitted': explain(403, describeForbiddenOperation),
  'marker-not-found': explain(400, () => 'Invalid marker. Image could not be found.'), // wire/v1.md#d51
  'limit-exceeded': explain(413, describeLimit), // wire/v1.md#l34
  'count-out-of-range': addDetail(
    400,
    ({attribute, maximum}) => `'${attribute}' value out of range, must not exceed ${maximum}.`,
  ), // wire/v1.md#f42
  'not-queued': addDetail(409, () => 'Cannot upload to an unqueued image'), // wire/v1.md#g28
  'formats-missing': explain(
    400,
    ({formats: [first]}) => `${first === 'disk_format' ? 'Disk' : 'Container'} format is not specified.`,
  ), // wire/v1.md#f28, #f29, #f30
  'content-mismatch': explain(
    400,
    ({attribute, expected, actual}) =>
      `Supplied ${attribute} (${expected}) and ${attribute} generated from uploaded image (${actual}) ` +
      "did not match. Setting image status to 'killed'.",
  ), // wire/v1.md#f5, #f12
  ...CONTENT_ROWS,
  ...QUOTA_ROWS,
  'deleted-meanwhile': explain(
    412,
    ({id}) =>
      `Image ${id} could not be found after upload. The image may have been deleted during the upload.`,
  ), // wire/v1.md#j23
  deactivated: explain(403, ({id}) => `Image ${id} is deactivated`),
  'no-data': explain(404, ({id}) => `Image ${id} not found`), // wire/v1.md#h12
  'storage-full': explain(507, () => 'Image storage media is full: no space left.'),
  'registry-full': explain(507, () => 'The disk of the service is full: no space left for the change.'),
  ...REGISTRY_ROWS,
  'data-too-large': explain(413, () => 'The image is larger than a file of the image storage may be.'),
  'storage-unavailable': explain(503, ({reason}) => `The image storage is not available: ${reason}.`),
  'shutting-down': explain(503, () => 'The service is shutting down; the upload was not finished.'),
  // wire/v1.md#f50, #f51, #f52, #f53, #f54, #f55, #f56
  'unsupported-source': explain(400, ({url}) => `External sources are not supported: '${url}'`),
  'malformed-source': explain(400, ({url}) => `Invalid location ${url}`),
  'source-missing': explain(404, () => 'HTTP datastore could not find image at URI.'), // wire/v1.md#f57
  'source-forbidden': explain(400, describeForbidden),
  'source-unreachable': explain(400, ({reason}) => `The HTTP URL is invalid: ${reason}`), // wire/v1.md#f58
  'remote-missing': explain(404, () => 'HTTP datastore could not find image at URI.'), // wire/v1.md#e16
  'remote-forbidden': explain(403, describeForbidden),
  'remote-unreachable': explain(503, ({reason}) => `The source of the image does not answer: ${reason}`),
  'location-size-mismatch': explain(
    409,
    ({expected, actual}) =>
      'Provided image size must match the stored image size. ' +
      `(provided size: ${expected}, stored size: ${actual})`,
  ), // wire/v1.md#f59
  'protected-property': explain(403, ({name}) => `Property '${name}' is protected`),
  'may-not-share': addDetail(403, () => 'No permission to share that image'),
  'member-not-found': explain(404, () => 'Membership could not be found.'), // wire/v1.md#i39
} satisfies ErrorTable<Exclude<ErrorCode, NotInV1>>

/** Errors that the original API received from its registry service, and passed on as text. */
const FROM_REGISTRY: ReadonlySet<ErrorCode> = new Set(['marker-not-found', 'member-not-found'])

/**
 * Converts an error to a response; returns undefined for a defect.
 * @param action selects the text before an error of the original's registry
 */
export function toHttpError(error: unknown, action: 'add' | 'update' = 'update'): HttpError | undefined {
  const known = classifyError(error)
  return known instanceof ServiceError ? toResponse(known, action) : known
}

/** The text of an error for the operator. */
export function describeError(error: unknown): string {
  return describeResponse(toHttpError(error), error)
}

function toResponse<C extends ErrorCode>(
  {code, facts}: ServiceError<C>,
  action: 'add' | 'update',
): HttpError | undefined {
  const row = TABLE[code]
  if (!row) return undefined
  const text = renderRow(row, facts)
  // The registry answered 403, which the API passed on as 404 (wire/v1.md#n19).
  if (code === 'may-not-share') return registryError(text, {status: 404, was: row.status})
  if (code === 'count-out-of-range') {
    const detail = `Failed to ${action} image metadata. Got error: ${text.detail}`
    return registryError({detail}, {before: registryPrefix(action)})
  }
  return FROM_REGISTRY.has(code)
    ? registryError(text, {status: row.status})
    : new HttpError(row.status, text, renderHeaders(row))
}

/** The text before an error of the original's registry (wire/v1.md#f18, #f42). */
export function registryPrefix(action: 'add' | 'update'): string {
  return action === 'add'
    ? 'Failed to reserve image. Got error: '
    : 'Failed to update image metadata. Got error: '
}
