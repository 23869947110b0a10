/** Lists by several keys, each in a direction of its own, and the place where a page of them begins. */
import {type RawBuilder, type SqlBool, sql} from 'kysely'
import type {SortDir, SortKey} from './registry.js'
import type {ImageRow} from './schema.js'

type Condition = RawBuilder<SqlBool>
type Marker = Pick<ImageRow, SortKey>

interface Key {
  readonly key: SortKey
  readonly dir: SortDir
}

interface Part {
  readonly conditions: readonly Condition[]
  readonly order: readonly {readonly column: SortKey; readonly dir: SortDir}[]
}

/**
 * What lies behind the marker, in order: first those that are equal in all keys but the last, at the end those that differ
 * in the first. No single comparison says that, and a disjunction of them would be answered by reading everything.
 */
export function mixedParts(keys: readonly Key[], marker: Marker | undefined): readonly Part[] {
  const order = keys.map(({key, dir}) => ({column: key, dir}))
  if (marker === undefined) return byNulls(keys[0]!).map(condition => ({conditions: condition, order}))
  return keys.flatMap((_, i) => {
    const length = keys.length - 1 - i
    const {key, dir} = keys[length]!
    const same = keys.slice(0, length).map(before => equal(before.key, marker))
    const rest = order.slice(length)
    return behind(key, dir, marker).map(condition => ({conditions: [...same, condition], order: rest}))
  })
}

const NULLABLE: ReadonlySet<SortKey> = new Set(['name', 'container_format', 'disk_format'])

/** Engines disagree on where nulls belong, so they are asked for apart. */
function byNulls({key, dir}: Key): readonly (readonly Condition[])[] {
  if (!NULLABLE.has(key)) return [[]]
  const parts = [[isNull(key)], [isValue(key)]]
  return dir === 'asc' ? parts : parts.reverse()
}

function behind(key: SortKey, dir: SortDir, marker: Marker): readonly Condition[] {
  const value = marker[key]
  if (value === null) return dir === 'asc' ? [isValue(key)] : []
  if (dir === 'asc') return [sql<SqlBool>`${sql.ref(key)} > ${value}`]
  const lower = sql<SqlBool>`${sql.ref(key)} < ${value}`
  return NULLABLE.has(key) ? [lower, isNull(key)] : [lower]
}

function equal(key: SortKey, marker: Marker): Condition {
  const value = marker[key]
  return value === null ? isNull(key) : sql<SqlBool>`${sql.ref(key)} = ${value}`
}

function isNull(key: SortKey): Condition {
  return sql<SqlBool>`${sql.ref(key)} is null`
}

function isValue(key: SortKey): Condition {
  return sql<SqlBool>`${sql.ref(key)} >= ''`
}
