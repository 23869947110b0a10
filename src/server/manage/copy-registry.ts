/** Copies a registry into another database, for example from SQLite to PostgreSQL. */
import {type SqlBool, sql} from 'kysely'
import {Failure} from '../../lib/model/errors.js'
import {migrate} from '../registry/migrations/migrate.js'
import type {Tables, Trx} from '../registry/sql/tables.js'
import {type OpenDatabase, registryFailure} from './databases.js'

/** The tables in the order in which their references allow it, each with its key. Processes stay where they are. */
const KEYS = {
  images: ['id'],
  image_properties: ['image_id', 'name'],
  image_tags: ['image_id', 'tag'],
  image_members: ['image_id', 'member_id'],
  tasks: ['id'],
  unused_data: ['location'],
  purged_images: ['id'],
  metadef_namespaces: ['id'],
  metadef_definitions: ['namespace_id', 'kind', 'name'],
  metadef_resource_types: ['name'],
  events: ['sequence'],
} as const satisfies {
  readonly [Table in Exclude<keyof Tables, 'processes'>]: readonly (keyof Tables[Table])[]
}

type TableName = keyof typeof KEYS

const TABLES = Object.keys(KEYS) as TableName[]

/** Rows that are in memory at a time. */
const BATCH = 200

/** Number of rows by table. */
export type RowCounts = Readonly<Record<TableName, number>>

/**
 * Copies all rows in one transaction: completely or not at all. Data of images is left alone.
 * @param source a database with the schema of this release
 * @param target a database whose registry is empty; its schema is created or updated
 * @returns the number of rows that were copied, which are as many as the source has
 * @throws Failure `conflict` when the target is the source, or is not empty; `failed` when the target does not have all rows in
 *   the end
 */
export async function copyRegistry(source: OpenDatabase, target: OpenDatabase): Promise<RowCounts> {
  requireDifferent(source, target)
  await prepare(target)
  try {
    return await copyAll(source, target)
  } catch (error) {
    throw registryFailure(`cannot copy the registry ${source.name} to ${target.name}`, error)
  }
}

async function copyAll(source: OpenDatabase, target: OpenDatabase): Promise<RowCounts> {
  const isPostgres = target.engine === 'postgres'
  const counts = await source.db.transaction().execute(from =>
    target.db.transaction().execute(async to => {
      if (isPostgres) await sql`lock table images in exclusive mode`.execute(to)
      await requireEmpty(to, target.name)
      for (const table of TABLES) await copyTable(from, to, table)
      if (isPostgres) await skipSequence(to)
      return compareCounts(from, to)
    }),
  )
  // Without statistics PostgreSQL reads whole tables until it makes them by itself.
  const tables = sql.join(TABLES.map(table => sql.table(table)))
  if (isPostgres) await sql`analyze ${tables}`.execute(target.db)
  return counts
}

/** The next event gets a number of its own. */
async function skipSequence(to: Trx): Promise<void> {
  const last = sql`(select coalesce(max(sequence), 0) + 1 from events)`
  await sql`select setval(pg_get_serial_sequence('events', 'sequence'), ${last}, false)`.execute(to)
}

function requireDifferent(source: OpenDatabase, target: OpenDatabase): void {
  if (source.identity !== target.identity) return
  throw new Failure('conflict', `cannot copy the registry ${source.name} to itself`, {
    advice: 'Choose an empty database for --to.',
  })
}

async function prepare({db, engine}: OpenDatabase): Promise<void> {
  await migrate(db)
  if (engine === 'sqlite') return
  const {setByteOrder} = await import('../registry/postgres/byte-order.js')
  await setByteOrder(db)
}

async function requireEmpty(to: Trx, name: string): Promise<void> {
  const counts = await countRows(to)
  const filled = TABLES.filter(table => counts[table] > 0)
  if (filled.length === 0) return
  throw new Failure('conflict', `the registry ${name} is not empty`, {
    why: `it has rows in ${filled.join(', ')}`,
    advice: 'Choose an empty database.',
  })
}

/** Reads along the key, so that all batches take equally long. */
async function copyTable(from: Trx, to: Trx, table: TableName): Promise<void> {
  const key = sql.join(KEYS[table].map(column => sql.ref(column)))
  let condition = sql<SqlBool>`1 = 1`
  for (;;) {
    const select = sql<Record<string, unknown>>`
      select * from ${sql.table(table)} where ${condition} order by ${key} limit ${sql.lit(BATCH)}`
    const {rows} = await select.execute(from)
    const last = rows.at(-1)
    if (last === undefined) return
    await to
      .insertInto(table)
      .values(rows as never)
      .execute()
    const values = KEYS[table].map(column => last[column])
    condition = sql<SqlBool>`(${key}) > (${sql.join(values)})`
  }
}

async function compareCounts(from: Trx, to: Trx): Promise<RowCounts> {
  const [expected, actual] = [await countRows(from), await countRows(to)]
  const wrong = TABLES.find(table => expected[table] !== actual[table])
  if (wrong === undefined) return actual
  throw new Failure('failed', 'the copy of the registry is not complete', {
    why: `${wrong} has ${actual[wrong]} rows, expected ${expected[wrong]}`,
  })
}

async function countRows(trx: Trx): Promise<RowCounts> {
  const counts: [TableName, number][] = []
  for (const table of TABLES) {
    const {rows} = await sql<{n: number}>`select count(*) as n from ${sql.table(table)}`.execute(trx)
    counts.push([table, rows[0]?.n ?? 0])
  }
  return Object.fromEntries(counts) as RowCounts
}
