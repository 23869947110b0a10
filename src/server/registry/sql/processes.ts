/** Processes of the service in an SQL database, and the work that no living one holds. */
import {type Expression, type RawBuilder, type SelectQueryBuilder, type SqlBool, sql} from 'kysely'
import type {Backlog, JobQuery, ProcessRecord} from '../processes.js'
import type {ImageRecord, TaskRecord} from '../registry.js'
import {IS_LISTED} from './filters.js'
import {loadRecords} from './images.js'
import {toTaskRecord} from './rows.js'
import type {Database, Tables, Trx} from './tables.js'

/** See `ProcessRegistry.recordHeartbeat`. @param now seconds since 1970 by the clock of the database */
export async function recordHeartbeat(
  db: Database,
  process: ProcessRecord,
  now: RawBuilder<number>,
): Promise<void> {
  const {id, host, pid, folders = null} = process
  const row = {id, host, pid, folders, started_at: now, heartbeat_at: now}
  const insert = db.insertInto('processes').values(row)
  await insert.onConflict(conflict => conflict.column('id').doUpdateSet({heartbeat_at: now})).execute()
}

/** See `ProcessRegistry.findWithOtherFolders`. @param now seconds since 1970 by the clock of the database */
export async function findWithOtherFolders(
  db: Database,
  {id, folders}: ProcessRecord,
  silence: number,
  now: RawBuilder<number>,
): Promise<ProcessRecord | undefined> {
  if (folders === undefined) return undefined
  const living = db.selectFrom('processes').where('heartbeat_at', '>=', sql<number>`${now} - ${silence}`)
  const others = living.where('id', '<>', id).where('folders', '<>', folders).select(['id', 'host', 'pid'])
  return others.orderBy('started_at').limit(1).executeTakeFirst()
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
    .where(sql<SqlBool>`(status <> 'importing' or not exists (select 1 from tasks
      where tasks.image_id = images.id and tasks.status not in ('success', 'failure')))`)
    .where(isAbandoned('images'))
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return loadRecords(trx, rows)
}

/** See `ProcessRegistry.findOldestJob`. */
export async function findOldestJob(
  db: Database,
  holder: string,
  query: JobQuery,
): Promise<'task' | 'copy' | undefined> {
  const tasks = selectOldest(db, 'tasks', holder, query).select(sql.lit('task').as('kind'))
  const copies = selectOldest(db, 'images', holder, query).select(sql.lit('copy').as('kind'))
  const {rows} = await sql<{kind: 'task' | 'copy'}>`select kind from (
    select * from (${tasks}) as t union all select * from (${copies}) as c
  ) as jobs order by created_at, id limit 1`.execute(db)
  return rows[0]?.kind
}

/** The oldest job of a table that a process may take. */
function selectOldest(db: Database, table: HeldTable, holder: string, {running, busy}: JobQuery) {
  return db
    .selectFrom(table)
    .where(isWaiting(table, holder, running))
    .where(isNoneOf(sql`coalesce(owner, '')`, busy))
    .select(['created_at', 'id'])
    .orderBy('created_at')
    .orderBy('id')
    .limit(1)
}

/** See `ProcessRegistry.takeTask`. */
export async function takeTask(
  trx: Trx,
  holder: string,
  {running, busy}: JobQuery,
): Promise<TaskRecord | undefined> {
  const waiting = trx
    .selectFrom('tasks')
    .selectAll()
    .where(isWaiting('tasks', holder, running))
  const row = await lockOldest(waiting, busy)
  if (row === undefined) return undefined
  const columns = {holder, status: 'pending'}
  await trx.updateTable('tasks').set(columns).where('id', '=', row.id).execute()
  return toTaskRecord({...row, ...columns})
}

/** See `ProcessRegistry.takeCopy`. */
export async function takeCopy(
  trx: Trx,
  holder: string,
  {running, busy}: JobQuery,
): Promise<ImageRecord | undefined> {
  const waiting = trx
    .selectFrom('images')
    .selectAll()
    .where(isWaiting('images', holder, running))
  const row = await lockOldest(waiting, busy)
  if (row === undefined) return undefined
  await trx.updateTable('images').set({holder}).where('id', '=', row.id).execute()
  return (await loadRecords(trx, [{...row, holder}]))[0]
}

