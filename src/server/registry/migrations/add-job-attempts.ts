/** The migration that lets any process carry out a job: how often it was begun, and who searches the stores. */
import {sql} from 'kysely'
import type {Database} from '../sql/tables.js'

/** Tasks of an older release have not been begun, as far as is known. */
export async function addJobAttempts(db: Database): Promise<void> {
  await sql`alter table tasks add column attempts integer not null default 0`.execute(db)
  await sql`alter table processes add column sweeping integer not null default 0`.execute(db)
}
