/** The query of a list: filters, order and page, the same for every version of the Image API. */
import type {MemberStatus, Visibility} from './image.js'

/** Comparisons of a value with a limit: equal, not equal, greater, greater or equal, less, less or equal. */
export type Comparison = 'eq' | 'neq' | 'gt' | 'gte' | 'lt' | 'lte'

/** A limit of a time. */
export interface TimeLimit {
  readonly comparison: Comparison
  /** ISO 8601; UTC unless it has a zone. */
  readonly time: string
}

/** Filters of a list: an image must match all of them. A version of the API that does not support one rejects it. */
export interface Filters {
  readonly name?: string | undefined
  /** On v2 also several, as `in:queued,saving`; so may `containerFormat`, `diskFormat` and `id`. */
  readonly status?: string | undefined
  readonly containerFormat?: string | undefined
  readonly diskFormat?: string | undefined
  /** MiB of memory. */
  readonly minRam?: number | undefined
  /** GiB of disk. */
  readonly minDisk?: number | undefined
  /** `any`: public and other images. Default: public images on v1, the caller's lists on v2. */
  readonly isPublic?: boolean | 'any' | undefined
  readonly protected?: boolean | undefined
  /** Bytes. */
  readonly sizeMin?: number | undefined
  /** Bytes. */
  readonly sizeMax?: number | undefined
  /** Time of the earliest change, in ISO 8601. */
  readonly changesSince?: string | undefined
  /** An image must meet all of these limits. */
  readonly createdAt?: readonly TimeLimit[] | undefined
  /** As `createdAt`. */
  readonly updatedAt?: readonly TimeLimit[] | undefined
  /** v2 only, as all that follow, except `properties`. */
  readonly id?: string | undefined
  /** Id of a project. */
  readonly owner?: string | undefined
  /** Overrides `isPublic`. */
  readonly visibility?: Visibility | 'all' | undefined
  /** Status of the caller's membership in images of other projects. */
  readonly memberStatus?: MemberStatus | 'all' | undefined
  /** An image must have all of them. */
  readonly tags?: readonly string[] | undefined
  /** True: only hidden images. Default: only the others. */
  readonly osHidden?: boolean | undefined
  /** MD5 in hexadecimal. */
  readonly checksum?: string | undefined
  /** Digest in hexadecimal. */
  readonly osHashValue?: string | undefined
  /** Values of custom properties, by name. */
  readonly properties?: Readonly<Record<string, string>> | undefined
}

/** Ascending or descending. */
export type SortDirection = 'asc' | 'desc'

/** One key of the order of a list. */
export interface SortTerm {
  readonly key: string
  readonly direction: SortDirection
}

/** A request for a page of images. */
export interface ListQuery extends Filters {
  /** Maximum number of images in the page; the server may return fewer. */
  readonly limit?: number | undefined
  /** The id of the last image seen; the page starts after it. */
  readonly marker?: string | undefined
  /** The first term orders the list, the next one images that are equal in it. Default: the newest first. */
  readonly sort?: readonly SortTerm[] | undefined
}

/** The order of lists without another one. */
export const NEWEST_FIRST: readonly SortTerm[] = [{key: 'created_at', direction: 'desc'}]

/** The attributes that lists are sorted by. */
export const SORT_KEYS = [
  'name',
  'status',
  'container_format',
  'disk_format',
  'size',
  'id',
  'created_at',
  'updated_at',
] as const

/** An attribute that lists can be sorted by. */
export type SortKey = (typeof SORT_KEYS)[number]
