/** The schema as a sequence of migrations. A released migration is never changed; add another one after it. */
import {type Migration, Migrator, sql} from 'kysely'
import {Failure} from '../../../lib/model/errors.js'
import type {Database} from '../sql/tables.js'
import {addVersion2} from './add-version-2.js'

/**
 * Updates the schema, completely or not at all.
 * @param last name of the last migration to run, as an older release would; absent: run all
 * @throws Failure when a newer release created the database, or when it cannot be changed
 */
export async function migrate(db: Database, last?: string): Promise<void> {
  const migrator = new Migrator({db, provider: {getMigrations: async () => MIGRATIONS}})
  const {error} = await (last === undefined ? migrator.migrateToLatest() : migrator.migrateTo(last))
  if (error === undefined) return
  throw new Failure('failed', 'cannot update the schema of the registry', {
    why: error instanceof Error ? error.message : String(error),
    advice:
      'Use the release that wrote the registry, if it is newer; if the file is damaged, restore it from a backup.',
    cause: error,
  })
}

const MIGRATIONS: Record<string, Migration> = {
  '0001_images': {up: createFirstTables},
  '0002_lists': {up: createListIndexes},
  '0003_v2': {up: addVersion2},
  '0004_unused_data': {up: addUnusedData},
}

/** The data that is being received, and the data to delete. */
async function addUnusedData(db: Database): Promise<void> {
  await sql`alter table images add column arriving text`.execute(db)
  await db.schema
    .createTable('unused_data')
    .addColumn('location', 'text', column => column.notNull().primaryKey())
    .execute()
}

async function createFirstTables(db: Database): Promise<void> {
  await createImageTable(db)
  await db.schema
    .createTable('image_properties')
    .addColumn('image_id', 'text', column => column.notNull().references('images.id'))
    .addColumn('name', 'text', column => column.notNull())
    .addColumn('value', 'text')
    .addPrimaryKeyConstraint('image_properties_key', ['image_id', 'name'])
    .execute()
  await db.schema
    .createTable('image_members')
    .addColumn('image_id', 'text', column => column.notNull().references('images.id'))
    .addColumn('member_id', 'text', column => column.notNull())
    .addColumn('can_share', 'integer', column => column.notNull())
    .addPrimaryKeyConstraint('image_members_key', ['image_id', 'member_id'])
    .execute()
  await db.schema
    .createIndex('image_members_by_member')
    .on('image_members')
    .columns(['member_id', 'image_id'])
    .execute()
}

async function createImageTable(db: Database): Promise<void> {
  await db.schema
    .createTable('images')
    .addColumn('id', 'text', column => column.notNull().primaryKey())
    .addColumn('name', 'text')
    .addColumn('status', 'text', column => column.notNull())
    .addColumn('is_public', 'integer', column => column.notNull())
    .addColumn('protected', 'integer', column => column.notNull())
    .addColumn('disk_format', 'text')
    .addColumn('container_format', 'text')
    .addColumn('size', 'bigint', column => column.notNull())
    .addColumn('virtual_size', 'bigint')
    .addColumn('checksum', 'text')
    .addColumn('owner', 'text')
    .addColumn('min_disk', 'bigint', column => column.notNull())
    .addColumn('min_ram', 'bigint', column => column.notNull())
    .addColumn('location', 'text')
    .addColumn('created_at', 'text', column => column.notNull())
    .addColumn('updated_at', 'text', column => column.notNull())
    .addColumn('deleted_at', 'text')
    .addColumn('deleted', 'integer', column => column.notNull())
    .execute()
}

/**
 * One index per order of a list, so that a page is one scan that starts at its marker. `is_public` at the end lets the
 * scan skip records without fetching them. Killed and deleted records, whose number only grows, are left out, except in
 * the two indexes that `changes-since` needs.
 */
async function createListIndexes(db: Database): Promise<void> {
  for (const key of ['name', 'status', 'container_format', 'disk_format', 'size', 'updated_at'] as const) {
    await createListIndex(db, `images_by_${key}`, [key, 'created_at', 'id', 'is_public'])
  }
  await createListIndex(db, 'images_by_created_at', ['created_at', 'id', 'is_public'])
  await createListIndex(db, 'images_by_id', ['id', 'is_public'])
  await createListIndex(db, 'images_by_is_public', ['is_public', 'created_at', 'id'])
  await sql`create index images_all_by_created_at on images (created_at, id, updated_at)`.execute(db)
  await sql`create index images_all_by_updated_at on images (updated_at, created_at, id)`.execute(db)
}

async function createListIndex(db: Database, name: string, columns: readonly string[]): Promise<void> {
  const list = sql.join(columns.map(column => sql.ref(column)))
  const where = sql`where status not in ('killed', 'deleted')`
  await sql`create index ${sql.ref(name)} on images (${list}) ${where}`.execute(db)
}
