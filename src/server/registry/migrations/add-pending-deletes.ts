/** The migration that adds deleted images which still have their data. */
import {sql} from 'kysely'
import type {Database} from '../sql/tables.js'

/** The indexes of lists with their columns. */
const LIST_INDEXES = {
  images_by_name: 'name, created_at, id, is_public',
  images_by_status: 'status, created_at, id, is_public',
  images_by_container_format: 'container_format, created_at, id, is_public',
  images_by_disk_format: 'disk_format, created_at, id, is_public',
  images_by_size: 'size, created_at, id, is_public',
  images_by_updated_at: 'updated_at, created_at, id, is_public',
  images_by_created_at: 'created_at, id, is_public',
  images_by_id: 'id, is_public',
  images_by_is_public: 'is_public, created_at, id',
  images_by_owner: 'owner, created_at, id',
  images_by_checksum: 'checksum, created_at, id',
  images_by_os_hash_value: 'os_hash_value, created_at, id',
}

/** The indexes of lists are made again without those images, whose number may be large. */
export async function addPendingDeletes(db: Database): Promise<void> {
  await sql`alter table images add column status_before text`.execute(db)
  await sql`alter table images add column pending_since double precision`.execute(db)
  const listed = sql`status not in ('killed', 'deleted', 'pending_delete')`
  for (const [name, columns] of Object.entries(LIST_INDEXES)) {
    await sql`drop index ${sql.ref(name)}`.execute(db)
    await sql`create index ${sql.ref(name)} on images (${sql.raw(columns)}) where ${listed}`.execute(db)
  }
  for (const column of ['pending_since', 'owner']) {
    const name = sql.ref(`images_pending_by_${column}`)
    const pending = sql`status = 'pending_delete'`
    await sql`create index ${name} on images (${sql.ref(column)}) where ${pending}`.execute(db)
  }
}
