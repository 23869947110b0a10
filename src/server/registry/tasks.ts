/** Tasks in an SQL database. */
import {type Kysely, sql as raw, type SqlBool, type Transaction} from 'kysely'
import {taskRecord} from './records.js'
import type {NewTask, TaskQuery, TaskRecord, TaskSortKey} from './registry.js'
import type {Tables, TaskRow} from './schema.js'

type Sql = Kysely<Tables> | Transaction<Tables>

export async function createTask(sql: Sql, task: NewTask, now: string): Promise<TaskRecord> {
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
  }
  await sql.insertInto('tasks').values(row).execute()
  return taskRecord(row)
}

export async function updateTask(
  sql: Sql,
  id: string,
  columns: Partial<TaskRow>,
): Promise<TaskRecord | undefined> {
  await sql.updateTable('tasks').set(columns).where('id', '=', id).execute()
  return findTask(sql, id)
}

export async function findTask(sql: Sql, id: string): Promise<TaskRecord | undefined> {
  const row = await taskRow(sql, id)
  return row && taskRecord(row)
}

const OVER = ['success', 'failure']

export async function failTasks(sql: Sql, columns: Partial<TaskRow>): Promise<TaskRecord[]> {
  const rows = await sql.selectFrom('tasks').selectAll().where('status', 'not in', OVER).execute()
  const failed = {...columns, status: 'failure'}
  await sql.updateTable('tasks').set(failed).where('status', 'not in', OVER).execute()
  return rows.map(row => taskRecord({...row, ...failed}))
}

export async function forgetTasks(sql: Sql, before: string): Promise<void> {
  await sql.deleteFrom('tasks').where('status', 'in', OVER).where('updated_at', '<', before).execute()
}

export async function tasks(sql: Sql, query: TaskQuery): Promise<readonly TaskRecord[] | 'no such marker'> {
  const {limit, marker, sortKey = 'created_at', sortDir = 'desc'} = query
  const behind = marker === undefined ? undefined : await taskRow(sql, marker)
  if (marker !== undefined && behind === undefined) return 'no such marker'
  const order = [...new Set([sortKey, 'created_at', 'id'] as const)]
  let select = sql.selectFrom('tasks').selectAll()
  for (const [column, value] of wantedOf(query)) select = select.where(column, '=', value)
  if (behind) select = select.where(beyond(order, sortDir, behind))
  for (const column of order) select = select.orderBy(column, sortDir)
  return (await select.limit(limit).execute()).map(taskRecord)
}

function wantedOf({id, imageId, status, type, owner}: TaskQuery) {
  const wanted = {id, image_id: imageId, status, type, owner}
  return (Object.entries(wanted) as [keyof typeof wanted, string | undefined][]).flatMap(([column, value]) =>
    value === undefined ? [] : [[column, value] as const],
  )
}

function beyond(order: readonly TaskSortKey[], dir: 'asc' | 'desc', row: TaskRow) {
  const columns = raw.join(order.map(column => raw.ref(column)))
  const values = raw.join(order.map(column => row[column]))
  const sign = raw.raw(dir === 'asc' ? '>' : '<')
  return raw<SqlBool>`(${columns}) ${sign} (${values})`
}

function taskRow(sql: Sql, id: string): Promise<TaskRow | undefined> {
  return sql.selectFrom('tasks').selectAll().where('id', '=', id).executeTakeFirst()
}
