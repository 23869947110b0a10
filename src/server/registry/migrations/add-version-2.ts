/** The migration that adds the columns and tables of API v2. */
import {sql} from 'kysely'
import type {Database} from '../sql/tables.js'

/** Public images stay public; all others become `shared`, and their members `pending`, because they never answered. */
export async function addVersion2(db: Database): Promise<void> {
  await addImageColumns(db)
  await addMemberColumns(db)
  await createTagTable(db)
  await createTaskTable(db)
  await createFilterIndexes(db)
}

async function addImageColumns(db: Database): Promise<void> {
  const add = (name: string, type: 'text' | 'integer', ending = '') =>
    sql`alter table images add column ${sql.ref(name)} ${sql.raw(`${type} ${ending}`)}`.execute(db)
  await add('visibility', 'text', `not null default 'shared'`)
  await add('os_hidden', 'integer', 'not null default 0')
  await add('os_hash_algo', 'text')
  await add('os_hash_value', 'text')
  await add('locations', 'text')
  await add('if_broken', 'text', `not null default 'killed'`)
  await db.updateTable('images').set({visibility: 'public'}).where('is_public', '=', 1).execute()
}

async function addMemberColumns(db: Database): Promise<void> {
  await sql`alter table image_members add column status text not null default 'pending'`.execute(db)
  for (const column of ['created_at', 'updated_at'] as const) {
    await sql`alter table image_members add column ${sql.ref(column)} text not null default ''`.execute(db)
    const made = sql`(select i.created_at from images as i where i.id = image_members.image_id)`
    await sql`update image_members set ${sql.ref(column)} = ${made}`.execute(db)
  }
}

async function createTagTable(db: Database): Promise<void> {
  await db.schema
    .createTable('image_tags')
    .addColumn('image_id', 'text', column => column.notNull().references('images.id'))
    .addColumn('tag', 'text', column => column.notNull())
    .addPrimaryKeyConstraint('image_tags_key', ['image_id', 'tag'])
    .execute()
}

/** Without a reference to images, because tasks remain after their image is deleted. */
async function createTaskTable(db: Database): Promise<void> {
  const texts = ['image_id', 'type', 'status', 'request_id', 'input', 'message', 'created_at', 'updated_at']
  let table = db.schema.createTable('tasks').addColumn('id', 'text', column => column.notNull().primaryKey())
  for (const name of texts) table = table.addColumn(name, 'text', column => column.notNull())
  await table.addColumn('owner', 'text').addColumn('user_id', 'text').execute()
  await db.schema.createIndex('tasks_by_created_at').on('tasks').columns(['created_at', 'id']).execute()
  await db.schema
    .createIndex('tasks_by_image')
    .on('tasks')
    .columns(['image_id', 'created_at', 'id'])
    .execute()
}

/** For filters that match few images, in the default order of lists. */
async function createFilterIndexes(db: Database): Promise<void> {
  for (const column of ['owner', 'checksum', 'os_hash_value']) {
    const columns = sql.join([column, 'created_at', 'id'].map(name => sql.ref(name)))
    const name = sql.ref(`images_by_${column}`)
    await sql`create index ${name} on images (${columns}) where status not in ('killed', 'deleted')`.execute(
      db,
    )
  }
}
