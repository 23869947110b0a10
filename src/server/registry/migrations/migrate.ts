/** The schema as a sequence of migrations. A released migration is never changed; add another one after it. */
import {type Migration, Migrator, PostgresAdapter, sql} from 'kysely'
import {Failure} from '../../../lib/model/errors.js'
import {INDEXED_CHARACTERS} from '../sql/filters.js'
import type {Database} from '../sql/tables.js'
import {addEvents} from './add-events.js'
import {addJobAttempts} from './add-job-attempts.js'
import {addMetadefs} from './add-metadefs.js'
import {addPendingDeletes} from './add-pending-deletes.js'
import {addProcesses} from './add-processes.js'
import {addRareFilters} from './add-rare-filters.js'
import {addVersion2} from './add-version-2.js'

/**
 * Updates the schema, completely or not at all. Of several processes at the same time, one does it and the others wait.
 * @param last name of the last migration to run, as an older release would; absent: run all
 * @throws Failure when a newer release created the database, or when it cannot be changed
 */
export async function migrate(db: Database, last?: string): Promise<void> {
  const migrator = await createMigrator(db)
  const {error} = await (last === undefined ? migrator.migrateToLatest() : migrator.migrateTo(last))
  if (error === undefined) return
  throw new Failure('failed', 'cannot update the schema of the registry', {
    why: error instanceof Error ? error.message : String(error),
    advice:
      'Use the release that wrote the registry, if it is newer; if the file is damaged, restore it from a backup.',
    cause: error,
  })
}

/** The last migration that the database has, and the last one of this release. */
export interface SchemaVersion {
  /** Undefined for a database without a schema; that of a newer release is unknown here. */
  readonly current: string | undefined
  readonly latest: string
}

/** Finds the version of the schema, without a change. @throws the error of the database */
export async function findVersion(db: Database): Promise<SchemaVersion> {
  const select = sql<{name: string | null}>`select max(name) as name from kysely_migration`
  const found = await select.execute(db).catch((error: unknown) => {
    if (/no such table|does not exist/.test(String(error))) return undefined
    throw error
  })
  return {current: found?.rows[0]?.name ?? undefined, latest: Object.keys(MIGRATIONS).at(-1) ?? ''}
}

/** In PostgreSQL the tables are in the schema that comes first in `search_path`: others may have tables of the same names. */
async function createMigrator(db: Database): Promise<Migrator> {
  const provider = {getMigrations: async () => MIGRATIONS}
  if (!isPostgres(db)) return new Migrator({db, provider})
  const {rows} = await sql<{schema: string | null}>`select current_schema() as schema`.execute(db)
  const schema = rows[0]?.schema
  if (!schema) throw new Failure('failed', 'cannot find the schema of the registry', NO_SCHEMA)
  return new Migrator({db, provider, migrationTableSchema: schema})
}

const NO_SCHEMA = {
  why: 'no schema in search_path exists',
  advice: 'Create it, or remove search_path from the URL or from the settings of the user.',
}

function isPostgres(db: Database): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter
}

const MIGRATIONS: Record<string, Migration> = {
  '0001_images': {up: createFirstTables},
  '0002_lists': {up: createListIndexes},
  '0003_v2': {up: addVersion2},
  '0004_unused_data': {up: addUnusedData},
  '0005_property_values': {up: addPropertyIndex},
  '0006_long_locations': {up: allowLongLocations},
  '0007_purged_images': {up: addPurgedImages},
  '0008_processes': {up: addProcesses},
  '0009_job_attempts': {up: addJobAttempts},
  '0010_pending_deletes': {up: addPendingDeletes},
  '0011_tags': {up: addTagIndex},
  '0012_process_folders': {up: addProcessFolders},
  '0013_metadefs': {up: addMetadefs},
  '0014_events': {up: db => addEvents(db, isPostgres(db) ? BIG_SEQUENCE : SEQUENCE)},
  '0015_copy_attempts': {up: addCopyAttempts},
  // SQLite does not use an index with a condition for a value that is bound.
  '0016_rare_filters': {up: async db => (isPostgres(db) ? addRareFilters(db) : undefined)},
}

const SEQUENCE = sql`integer primary key autoincrement`
const BIG_SEQUENCE = sql`bigserial primary key`

/** Copies that an older release has begun count as begun no time, as far as is known. */
async function addCopyAttempts(db: Database): Promise<void> {
  await sql`alter table images add column attempts integer not null default 0`.execute(db)
}

/** By which processes see that they do not share their folders. */
async function addProcessFolders(db: Database): Promise<void> {
  await sql`alter table processes add column folders text`.execute(db)
}

/** The ids of images whose rows were purged, so that they are never used again. */
async function addPurgedImages(db: Database): Promise<void> {
  await db.schema
    .createTable('purged_images')
    .addColumn('id', 'text', column => column.notNull().primaryKey())
    .execute()
}

/** For filters by a tag. */
async function addTagIndex(db: Database): Promise<void> {
  await db.schema.createIndex('image_tags_by_tag').on('image_tags').columns(['tag', 'image_id']).execute()
}

/** For filters by a property. Only the beginning of the value, because an index refuses long values. */
async function addPropertyIndex(db: Database): Promise<void> {
  const columns = sql.raw(`name, substr(value, 1, ${INDEXED_CHARACTERS}), image_id`)
  await sql`create index image_properties_by_value on image_properties (${columns})`.execute(db)
}

/** An index of PostgreSQL refuses values above 2700 bytes, and a location may have more. */
async function allowLongLocations(db: Database): Promise<void> {
  if (!isPostgres(db)) return
  await sql`alter table unused_data drop constraint unused_data_pkey`.execute(db)
  await sql`create unique index unused_data_by_digest on unused_data (md5(location))`.execute(db)
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
