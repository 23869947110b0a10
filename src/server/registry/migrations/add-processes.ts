/** The migration that adds the processes of the service, and which one holds an image or a task. */
import {sql} from 'kysely'
import type {Database} from '../sql/tables.js'

/** Images and tasks without a holder are abandoned, and so is what an older release has begun. */
export async function addProcesses(db: Database): Promise<void> {
  for (const table of ['images', 'tasks']) {
    await sql`alter table ${sql.table(table)} add column holder text`.execute(db)
  }
  await db.schema
    .createTable('processes')
    .addColumn('id', 'text', column => column.notNull().primaryKey())
    .addColumn('host', 'text', column => column.notNull())
    .addColumn('pid', 'integer', column => column.notNull())
    .addColumn('started_at', 'double precision', column => column.notNull())
    .addColumn('heartbeat_at', 'double precision', column => column.notNull())
    .execute()
  await sql`create index images_to_copy on images (created_at, id)
    where status = 'queued' and location is not null`.execute(db)
  await sql`create index tasks_unfinished on tasks (id) where status not in ('success', 'failure')`.execute(
    db,
  )
}
