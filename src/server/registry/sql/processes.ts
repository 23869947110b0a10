/** Processes of the service in an SQL database, and the work that no living one holds. */
import {type RawBuilder, type SqlBool, sql} from 'kysely'
import type {ProcessRecord} from '../processes.js'
import type {ImageRecord, TaskRecord} from '../registry.js'
import {IS_LISTED} from './filters.js'
import {loadRecords} from './images.js'
import {toTaskRecord} from './rows.js'
import type {Database, Trx} from './tables.js'

/** See `ProcessRegistry.recordHeartbeat`. @param now seconds since 1970 by the clock of the database */
export async function recordHeartbeat(
  db: Database,
  process: ProcessRecord,
  now: RawBuilder<number>,
): Promise<void> {
  const {id, host, pid} = process
  const insert = db.insertInto('processes').values({id, host, pid, started_at: now, heartbeat_at: now})
  await insert.onConflict(conflict => conflict.column('id').doUpdateSet({heartbeat_at: now})).execute()
}

/** Deletes the record of a process. */
export async function deleteProcess(db: Database, id: string): Promise<void> {
  await db.deleteFrom('processes').where('id', '=', id).execute()
}

/** See `ProcessRegistry.forgetProcesses`. @param now seconds since 1970 by the clock of the database */
export async function deleteProcesses(
  db: Database,
  silence: number,
  now: RawBuilder<number>,
): Promise<number> {
  const silent = db.deleteFrom('processes').where('heartbeat_at', '<', sql<number>`${now} - ${silence}`)
  return Number((await silent.executeTakeFirst()).numDeletedRows)
}

/** See `ProcessRegistry.listAbandonedUploads`. The conditions on the status let it use the index of the status. */
export async function listAbandonedUploads(trx: Trx): Promise<readonly ImageRecord[]> {
  const rows = await trx
    .selectFrom('images')
    .selectAll()
    .where(sql<SqlBool>`status in ('saving', 'importing', 'uploading')`)
    .where(IS_LISTED)
    .where(sql<SqlBool>`(status <> 'uploading' or location is null or arriving is not null)`)
    .where(isAbandoned('images'))
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return loadRecords(trx, rows)
}

/** See `ProcessRegistry.listAbandonedTasks`. */
export async function listAbandonedTasks(db: Database): Promise<readonly TaskRecord[]> {
  const unfinished = db
    .selectFrom('tasks')
    .selectAll()
    .where(sql<SqlBool>`status not in ('success', 'failure')`)
  return (await unfinished.where(isAbandoned('tasks')).orderBy('id').execute()).map(toTaskRecord)
}

/** See `ProcessRegistry.takeAbandonedCopies`. */
export async function takeAbandonedCopies(
  trx: Trx,
  holder: string,
  limit: number,
): Promise<readonly ImageRecord[]> {
  const rows = await trx
    .selectFrom('images')
    .selectAll()
    .where(sql<SqlBool>`status = 'queued' and location is not null`)
    .where(isAbandoned('images'))
    .orderBy('created_at')
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
  if (rows.length === 0) return []
  const ids = rows.map(({id}) => id)
  await trx.updateTable('images').set({holder}).where('id', 'in', ids).execute()
  return loadRecords(
    trx,
    rows.map(row => ({...row, holder})),
  )
}

function isAbandoned(table: 'images' | 'tasks'): RawBuilder<SqlBool> {
  const holder = sql.ref(`${table}.holder`)
  return sql`(${holder} is null or not exists (select 1 from processes where processes.id = ${holder}))`
}
