/** What a list of images may be asked for. */
import type {MemberStatus, Visibility} from './image-record.js'

export type SortKey =
  | 'name'
  | 'status'
  | 'container_format'
  | 'disk_format'
  | 'size'
  | 'id'
  | 'created_at'
  | 'updated_at'

export type SortDir = 'asc' | 'desc'

/** A column that lists of values are asked of. */
export type TextColumn = 'id' | 'name' | 'status' | 'container_format' | 'disk_format'

/** A column of numbers. */
export type CountColumn = 'size' | 'virtual_size' | 'min_ram' | 'min_disk'

export interface TimeFilter {
  readonly column: 'created_at' | 'updated_at'
  readonly comparison: 'before' | 'until' | 'at' | 'not at' | 'since' | 'after'
  /** As in the record of an image. */
  readonly time: string
}

/** Whose list it is: what is private to others stays away. */
export interface Viewer {
  /** Null belongs to no project. */
  readonly project: string | null
  /** Offers of others count that were answered so. */
  readonly memberStatus: MemberStatus | 'all'
}

/** Which records a list holds: everything that is present must match, exactly. */
export interface ImageQuery {
  readonly name?: string
  readonly status?: string
  readonly containerFormat?: string
  readonly diskFormat?: string
  readonly minRam?: number
  readonly minDisk?: number
  /** Bytes, inclusive. */
  readonly sizeMin?: number
  readonly sizeMax?: number
  readonly isPublic?: boolean
  readonly protected?: boolean
  /** ISO 8601 in UTC as in the record; records changed at or after it, the deleted and killed ones among them. */
  readonly changesSince?: string
  readonly properties?: Readonly<Record<string, string>>
  /** One of these values; none of them is no record. */
  readonly oneOf?: Readonly<Partial<Record<TextColumn, readonly string[]>>>
  /** Inclusive; records without a number, or without data where `size` is asked of, are left out. */
  readonly ranges?: readonly {readonly column: CountColumn; readonly min?: number; readonly max?: number}[]
  readonly times?: readonly TimeFilter[]
  readonly visibility?: Visibility
  /** Community images of others than this project are left out (null: all of them). */
  readonly communityOf?: string | null
  readonly viewer?: Viewer
  readonly owner?: string
  readonly hidden?: boolean
  readonly checksum?: string
  readonly hashValue?: string
  readonly tags?: readonly string[]
  readonly sortKey: SortKey
  readonly sortDir: SortDir
  /** Keys for those that are equal by the ones before, in directions of their own; ends with `id` or is absent. */
  readonly thenBy?: readonly {readonly key: SortKey; readonly dir: SortDir}[]
  readonly limit: number
  /** Id of the record behind which the page begins; it need not match the filters. */
  readonly marker?: string
}
