/** The migration that adds the events that wait until they are sent, and which process sends them. */
import {type RawBuilder, sql} from 'kysely'
import type {Database} from '../sql/tables.js'

/** @param sequence the type of a number that grows with each row, and is never used again */
export async function addEvents(db: Database, sequence: RawBuilder<unknown>): Promise<void> {
  await sql`create table events (
    sequence ${sequence},
    id text not null unique,
    type text not null,
    priority text not null,
    publisher text not null,
    payload text not null,
    created_at text not null
  )`.execute(db)
  await sql`alter table processes add column sending integer not null default 0`.execute(db)
}
