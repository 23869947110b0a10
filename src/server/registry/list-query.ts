/** The query behind a page of the list: filters, order, and the place where the page begins. */
import {type RawBuilder, type SqlBool, sql} from 'kysely'
import {filterConditions} from './list-filters.js'
import {mixedParts} from './mixed-order.js'
import type {ImageQuery, SortDir, SortKey} from './registry.js'
import type {ImageRow} from './schema.js'

type Condition = RawBuilder<SqlBool>

/** The columns of a marker that can decide where a page begins. */
export type Marker = Pick<ImageRow, SortKey>

/** A stretch of the list: rows under these conditions, by these columns. */
export interface Stretch {
  readonly conditions: readonly Condition[]
  readonly order: readonly {readonly column: SortKey; readonly dir: SortDir}[]
}

/**
 * The list from the marker on as stretches, to be read one behind the other until the page is full. There are two where
 * the sort key may be null, since no comparison finds its way from null to a value; else one.
 */
export function stretches(query: ImageQuery, marker: Marker | undefined): Stretch[] {
  const filters = [...filterConditions(query)]
  if (query.thenBy !== undefined) {
    const keys = [{key: query.sortKey, dir: query.sortDir}, ...query.thenBy]
    return mixedParts(keys, marker).map(({conditions, order}) => ({
      conditions: [...filters, ...conditions],
      order,
    }))
  }
  return keyParts(query, marker).map(({conditions, order, behind}) => ({
    order: order.map(column => ({column, dir: query.sortDir})),
    conditions: [...filters, ...conditions, ...(behind === undefined ? [] : [beyond(order, query, behind)])],
  }))
}

interface KeyPart {
  readonly conditions: readonly Condition[]
  readonly order: readonly SortKey[]
  readonly behind: Marker | undefined
}

function keyParts({sortKey, sortDir}: ImageQuery, marker: Marker | undefined): KeyPart[] {
  const order = orderOf(sortKey)
  if (!NULLABLE.has(sortKey)) return [{conditions: [], order, behind: marker}]
  const key = sql.ref(sortKey)
  const behindNull = marker?.[sortKey] === null ? marker : undefined
  const behindValue = behindNull === undefined ? marker : undefined
  const nulls = {conditions: [sql<SqlBool>`${key} is null`], order: TIES, behind: behindNull}
  // Not `is not null`: this one makes the index stop where the nulls begin. Ascending the marker already does.
  const begins = sortDir === 'asc' && behindValue !== undefined ? [] : [sql<SqlBool>`${key} >= ''`]
  const values = {conditions: begins, order, behind: behindValue}
  const parts = sortDir === 'asc' ? [nulls, values] : [values, nulls]
  return marker === undefined ? parts : parts.slice(parts.findIndex(part => part.behind !== undefined))
}

const NULLABLE: ReadonlySet<SortKey> = new Set(['name', 'container_format', 'disk_format'])
const TIES: readonly SortKey[] = ['created_at', 'id']

function orderOf(key: SortKey): readonly SortKey[] {
  if (key === 'id') return ['id']
  return key === 'created_at' ? TIES : [key, ...TIES]
}

function beyond(order: readonly SortKey[], {sortDir}: ImageQuery, marker: Marker): Condition {
  const columns = sql.join(order.map(column => sql.ref(column)))
  const values = sql.join(order.map(column => marker[column]))
  return sortDir === 'asc'
    ? sql<SqlBool>`(${columns}) > (${values})`
    : sql<SqlBool>`(${columns}) < (${values})`
}
