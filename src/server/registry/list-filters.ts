/** The filters of a list as conditions in SQL. */
import {type RawBuilder, type SqlBool, sql} from 'kysely'
import type {ImageQuery, TimeFilter, Viewer} from './registry.js'
import type {ImageRow} from './schema.js'

type Column = keyof ImageRow
type Condition = RawBuilder<SqlBool>

/** What the query asks of a record. */
export function* filterConditions(query: ImageQuery): Generator<Condition> {
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
  yield* newerConditions(query)
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
    ['visibility', query.visibility],
    ['os_hidden', query.hidden],
    ['owner', query.owner],
    ['checksum', query.checksum],
    ['os_hash_value', query.hashValue],
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
  if (query.checksum !== undefined) return 'checksum'
  if (query.hashValue !== undefined) return 'os_hash_value'
  if (query.name !== undefined) return 'name'
  if (query.sortKey !== 'created_at') return undefined
  if (query.owner !== undefined) return 'owner'
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

function* newerConditions(query: ImageQuery): Generator<Condition> {
  const {oneOf = {}, ranges = [], times = [], tags = [], communityOf, viewer} = query
  for (const [column, values] of Object.entries(oneOf)) yield isOneOf(column as Column, values)
  for (const {column, min, max} of ranges) {
    if (column === 'size') yield sql<SqlBool>`${walked('status')} not in ('queued', 'saving')`
    if (min !== undefined) yield sql<SqlBool>`${walked(column)} >= ${min}`
    if (max !== undefined) yield sql<SqlBool>`${walked(column)} <= ${max}`
  }
  for (const {column, is, time} of times) yield sql<SqlBool>`${walked(column)} ${sql.raw(SIGNS[is])} ${time}`
  for (const tag of tags) yield hasTag(tag)
  if (communityOf !== undefined) {
    yield sql<SqlBool>`(${walked('visibility')} <> 'community' or ${walked('owner')} = ${communityOf})`
  }
  if (viewer !== undefined) yield isSeenBy(viewer)
}

const SIGNS: Readonly<Record<TimeFilter['is'], string>> = {
  before: '<',
  until: '<=',
  at: '=',
  'not at': '<>',
  since: '>=',
  after: '>',
}

/** Ids lead to their records; the others are many records each, which are met on the walk. */
function isOneOf(column: Column, values: readonly string[]): Condition {
  if (values.length === 0) return sql<SqlBool>`1 = 0`
  return sql<SqlBool>`${column === 'id' ? sql.ref('id') : walked(column)} in (${sql.join(values)})`
}

/** What is not private to others: public and community images, one's own, and what is shared with one. */
function isSeenBy({project, memberStatus}: Viewer): Condition {
  const open = sql<SqlBool>`${walked('visibility')} in ('public', 'community')`
  if (project === null) return open
  const answered = memberStatus === 'all' ? sql`` : sql`and m.status = ${memberStatus}`
  const shared = sql`(${walked('visibility')} = 'shared' and exists (select 1 from image_members as m
    where m.image_id = images.id and m.member_id = ${project} ${answered}))`
  return sql<SqlBool>`(${open} or ${walked('owner')} = ${project} or ${shared})`
}

function hasTag(tag: string): Condition {
  return sql<SqlBool>`exists (select 1 from image_tags as t where t.image_id = images.id and t.tag = ${tag})`
}
