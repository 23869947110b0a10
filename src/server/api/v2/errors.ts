/** The responses of API v2 to errors of the service. */
import {HttpError} from '../../http/http-error.js'
import {type ErrorCode, type ErrorFacts, type OwnerAction, ServiceError} from '../../images/errors.js'
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

/** Errors for an image that does not exist; their text depends on the resource. */
const MISSING = [
  'image-not-found',
  'deleted-image',
  'update-of-deleted',
  'image-gone',
  'pending-delete',
] as const

/** Errors of functions that API v2 does not have. */
type NotInV2 = 'location-size-mismatch' | 'may-not-share'

const TABLE: ErrorRows = {
  'duplicate-id': explain(409, ({id}) => `Image ID ${id} already exists!`),
  protected: explain(403, ({id}) => `Image ${id} is protected and cannot be deleted.`),
  'not-owner': explain(403, ({id, action}) => NOT_OWNER[action]?.(id) ?? 'You do not own this image'),
  'foreign-owner': explain(
    403,
    ({owner}) => `You are not permitted to create images owned by '${owner ?? 'None'}'.`,
  ),
  'not-permitted': explain(403, describeForbiddenOperation),
  'marker-not-found': explain(400, ({of, marker}) => `No ${of} found with ID ${marker}`),
  'tag-not-found': {status: 404},
  'protected-property': explain(403, ({name}) => `Attribute '${name}' is reserved.`),
  'limit-exceeded': explain(413, describeLimit),
  'count-out-of-range': explain(400, ({attribute, value, maximum}) =>
    value < 0
      ? `Invalid value '${value}' for parameter '${attribute}': Cannot be a negative value`
      : `'${attribute}' value out of range, must not exceed ${maximum}.`,
  ),
  'not-queued': explain(
    409,
    ({status, to}) => `Image status transition from ${status} to ${to} is not allowed`,
  ),
  'wrong-status': explain(403, ({status, action}) => `Not allowed to ${action} image in status '${status}'`),
  'formats-missing': explain(
    400,
    ({formats}) =>
      `${formats.length === 1 ? 'Property' : 'Properties'} ${formats.join(', ')} must be set prior to saving data.`,
  ),
  'content-mismatch': explain(
    400,
    ({expected, actual}) =>
      `Size of the uploaded data (${actual}) is not what x-openstack-image-size promised (${expected}).`,
  ),
  ...CONTENT_ROWS,
  ...QUOTA_ROWS,
  'deleted-meanwhile': explain(
    410,
    ({id}) =>
      `Image ${id} could not be found after upload. The image may have been deleted during the upload.`,
  ),
  deactivated: explain(
    403,
    () => 'The requested image has been deactivated. Image data download is forbidden.',
  ),
  'no-data': explain(404, ({id}) => `Image ${id} has no data in its store`),
  'storage-full': explain(413, () => 'Image storage media is full: no space left.'),
  'registry-full': explain(507, () => 'The disk of the service is full: no space left for the change.'),
  ...REGISTRY_ROWS,
  'data-too-large': explain(413, () => 'The image is larger than a file of the image storage may be.'),
  'storage-unavailable': explain(503, ({reason}) => `The image storage is not available: ${reason}.`),
  'shutting-down': explain(503, () => 'The service is shutting down; the upload was not finished.'),

  // A source that cannot be read is an invalid location (wire/glance-25.md#locations).
  'unsupported-source': explain(400, () => 'Invalid location'),
  'malformed-source': explain(400, () => 'Invalid location'),
  'source-missing': explain(400, () => 'Invalid location'),
  'source-forbidden': {...explain(400, () => 'The Store URI was malformed.'), detail: describeForbidden},
  'source-unreachable': explain(400, () => 'The Store URI was malformed.'),
  'remote-missing': explain(400, () => 'HTTP datastore could not find image at URI.'),
  'remote-forbidden': explain(403, describeForbidden),
  'remote-unreachable': explain(503, ({reason}) => `The source of the image does not answer: ${reason}`),

  'remote-oversized': explain(
    400,
    ({announced}) => `The source of the image sends more than the ${announced} bytes that it announced.`,
  ),

  'locations-fixed': explain(
    409,
    ({status, action}) => `It's not allowed to ${action} locations if image status is ${status}.`,
  ),
  'bad-location-position': explain(
    400,
    ({action}) => `Invalid position for ${action === 'add' ? 'adding' : 'removing'} a location.`,
  ),
  'locations-required': addDetail(403, ({action}) =>
    action === 'remove' ? 'Cannot remove last location in the image.' : 'Cannot set locations to empty list.',
  ),
  'locations-exist': explain(400, () => 'Original locations is not empty.'),
  'not-active': explain(
    409,
    () => "It's not allowed to remove image data from store if image status is not 'active'",
  ),
  'only-store': explain(
    403,
    () => 'Cannot delete image data from the only store containing it. Consider deleting the image instead.',
  ),
  'not-in-store': explain(404, ({id, store}) => `Image ${id} is not stored in store ${store}.`),
  'data-in-use': explain(
    409,
    ({id}) => `The data for Image ${id} could not be deleted because it is in use: it is copied to a store`,
  ),
  'in-store': explain(400, ({store}) => `Image is already present at store '${store}'`),
  'copy-mismatch': explain(
    500,
    ({attribute}) => `The copied data differs from that of the image: ${attribute}.`,
  ),
  'duplicate-location': explain(400, ({url}) => `The location ${url} already exists`),
  'bad-digest': explain(409, describeDigest),
  'invalid-digest': explain(400, ({value, algorithm, bytes, problem}) =>
    problem === 'not hexadecimal'
      ? `os_hash_value (${value}) is not a valid hexadecimal value`
      : `os_hash_value: (${value}) is not the correct size for (${algorithm}) (should be (${bytes}) bytes)`,
  ),
  'digest-mismatch': explain(
    400,
    ({expected, actual}) => `os_hash_value: (${expected}) not matched with actual os_hash_value: (${actual})`,
  ),

  'not-shared': explain(403, ({id}) => `Not allowed to list members for image ${id}: ${ONLY_SHARED}`),
  'no-members': explain(404, () => ONLY_SHARED),
  'members-fixed': explain(403, ({id, action}) => `Not allowed to ${action} members for image ${id}.`),
  'duplicate-member': explain(409, ({id, member}) => `Member ${member} is duplicated for image ${id}`),
  'member-not-found': explain(
    404,
    ({id, member}) => `${member} not found in the member list of the image ${id}.`,
  ),

  'not-importable': explain(409, ({problem}) => NOT_IMPORTABLE[problem]),
  'import-interrupted': explain(503, () => 'The service ended before the import did, and cannot repeat it.'),
  'import-given-up': explain(
    503,
    ({attempts}) => `The import was given up: it was interrupted ${attempts} times.`,
  ),
  'plugin-failed': explain(400, ({plugin, reason}) => `${plugin} failed: ${reason}`),
  'task-not-found': explain(404, ({id}) => `Could not find task ${id}`),
} satisfies ErrorTable<Exclude<ErrorCode, (typeof MISSING)[number] | NotInV2>>

