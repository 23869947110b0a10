/** The query of a list of images: filters, order and page. */
import type {AttributeOf, ColumnName, ColumnsWith, ValueOf} from './columns.js'
import type {ImageRecord, MemberStatus} from './image-record.js'

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
  /** As in the record of an image, or its beginning: no more characters than these are compared. */
  readonly time: string
}

/** The project that sees the list; images that are private to others are left out. */
export interface Viewer {
  /** Null: a caller without a project. */
  readonly project: string | null
  /** Shared images of other projects are included if the project has this status as their member. */
  readonly memberStatus: MemberStatus | 'all'
}

/** Filters by the value of any column, by attribute. */
type EqualFilters = {readonly [C in ColumnName as AttributeOf<C>]?: ValueOf<C>}

/** Filters, order and page of a list of images. A record must match all filters; text matches exactly. */
export interface ImageQuery extends EqualFilters {
  /** Bytes, inclusive. */
  readonly sizeMin?: number
  readonly sizeMax?: number
  /** As in the record: records changed at or after this time, including deleted and killed ones. */
  readonly changesSince?: string
  readonly properties?: Readonly<Record<string, string>>
  /** Columns that must have one of these values; an empty list matches no record. */
  readonly oneOf?: Readonly<Partial<Record<ListColumn, readonly string[]>>>
  /** Inclusive; records whose value is null, and for `size` records without data, do not match. */
  readonly ranges?: readonly {readonly column: CountColumn; readonly min?: number; readonly max?: number}[]
  readonly times?: readonly TimeFilter[]
  /** Community images that this project does not own are left out (null: all community images). */
  readonly communityOf?: string | null
  readonly viewer?: Viewer
  readonly tags?: readonly string[]
  readonly sortKey: SortKey
  readonly sortDir: SortDir
  /** Further sort keys, each with its direction; ends with `id`. */
  readonly thenBy?: readonly {readonly key: SortKey; readonly dir: SortDir}[]
  readonly limit: number
  /** Bytes of the names, properties and locations of a page. One image is returned even if it has more. */
  readonly maxBytes?: number
  /** Id of the record after which the page starts; it need not match the filters. */
  readonly marker?: string
}

/** One page of a list. */
export interface ImagePage {
  readonly images: readonly ImageRecord[]
  /** The page ended at a limit, so that more images may follow. */
  readonly hasMore: boolean
}
