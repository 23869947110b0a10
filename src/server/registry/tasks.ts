/** Tasks in an SQL database. */
import {type Kysely, sql as raw, type SqlBool, type Transaction} from 'kysely'
import {taskRecord} from './records.js'
import type {NewTask, TaskQuery, TaskRecord} from './registry.js'
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

export async function tasks(
  sql: Sql,
  {imageId, limit, marker}: TaskQuery,
): Promise<readonly TaskRecord[] | 'no such marker'> {
  const behind = marker === undefined ? undefined : await taskRow(sql, marker)
  if (marker !== undefined && behind === undefined) return 'no such marker'
  let select = sql.selectFrom('tasks').selectAll()
  if (imageId !== undefined) select = select.where('image_id', '=', imageId)
  if (behind) select = select.where(raw<SqlBool>`(created_at, id) < (${behind.created_at}, ${behind.id})`)
  const rows = await select.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
  return rows.map(taskRecord)
}

function taskRow(sql: Sql, id: string): Promise<TaskRow | undefined> {
  return sql.selectFrom('tasks').selectAll().where('id', '=', id).executeTakeFirst()
}
