/** Errors of the service: a code with facts, without texts. Each API version converts them to responses. */
import type {ImageStatus} from '../registry/registry.js'
import {RegistryUnavailable} from '../registry/unavailable.js'
import {StoreUnavailable} from '../stores/store.js'

/** No facts. */
type NoFacts = Readonly<Record<string, never>>
/** The id of an image, or of a task. */
type WithId = {readonly id: string}

/** The facts of each error by its code. */
export interface ErrorFacts {
  /** The image does not exist, or the caller may not see it. */
  readonly 'image-not-found': WithId
  /** Members of a deleted image were requested. */
  readonly 'deleted-image': WithId
  readonly 'update-of-deleted': WithId
  /** The image to delete is deleted already. */
  readonly 'image-gone': WithId
  readonly 'pending-delete': WithId
  readonly 'duplicate-id': WithId
  readonly protected: WithId
  readonly 'not-owner': WithId & {readonly action: OwnerAction}
  readonly 'foreign-owner': {readonly owner: string | null}
  /** The role of the caller does not allow the operation. */
  readonly 'not-permitted': {readonly operation: string}
  readonly 'marker-not-found': {readonly marker: string; readonly of: 'image' | 'task'}
  readonly 'tag-not-found': NoFacts
  /** The caller may not do that with properties of that name. */
  readonly 'protected-property': {readonly name: string}
  readonly 'limit-exceeded': {readonly of: Limited; readonly attempted: number; readonly maximum: number}
  readonly 'count-out-of-range': {readonly attribute: Count; readonly value: number; readonly maximum: number}

  /** Only a queued image accepts data or a location. */
  readonly 'not-queued': {readonly status: ImageStatus; readonly to: ImageStatus}
  readonly 'wrong-status': {readonly status: ImageStatus; readonly action: 'deactivate' | 'reactivate'}
  readonly 'formats-missing': {readonly formats: readonly FormatName[]}
  /** The format of an Amazon image does not go with another one. */
  readonly 'formats-mixed': NoFacts
  readonly 'content-mismatch': {
    readonly attribute: 'size' | 'checksum'
    readonly expected: number | string
    readonly actual: number | string
  }
  readonly 'unsupported-content': {readonly found: string; readonly expected: string}
  /** The data does not have the signature that its image states, or the signature cannot be verified. */
  readonly 'bad-signature': WithId & Reason
  /** The data makes hypervisors read other files. */
  readonly 'unsafe-content': Reason
  readonly 'deleted-meanwhile': WithId
  /** The process of an upload seemed to be dead, and another one ended the upload. */
  readonly 'upload-taken-over': WithId
  readonly deactivated: WithId
  readonly 'no-data': WithId
  readonly 'storage-full': NoFacts
  /** The disk has no space for a change of metadata. */
  readonly 'registry-full': NoFacts
  /** The database of the registry cannot be reached, or does not answer. */
  readonly 'registry-unavailable': NoFacts
  /** A text is longer than the indexes of the registry allow. */
  readonly 'text-too-long': NoFacts
  /** The data is larger than a file may be. */
  readonly 'data-too-large': NoFacts
  /** The data has more bytes than the settings of the service allow. */
  readonly 'data-over-cap': {readonly maximum: number}
  /** The project uses what it may use. */
  readonly 'quota-exceeded': {
    readonly quota: 'image_count_total' | 'image_count_uploading' | 'user_storage_quota'
    readonly limit: number
    readonly used: number
  }
  readonly 'storage-unavailable': Reason
  readonly 'shutting-down': NoFacts

  /** No store reads URLs of this scheme. */
  readonly 'unsupported-source': {readonly url: string}
  readonly 'malformed-source': {readonly url: string}
  readonly 'source-missing': NoFacts
  readonly 'source-forbidden': Reason
  readonly 'source-unreachable': Reason
  /** `remote-*`: the location of an image cannot be read; `source-*`: a URL in the current request cannot. */
  readonly 'remote-missing': NoFacts
  readonly 'remote-forbidden': Reason
  readonly 'remote-unreachable': Reason
  /** The server of a location sends more than it announced. */
  readonly 'remote-oversized': {readonly announced: number}
  readonly 'location-size-mismatch': {readonly expected: number; readonly actual: number}

  readonly 'locations-fixed': {readonly status: ImageStatus; readonly action: LocationAction}
  readonly 'bad-location-position': {readonly action: LocationAction}
  /** An image keeps at least one location. */
  readonly 'locations-required': {readonly action: LocationAction}
  readonly 'locations-exist': NoFacts
  /** Only an active image has data that can be removed from one of its stores. */
  readonly 'not-active': NoFacts
  /** The data is in no other store. */
  readonly 'only-store': NoFacts
  readonly 'not-in-store': WithId & {readonly store: string}
  /** The data cannot be removed from a store while it is copied from one to another. */
  readonly 'data-in-use': WithId
  /** The data is in that store already. */
  readonly 'in-store': {readonly store: string}
  /** What was copied is not the data of the image. */
  readonly 'copy-mismatch': {readonly attribute: 'size' | 'checksum' | 'os_hash_value'}
  readonly 'duplicate-location': {readonly url: string}
  /** A digest that has not the form of its algorithm. */
  readonly 'invalid-digest': {
    readonly value: string
    readonly algorithm: string
    readonly bytes: number
    readonly problem: 'not hexadecimal' | 'wrong length'
  }
  /** The data at a location does not have the stated digest. */
  readonly 'digest-mismatch': {readonly expected: string; readonly actual: string}
  readonly 'bad-digest': {readonly name: string; readonly value: string; readonly problem: DigestProblem}