/** The oldest of the jobs, without those of busy projects and those that another process is about to take. */
function lockOldest<Row>(
  jobs: SelectQueryBuilder<Tables, HeldTable, Row>,
  busy: JobQuery['busy'],
): Promise<Row | undefined> {
  return jobs
    .where(isNoneOf(sql`coalesce(owner, '')`, busy))
    .orderBy(sql`created_at`)
    .orderBy(sql`id`)
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst() as Promise<Row | undefined>
}

/** See `ProcessRegistry.countWaitingJobs`. */
export async function countWaitingJobs(db: Database, owner: string | null): Promise<number> {
  const isOwn = sql<SqlBool>`coalesce(owner, '') = ${owner ?? ''}`
  const {rows} = await sql<{n: number}>`select ${countWaiting(isOwn)} as n`.execute(db)
  return rows[0]?.n ?? 0
}

/** See `ProcessRegistry.countBacklog`. */
export async function countBacklog(db: Database): Promise<Backlog> {
  const {rows} = await sql<Backlog>`select ${countWaiting(sql<SqlBool>`1 = 1`)} as "waitingJobs",
    (select count(*) from unused_data) as "unusedData"`.execute(db)
  return rows[0] ?? {waitingJobs: 0, unusedData: 0}
}

/** Number of the tasks and copies that wait. */
function countWaiting(condition: Expression<SqlBool>): RawBuilder<number> {
  return sql`(select count(*) from tasks
      where status not in ('success', 'failure') and status = 'pending' and holder is null and ${condition}) +
    (select count(*) from images
      where status = 'queued' and location is not null and holder is null and ${condition})`
}

/** See `ProcessRegistry.claimSweep`. The rows are locked, so that one of several processes sees no other. */
export async function claimSweep(trx: Trx, holder: string): Promise<boolean> {
  const rows = await trx
    .selectFrom('processes')
    .select(['id', 'sweeping'])
    .orderBy('id')
    .forUpdate()
    .execute()
  if (rows.some(({id, sweeping}) => sweeping === 1 && id !== holder)) return false
  await setSweeping(trx, holder, 1)
  return true
}

/** Records whether a process searches the stores. */
export async function setSweeping(db: Database, id: string, sweeping: 0 | 1): Promise<void> {
  await db.updateTable('processes').set({sweeping}).where('id', '=', id).execute()
}

type HeldTable = 'images' | 'tasks'

function isAbandoned(table: HeldTable): RawBuilder<SqlBool> {
  const holder = sql.ref(`${table}.holder`)
  return sql`(${holder} is null or not exists (select 1 from processes where processes.id = ${holder}))`
}

/** True for a task or a copy that the process may take. */
function isWaiting(table: HeldTable, holder: string, running: readonly string[]): RawBuilder<SqlBool> {
  const [free, left] = [isFree(table, holder), isLeft(table, holder, running)]
  return table === 'tasks'
    ? sql`(status not in ('success', 'failure') and (${free} or status = 'pending' and ${left}))`
    : sql`(status = 'queued' and location is not null and (${free} or ${left}))`
}

/** True for what another process may take. A process in a registry of its own is not recorded, and lives. */
function isFree(table: HeldTable, process: string): RawBuilder<SqlBool> {
  const holder = sql.ref(`${table}.holder`)
  return sql`(${holder} is null or ${holder} <> ${process} and ${isAbandoned(table)})`
}

/** True for what the process holds and does not run: it took it, and the answer of the database was lost. */
function isLeft(table: HeldTable, holder: string, running: readonly string[]): RawBuilder<SqlBool> {
  return sql`(${sql.ref(`${table}.holder`)} = ${holder} and ${isNoneOf(sql.ref(`${table}.id`), running)})`
}

function isNoneOf(value: RawBuilder<unknown>, values: readonly (string | null)[]): RawBuilder<SqlBool> {
  if (values.length === 0) return sql<SqlBool>`1 = 1`
  return sql<SqlBool>`${value} not in (${sql.join(values.map(one => one ?? ''))})`
}
