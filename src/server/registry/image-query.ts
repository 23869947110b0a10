/** What a list of images may be asked for. */
import type {AttributeOf, ColumnName, ColumnsWith, ValueOf} from './columns.js'
import type {MemberStatus} from './image-record.js'

/** Columns that a list can be sorted by; each needs an index. In the order in which error messages name them. */
export const SORT_KEYS = [
  'name',
  'status',
  'container_format',
  'disk_format',
  'size',
  'id',
  'created_at',
  'updated_at',
] as const satisfies readonly ColumnName[]

export type SortKey = (typeof SORT_KEYS)[number]

export type SortDir = 'asc' | 'desc'

/** A column with a filter by a list of values. */
export type ListColumn = ColumnsWith<{filter: 'list'}>

export type CountColumn = ColumnsWith<{kind: 'count'}>

export interface TimeFilter {
  readonly column: ColumnsWith<{kind: 'time'}>
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

/** Filters by the value of any column, by attribute. */
type EqualFilters = {readonly [C in ColumnName as AttributeOf<C>]?: ValueOf<C>}

/** Which records a list holds: everything that is present must match, exactly. */
export interface ImageQuery extends EqualFilters {
  /** Bytes, inclusive. */
  readonly sizeMin?: number
  readonly sizeMax?: number
  /** ISO 8601 in UTC as in the record; records changed at or after it, the deleted and killed ones among them. */
  readonly changesSince?: string
  readonly properties?: Readonly<Record<string, string>>
  /** One of these values; none of them is no record. */
  readonly oneOf?: Readonly<Partial<Record<ListColumn, readonly string[]>>>
  /** Inclusive; records without a number, or without data where `size` is asked of, are left out. */
  readonly ranges?: readonly {readonly column: CountColumn; readonly min?: number; readonly max?: number}[]
  readonly times?: readonly TimeFilter[]
  /** Community images of others than this project are left out (null: all of them). */
  readonly communityOf?: string | null
  readonly viewer?: Viewer
  readonly tags?: readonly string[]
  readonly sortKey: SortKey
  readonly sortDir: SortDir
  /** Keys for those that are equal by the ones before, in directions of their own; ends with `id` or is absent. */
  readonly thenBy?: readonly {readonly key: SortKey; readonly dir: SortDir}[]
  readonly limit: number
  /** Id of the record behind which the page begins; it need not match the filters. */
  readonly marker?: string
}