  /** The image does not have members, because it is not shared; for a list of members. */
  readonly 'not-shared': WithId
  /** The same for a single member. */
  readonly 'no-members': WithId
  readonly 'members-fixed': WithId & {readonly action: 'create' | 'update' | 'delete'}
  readonly 'may-not-share': WithId
  readonly 'duplicate-member': WithId & {readonly member: string}
  readonly 'member-not-found': WithId & {readonly member: string}

  readonly 'not-importable': {readonly problem: ImportProblem}
  /** The service ended during the import, which cannot be repeated. */
  readonly 'import-interrupted': NoFacts
  /** The import was interrupted too often: it may be the reason. */
  readonly 'import-given-up': {readonly attempts: number}
  /** A step of an import failed. */
  readonly 'plugin-failed': Reason & {readonly plugin: string}
  readonly 'task-not-found': WithId
}

/** The code of an error. */
export type ErrorCode = keyof ErrorFacts
/** Actions that only owners and administrators may perform. */
export type OwnerAction =
  | 'change'
  | 'upload'
  | 'update tags'
  | 'delete tags'
  | 'delete'
  | 'deactivate'
  | 'reactivate'
  | 'add location'
  | 'remove location'
/** Changes of the locations of an image. */
export type LocationAction = 'add' | 'replace' | 'remove'
/** Attributes that an image needs before it accepts data. */
export type FormatName = 'disk_format' | 'container_format'
type Count = 'min_ram' | 'min_disk' | 'size'
type Limited =
  | 'properties'
  | 'property bytes'
  | 'tags'
  | 'members'
  | 'locations'
  | 'location characters'
  | 'jobs'
type Reason = {readonly reason: string}
type DigestProblem =
  | 'ambiguous'
  | 'not sha512'
  | 'not hexadecimal'
  | 'wrong length'
  | 'contradicts'
  | 'not queued'
type ImportProblem =
  | 'active'
  | 'not active'
  | 'not queued'
  | 'not staged'
  | 'no container format'
  | 'no disk format'
  | 'active task'

/** The service cannot grant a request. Any other error is a defect. */
export class ServiceError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'ServiceError'
  /** The code, by which API versions choose a response. */
  readonly code: C
  /** Values for the text of the response. */
  readonly facts: ErrorFacts[C]

  constructor(code: C, facts: ErrorFacts[C], cause?: unknown) {
    super(`${code} ${JSON.stringify(facts)}`, cause === undefined ? undefined : {cause})
    this.code = code
    this.facts = facts
  }
}

/** True for an error that interrupts work which may start over: the service stops, or the registry does not answer. */
export function isInterruption(error: unknown): boolean {
  if (error instanceof RegistryUnavailable) return true
  return error instanceof ServiceError && ['shutting-down', 'registry-unavailable'].includes(error.code)
}

/** True for the error of work that the end of the service interrupts. */
export function isShuttingDown(error: unknown): boolean {
  return error instanceof ServiceError && error.code === 'shutting-down'
}

/** Of the system, of SQLite, and of PostgreSQL. */
const DISK_FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL', '53100'])

/** The code of PostgreSQL for a value that is too long for an index. */
const PROGRAM_LIMIT = '54000'

/** What prevents the service from using its disk, by error code; it may end without a change of the request. */
const UNAVAILABLE: Readonly<Record<string, string>> = {
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this machine',
  ENOMEM: 'there is not enough memory',
  EIO: 'the disk reports an error',
  EROFS: 'the file system is read-only',
  EACCES: 'the permission is missing',
  EPERM: 'the permission is missing',
  ESTALE: 'the file system is gone',
  SQLITE_BUSY: 'the registry is locked',
  SQLITE_CANTOPEN: 'the registry cannot be opened',
  SQLITE_IOERR: 'the disk reports an error',
  SQLITE_READONLY: 'the registry is read-only',
}

/**
 * Converts an error of a store, of the disk or of the database: a full one to `storage-full` where data is stored, and to
 * `registry-full` elsewhere, data that is too large for a file to `data-too-large`, and what may pass to
 * `storage-unavailable` or `registry-unavailable`; returns any other error unchanged.
 */
export function translateDiskError(error: unknown, storing: 'data' | 'metadata'): unknown {
  if (error instanceof RegistryUnavailable) return new ServiceError('registry-unavailable', {}, error)
  if (error instanceof StoreUnavailable) {
    return new ServiceError('storage-unavailable', {reason: error.message}, error)
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = UNAVAILABLE[/^SQLITE_[A-Z]+/.exec(code)?.[0] ?? code]
  if (reason !== undefined) return new ServiceError('storage-unavailable', {reason}, error)
  if (code === PROGRAM_LIMIT) return new ServiceError('text-too-long', {}, error)
  if (code === 'EFBIG') return new ServiceError('data-too-large', {}, error)
  if (!DISK_FULL.has(code)) return error
  return new ServiceError(storing === 'data' ? 'storage-full' : 'registry-full', {}, error)
}
