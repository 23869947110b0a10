/** The query behind a page of the list: filters, order, and the place where the page begins. */
import {type RawBuilder, type SqlBool, sql} from 'kysely'
import type {ImageQuery, SortKey} from './registry.js'
import type {ImageRow} from './schema.js'

type Column = keyof ImageRow
type Condition = RawBuilder<SqlBool>

/** The columns of a marker that can decide where a page begins. */
export type Marker = Pick<ImageRow, SortKey>

/** A stretch of the list: rows under these conditions, by these columns in the query's direction. */
export interface Stretch {
  readonly conditions: readonly Condition[]
  readonly order: readonly Column[]
}

/**
 * The list from the marker on as stretches, to be read one behind the other until the page is full. There are two where
 * the sort key may be null, since no comparison finds its way from null to a value; else one.
 */
export function stretches(query: ImageQuery, marker: Marker | undefined): Stretch[] {
  const filters = [...filterConditions(query)]
  return keyParts(query, marker).map(({conditions, order, behind}) => ({
    order,
    conditions: [...filters, ...conditions, ...(behind === undefined ? [] : [beyond(order, query, behind)])],
  }))
}

interface KeyPart {
  readonly conditions: readonly Condition[]
  readonly order: readonly Column[]
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

function beyond(order: readonly Column[], {sortDir}: ImageQuery, marker: Marker): Condition {
  const columns = sql.join(order.map(column => sql.ref(column)))
  const values = sql.join(order.map(column => marker[column as SortKey]))
  return sortDir === 'asc'
    ? sql<SqlBool>`(${columns}) > (${values})`
    : sql<SqlBool>`(${columns}) < (${values})`
}

function* filterConditions(query: ImageQuery): Generator<Condition> {
  const {changesSince, properties = {}} = query
  if (changesSince === undefined) yield sql<SqlBool>`status not in ('killed', 'deleted')`
  else yield sql<SqlBool>`${changed(query)} >= ${changesSince}`
  const leading = leadingFilter(query)
  for (const [column, value] of equalities(query)) {
    yield sql<SqlBool>`${column === leading ? sql.ref(column) : walked(column)} = ${value}`
  }
  if (query.sizeMin !== undefined) yield sql<SqlBool>`${walked('size')} >= ${query.sizeMin}`
  if (query.sizeMax !== undefined) yield sql<SqlBool>`${walked('size')} <= ${query.sizeMax}`
  for (const [name, value] of Object.entries(properties)) yield hasProperty(name, value)
}

function equalities(query: ImageQuery): [Column, string | number][] {
  const wanted: [Column, string | number | boolean | undefined][] = [
    ['name', query.name],
    ['status', query.status],
    ['container_format', query.containerFormat],
    ['disk_format', query.diskFormat],
    ['min_ram', query.minRam],
    ['min_disk', query.minDisk],
    ['is_public', query.isPublic],
    ['protected', query.protected],
  ]
  return wanted.flatMap(([column, value]) =>
    value === undefined ? [] : [[column, typeof value === 'boolean' ? Number(value) : value]],
  )
}

/**
 * The one filter whose index may be used in place of the index of the order. In the default order those indexes are
 * themselves in order; in another one a name still narrows the list so far that sorting the rest costs nothing.
 */
function leadingFilter(query: ImageQuery): Column | undefined {
  if (query.name !== undefined) return 'name'
  if (query.sortKey !== 'created_at') return undefined
  if (query.diskFormat !== undefined) return 'disk_format'
  if (query.containerFormat !== undefined) return 'container_format'
  return query.status === undefined ? 'is_public' : 'status'
}

/** Only the orders that have an index with the deleted records in it are walked; for another, what changed is sorted. */
function changed({sortKey}: ImageQuery): RawBuilder<unknown> {
  const indexed = sortKey === 'created_at' || sortKey === 'updated_at' || sortKey === 'id'
  return indexed ? walked('updated_at') : sql.ref('updated_at')
}

/** A column whose indexes are not used: the planner would fetch all that match, and sort them for each page. */
function walked(column: Column): RawBuilder<unknown> {
  return sql`+${sql.ref(column)}`
}

function hasProperty(name: string, value: string): Condition {
  return sql<SqlBool>`exists (select 1 from image_properties as p
    where p.image_id = images.id and p.name = ${name} and p.value = ${value})`
}
