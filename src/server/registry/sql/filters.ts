/** The filters of a list as conditions in SQL. */
import {type OperationNode, type RawBuilder, type RawNode, type SqlBool, sql} from 'kysely'
import {COLUMN_LIST} from '../columns.js'
import type {ImageQuery, TimeFilter, Viewer} from '../registry.js'
import {toFlag} from './rows.js'
import type {ImageRow} from './tables.js'

type RowColumn = keyof ImageRow
export type Condition = RawBuilder<SqlBool>

/** Images that are in lists; the indexes of lists have the same condition. */
export const IS_LISTED = sql<SqlBool>`status not in ('killed', 'deleted', 'pending_delete')`

/** The conditions that a record must meet to match the query. */
export function* toConditions(query: ImageQuery): Generator<Condition> {
  const {changesSince, properties = {}} = query
  if (changesSince === undefined) yield IS_LISTED
  else yield sql<SqlBool>`${changeTime(query)} >= ${changesSince}`
  const leading = chooseLeadingFilter(query)
  for (const [column, value] of toEqualities(query)) {
    yield sql<SqlBool>`${column === leading ? sql.ref(column) : withoutIndex(column)} = ${value}`
  }
  if (query.sizeMin !== undefined) yield sql<SqlBool>`${withoutIndex('size')} >= ${query.sizeMin}`
  if (query.sizeMax !== undefined) yield sql<SqlBool>`${withoutIndex('size')} <= ${query.sizeMax}`
  for (const [name, value] of Object.entries(properties)) yield hasProperty(name, value)
  yield* toV2Conditions(query)
}

function toEqualities(query: ImageQuery): [RowColumn, string | number][] {
  return COLUMN_LIST.flatMap(({name, attribute}): [RowColumn, string | number][] => {
    const value = query[attribute]
    if (value === undefined) return []
    return [[name, typeof value === 'boolean' ? toFlag(value) : value]]
  })
}

/**
 * The one filter whose index may be used instead of the index of the order. In the default order these indexes are
 * sorted themselves; in another order a name still leaves so few records that sorting them costs nothing.
 */
function chooseLeadingFilter(query: ImageQuery): RowColumn | undefined {
  if (query.checksum !== undefined) return 'checksum'
  if (query.hashValue !== undefined) return 'os_hash_value'
  if (query.name !== undefined) return 'name'
  if (query.sortKey !== 'created_at') return undefined
  if (query.owner !== undefined) return 'owner'
  if (query.diskFormat !== undefined) return 'disk_format'
  if (query.containerFormat !== undefined) return 'container_format'
  return query.status === undefined ? 'is_public' : 'status'
}

/** Reads an index in order only if it contains the deleted records; for other orders the changed records are sorted. */
function changeTime({sortKey}: ImageQuery): RawBuilder<unknown> {
  const indexed = sortKey === 'created_at' || sortKey === 'updated_at' || sortKey === 'id'
  return indexed ? withoutIndex('updated_at') : sql.ref('updated_at')
}

/**
 * A column whose indexes SQLite does not use: it would fetch all matches and sort them for each page. PostgreSQL, which knows
 * how many rows match, is given the column itself; see `findHinted`.
 */
function withoutIndex(column: RowColumn): RawBuilder<unknown> {
  return sql`+${sql.ref(column)}`
}

/** The column in an expression that `withoutIndex` made; undefined for any other expression. */
export function findHinted({sqlFragments, parameters}: RawNode): OperationNode | undefined {
  return sqlFragments.length === 2 && sqlFragments.join('') === '+' ? parameters[0] : undefined
}

/** Characters of the value of a property that its index contains. */
export const INDEXED_CHARACTERS = 100

/** A short value is compared once, because the planner of PostgreSQL takes two conditions for independent ones. */
function hasProperty(name: string, value: string): Condition {
  const length = sql.raw(String(INDEXED_CHARACTERS))
  const characters = [...value]
  const isWhole = characters.length < INDEXED_CHARACTERS
  return sql<SqlBool>`exists (select 1 from image_properties as p
    where p.image_id = images.id and p.name = ${name} ${isWhole ? sql`` : sql`and p.value = ${value}`}
    and substr(p.value, 1, ${length}) = ${characters.slice(0, INDEXED_CHARACTERS).join('')})`
}

function* toV2Conditions(query: ImageQuery): Generator<Condition> {
  const {oneOf = {}, ranges = [], times = [], tags = [], communityOf, viewer} = query
  for (const [column, values] of Object.entries(oneOf)) yield matchesOneOf(column as RowColumn, values)
  for (const {column, min, max} of ranges) {
    if (column === 'size') yield sql<SqlBool>`${withoutIndex('status')} not in ('queued', 'saving')`
    if (min !== undefined) yield sql<SqlBool>`${withoutIndex(column)} >= ${min}`
    if (max !== undefined) yield sql<SqlBool>`${withoutIndex(column)} <= ${max}`
  }
  for (const filter of times) yield isInTime(filter, query)
  for (const tag of tags) yield hasTag(tag)
  if (communityOf !== undefined) {
    yield sql<SqlBool>`(${withoutIndex('visibility')} <> 'community' or ${withoutIndex('owner')} = ${communityOf})`
  }
  if (viewer !== undefined) yield isVisibleTo(viewer)
}

/** Compares the beginning of a time. The column itself is compared, of which an index finds a part, with the bounds of that beginning. */
function isInTime({column, comparison, time}: TimeFilter, {sortKey}: ImageQuery): Condition {
  const value = sortKey === column ? sql.ref(column) : withoutIndex(column)
  const end = `${time}${LAST_CHARACTER}`
  switch (comparison) {
    case 'before':
      return sql<SqlBool>`${value} < ${time}`
    case 'until':
      return sql<SqlBool>`${value} < ${end}`
    case 'since':
      return sql<SqlBool>`${value} >= ${time}`
    case 'after':
      return sql<SqlBool>`${value} >= ${end}`
    case 'at':
      return sql<SqlBool>`(${value} >= ${time} and ${value} < ${end})`
    case 'not at':
      return sql<SqlBool>`not (${value} >= ${time} and ${value} < ${end})`
  }
}

/** Greater than each character of a time. */
const LAST_CHARACTER = '~'

/** Only the index of ids is used: each id is one record, but any other value can be in many. */
function matchesOneOf(column: RowColumn, values: readonly string[]): Condition {
  if (values.length === 0) return sql<SqlBool>`1 = 0`
  return sql<SqlBool>`${column === 'id' ? sql.ref('id') : withoutIndex(column)} in (${sql.join(values)})`
}

/** Public and community images, images of the project, and images that are shared with it. */
function isVisibleTo({project, memberStatus}: Viewer): Condition {
  const isOpen = sql<SqlBool>`${withoutIndex('visibility')} in ('public', 'community')`
  if (project === null) return isOpen
  const answered = memberStatus === 'all' ? sql`` : sql`and m.status = ${memberStatus}`
  const shared = sql`(${withoutIndex('visibility')} = 'shared' and exists (select 1 from image_members as m
    where m.image_id = images.id and m.member_id = ${project} ${answered}))`
  return sql<SqlBool>`(${isOpen} or ${withoutIndex('owner')} = ${project} or ${shared})`
}

function hasTag(tag: string): Condition {
  return sql<SqlBool>`exists (select 1 from image_tags as t where t.image_id = images.id and t.tag = ${tag})`
}