const ONLY_SHARED = 'Only shared images have members.'

const NOT_OWNER: Readonly<Partial<Record<OwnerAction, (id: string) => string>>> = {
  upload: id => `Not allowed to upload image data for image ${id}`,
  'update tags': id => `Not allowed to update tags for image ${id}.`,
  'delete tags': id => `Not allowed to delete tags for image ${id}.`,
}

const NOT_IMPORTABLE: Readonly<Record<ErrorFacts['not-importable']['problem'], string>> = {
  active: 'Image with status active cannot be target for import',
  'not active': 'Only images with status active can be targeted for copying',
  'not queued': "Image needs to be in 'queued' state to use 'web-download' method",
  'not staged': "Image needs to be staged before 'glance-direct' method can be used",
  'no container format': "'container_format' needs to be set before import",
  'no disk format': "'disk_format' needs to be set before import",
  'active task': 'Image has active task',
}

function describeDigest({name, value, problem, algorithm, bytes}: ErrorFacts['bad-digest']): string {
  const texts: Readonly<Record<typeof problem, string>> = {
    ambiguous: `Conflicting values for ${name}`,
    'other algorithm': `${name} must be ${algorithm}, not ${value}`,
    'not hexadecimal': `${name} (${value}) is not a valid hexadecimal value`,
    'wrong length': `${name} (${value}) is not the correct size for ${algorithm} (should be ${bytes} bytes)`,
    contradicts: `${name} is already set with a different value`,
    'not queued': `New value(s) for ${name} may only be provided when image status is 'queued'`,
  }
  return texts[problem]
}

/**
 * Converts an error to a response; returns undefined for a defect.
 * @param missing text for an image that does not exist; it depends on the resource
 */
export function toHttpError(error: unknown, missing: string): HttpError | undefined {
  const known = classifyError(error)
  if (!(known instanceof ServiceError)) return known
  const isMissing = MISSING.some(code => code === known.code)
  return isMissing ? new HttpError(404, {explanation: missing}) : toResponse(known)
}

/** The text of an error, for the message of a task. */
export function describeError(error: unknown): string {
  return describeResponse(toHttpError(error, 'the image does not exist'), error)
}

function toResponse<C extends ErrorCode>({code, facts}: ServiceError<C>): HttpError | undefined {
  const row = TABLE[code]
  return row && new HttpError(row.status, renderRow(row, facts), renderHeaders(row))
}
