/** Tasks in an SQL database. */
import {type SqlBool, sql} from 'kysely'
import {laterThan} from '../clock.js'
import type {HeldTask, NewTask, TaskChanges, TaskQuery, TaskRecord, TaskSortKey} from '../registry.js'
import {toTaskRecord} from './rows.js'
import type {Database, TaskRow} from './tables.js'

const FINISHED = ['success', 'failure']

/** Stores a new task with status `pending`. @param now time of creation */
export async function insertTask(db: Database, task: NewTask, now: string): Promise<TaskRecord> {
  const row: TaskRow = {
    id: task.id,
    image_id: task.imageId,
    type: task.type,
    status: 'pending',
    owner: task.owner,
    user_id: task.userId,
    request_id: task.requestId,
    input: task.input,
    message: '',
    created_at: now,
    updated_at: now,
    holder: null,
    attempts: 0,
  }
  await db.insertInto('tasks').values(row).execute()
  return toTaskRecord(row)
}

/** Changes a task that has not finished and has this holder; undefined when there is none. */
export async function updateTask(
  db: Database,
  {id, holder}: HeldTask,
  changes: TaskChanges,
  now: string,
): Promise<TaskRecord | undefined> {
  const old = await db.selectFrom('tasks').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (old === undefined || old.holder !== holder || FINISHED.includes(old.status)) return undefined
  const columns = {...changes, updated_at: laterThan(old.updated_at, now)}
  await db.updateTable('tasks').set(columns).where('id', '=', id).execute()
  return toTaskRecord({...old, ...columns})
}

/** The task with this ID. */
export async function findTask(db: Database, id: string): Promise<TaskRecord | undefined> {
  const row = await selectTaskRow(db, id)
  return row && toTaskRecord(row)
}

/** Deletes the tasks that finished before this time. */
export async function deleteFinishedTasks(db: Database, before: string): Promise<void> {
  await db.deleteFrom('tasks').where('status', 'in', FINISHED).where('updated_at', '<', before).execute()
}

/** One page of tasks, newest first unless the query has another order. */
export async function listTasks(
  db: Database,
  query: TaskQuery,
): Promise<readonly TaskRecord[] | 'unknown marker'> {
  const {limit, marker, sortKey = 'created_at', sortDir = 'desc'} = query
  const markerRow = marker === undefined ? undefined : await selectTaskRow(db, marker)
  if (marker !== undefined && markerRow === undefined) return 'unknown marker'
  const order = [...new Set([sortKey, 'created_at', 'id'] as const)]
  let select = db.selectFrom('tasks').selectAll()
  for (const [column, value] of toEqualities(query)) select = select.where(column, '=', value)
  if (markerRow) select = select.where(isAfter(order, sortDir, markerRow))
  for (const column of order) select = select.orderBy(column, sortDir)
  return (await select.limit(limit).execute()).map(toTaskRecord)
}

function toEqualities({id, imageId, status, type, owner}: TaskQuery) {
  const wanted = {id, image_id: imageId, status, type, owner}
  return (Object.entries(wanted) as [keyof typeof wanted, string | undefined][]).flatMap(([column, value]) =>
    value === undefined ? [] : [[column, value] as const],
  )
}

function isAfter(order: readonly TaskSortKey[], dir: 'asc' | 'desc', row: TaskRow) {
  const columns = sql.join(order.map(column => sql.ref(column)))
  const values = sql.join(order.map(column => row[column]))
  const sign = sql.raw(dir === 'asc' ? '>' : '<')
  return sql<SqlBool>`(${columns}) ${sign} (${values})`
}

function selectTaskRow(db: Database, id: string): Promise<TaskRow | undefined> {
  return db.selectFrom('tasks').selectAll().where('id', '=', id).executeTakeFirst()
}
