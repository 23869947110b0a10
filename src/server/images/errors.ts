/** Errors of the service: a code with facts, without texts. Each API version converts them to responses. */
import type {ImageStatus} from '../registry/registry.js'

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
  readonly 'duplicate-id': WithId
  readonly protected: WithId
  readonly 'not-owner': WithId & {readonly action: OwnerAction}
  readonly 'foreign-owner': {readonly owner: string | null}
  readonly 'may-not-publish': NoFacts
  readonly 'marker-not-found': {readonly marker: string; readonly of: 'image' | 'task'}
  readonly 'tag-not-found': NoFacts
  readonly 'limit-exceeded': {readonly of: Limited; readonly attempted: number; readonly maximum: number}
  readonly 'count-out-of-range': {readonly attribute: Count; readonly value: number; readonly maximum: number}

  /** Only a queued image accepts data or a location. */
  readonly 'not-queued': {readonly status: ImageStatus; readonly to: ImageStatus}
  readonly 'wrong-status': {readonly status: ImageStatus; readonly action: 'deactivate' | 'reactivate'}
  readonly 'formats-missing': {readonly formats: readonly FormatName[]}
  readonly 'content-mismatch': {
    readonly attribute: 'size' | 'checksum'
    readonly expected: number | string
    readonly actual: number | string
  }
  readonly 'unsupported-content': {readonly found: string; readonly expected: string}
  readonly 'deleted-meanwhile': WithId
  readonly deactivated: WithId
  readonly 'no-data': WithId
  readonly 'storage-full': NoFacts
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
  readonly 'location-size-mismatch': {readonly expected: number; readonly actual: number}

  readonly 'locations-fixed': {readonly status: ImageStatus; readonly action: LocationAction}
  readonly 'bad-location-position': {readonly action: LocationAction}
  /** An image keeps at least one location. */
  readonly 'locations-required': {readonly action: LocationAction}
  readonly 'locations-exist': NoFacts
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
  /** The service ended during the import. */
  readonly 'import-interrupted': NoFacts
  readonly 'may-not-see-tasks': NoFacts
  readonly 'task-not-found': WithId
}

/** The code of an error. */
export type ErrorCode = keyof ErrorFacts
/** Actions that only owners and administrators may perform. */
export type OwnerAction = 'change' | 'upload' | 'update tags' | 'delete tags'
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

const DISK_FULL = new Set<unknown>(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])

/** Converts an error that means a full disk to `storage-full`; returns any other error unchanged. */
export function translateDiskFull(error: unknown): unknown {
  const isFull = error instanceof Error && 'code' in error && DISK_FULL.has(error.code)
  return isFull ? new ServiceError('storage-full', {}, error) : error
}
