/** The conditions and order of a page of a list, which starts after its marker (keyset pagination). */
import {type OrderByModifiers, type SqlBool, sql} from 'kysely'
import {columnsWith} from '../../columns.js'
import type {ImageQuery, SortDir, SortKey} from '../../registry.js'
import {type Condition, toConditions} from '../filters.js'
import type {ImageRow} from '../tables.js'

/** The columns of a marker that a list can be sorted by. */
export type Marker = Pick<ImageRow, SortKey>

/** A range of the list: the rows that meet these conditions, in this order. */
export interface KeysetRange {
  readonly conditions: readonly Condition[]
  readonly order: readonly {readonly column: SortKey; readonly dir: OrderByModifiers}[]
}

/**
 * The list after the marker as ranges, to be read one after the other until the page is full. There are two if the sort
 * key may be null, because comparisons do not order null and values; else one.
 */
export function keysetRanges(query: ImageQuery, marker: Marker | undefined): KeysetRange[] {
  const filters = [...toConditions(query)]
  if (query.thenBy !== undefined) {
    const keys = [{key: query.sortKey, dir: query.sortDir}, ...query.thenBy]
    return mixedKeysetRanges(keys, marker).map(({conditions, order}) => ({
      conditions: [...filters, ...conditions],
      order,
    }))
  }
  return singleKeyRanges(query, marker).map(({conditions, order, after}) => ({
    order: order.map(column => ({column, dir: query.sortDir})),
    conditions: [...filters, ...conditions, ...(after === undefined ? [] : [isAfter(order, query, after)])],
  }))
}

interface SingleKeyRange {
  readonly conditions: readonly Condition[]
  readonly order: readonly SortKey[]
  readonly after: Marker | undefined
}

function singleKeyRanges({sortKey, sortDir}: ImageQuery, marker: Marker | undefined): SingleKeyRange[] {
  const afterNull = marker?.[sortKey] === null ? marker : undefined
  const afterValue = afterNull === undefined ? marker : undefined
  const values = rangesOfValues(sortKey, sortDir, afterValue)
  if (!NULLABLE.has(sortKey)) return values
  const isNullKey = sql<SqlBool>`${sql.ref(sortKey)} is null`
  const nulls = {conditions: [isNullKey], order: TIE_BREAKERS, after: afterNull}
  const parts = sortDir === 'asc' ? [nulls, ...values] : [...values, nulls]
  return marker === undefined ? parts : parts.slice(parts.findIndex(part => part.after !== undefined))
}

/** Keys of which many images have the same value. */
const FEW_VALUES: ReadonlySet<SortKey> = new Set(['status', 'container_format', 'disk_format'])

/**
 * The values after the marker. Of keys with few values, those that equal the marker come first, because PostgreSQL expects
 * hardly any row of a comparison that begins with the last value.
 */
function rangesOfValues(sortKey: SortKey, sortDir: SortDir, after: Marker | undefined): SingleKeyRange[] {
  const key = sql.ref(sortKey)
  const order = toOrder(sortKey)
  // Not `is not null`: this condition ends the scan of the index at the nulls. Ascending, the marker already does.
  const isBounded = NULLABLE.has(sortKey) && (sortDir === 'desc' || after === undefined)
  const lowerBound = isBounded ? [sql<SqlBool>`${key} >= ''`] : []
  if (after === undefined || !FEW_VALUES.has(sortKey)) return [{conditions: lowerBound, order, after}]
  const value = after[sortKey]
  const beyond = sortDir === 'asc' ? sql<SqlBool>`${key} > ${value}` : sql<SqlBool>`${key} < ${value}`
  return [
    {conditions: [sql<SqlBool>`${key} = ${value}`], order: TIE_BREAKERS, after},
    {conditions: [...lowerBound, beyond], order, after: undefined},
  ]
}

const NULLABLE: ReadonlySet<string> = new Set(columnsWith({initial: null}))
const TIE_BREAKERS: readonly SortKey[] = ['created_at', 'id']

function toOrder(key: SortKey): readonly SortKey[] {
  if (key === 'id') return ['id']
  return key === 'created_at' ? TIE_BREAKERS : [key, ...TIE_BREAKERS]
}

function isAfter(order: readonly SortKey[], {sortDir}: ImageQuery, marker: Marker): Condition {
  const columns = sql.join(order.map(column => sql.ref(column)))
  const values = sql.join(order.map(column => marker[column]))
  return sortDir === 'asc'
    ? sql<SqlBool>`(${columns}) > (${values})`
    : sql<SqlBool>`(${columns}) < (${values})`
}

interface OrderKey {
  readonly key: SortKey
  readonly dir: SortDir
}

/**
 * The records after the marker: first those that equal it in all keys but the last, at the end those that differ in the
 * first. No single comparison expresses this, and for a disjunction the engine would read every record.
 */
function mixedKeysetRanges(keys: readonly OrderKey[], marker: Marker | undefined): readonly KeysetRange[] {
  if (marker === undefined) {
    return nullsApart(keys[0]!).map(condition => ({conditions: condition, order: toMixedOrder(keys)}))
  }
  return keys.flatMap((_, i) => {
    const length = keys.length - 1 - i
    const {key, dir} = keys[length]!
    const same = keys.slice(0, length).map(earlier => equalsMarker(earlier.key, marker))
    const rest = toMixedOrder(keys.slice(length))
    return afterMarker(key, dir, marker).map(condition => ({conditions: [...same, condition], order: rest}))
  })
}

/** Of the first key a range has nulls or values; among those of the others, nulls sort as before all values. */
function toMixedOrder(keys: readonly OrderKey[]): KeysetRange['order'] {
  return keys.map(({key, dir}, i) => ({column: key, dir: i > 0 && NULLABLE.has(key) ? NULLS[dir] : dir}))
}

const NULLS: Readonly<Record<SortDir, OrderByModifiers>> = {
  asc: order => order.asc().nullsFirst(),
  desc: order => order.desc().nullsLast(),
}

/** Queries nulls separately, because engines disagree on where they sort. */
function nullsApart({key, dir}: OrderKey): readonly (readonly Condition[])[] {
  if (!NULLABLE.has(key)) return [[]]
  const parts = [[isNull(key)], [isNotNull(key)]]
  return dir === 'asc' ? parts : parts.reverse()
}

function afterMarker(key: SortKey, dir: SortDir, marker: Marker): readonly Condition[] {
  const value = marker[key]
  if (value === null) return dir === 'asc' ? [isNotNull(key)] : []
  if (dir === 'asc') return [sql<SqlBool>`${sql.ref(key)} > ${value}`]
  const lower = sql<SqlBool>`${sql.ref(key)} < ${value}`
  return NULLABLE.has(key) ? [lower, isNull(key)] : [lower]
}

function equalsMarker(key: SortKey, marker: Marker): Condition {
  const value = marker[key]
  return value === null ? isNull(key) : sql<SqlBool>`${sql.ref(key)} = ${value}`
}

function isNull(key: SortKey): Condition {
  return sql<SqlBool>`${sql.ref(key)} is null`
}

function isNotNull(key: SortKey): Condition {
  return sql<SqlBool>`${sql.ref(key)} >= ''`
}
