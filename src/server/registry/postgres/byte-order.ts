/** Sorts and compares text as SQLite does, byte by byte, whatever the locale of the database is. */
import {sql} from 'kysely'
import type {Database} from '../sql/tables.js'

interface TextColumn {
  readonly table: string
  readonly column: string
}

/** Gives all columns for text the byte order, also those of later migrations. Without effect where they have it. */
export async function setByteOrder(db: Database): Promise<void> {
  await db.transaction().execute(async trx => {
    const {rows} = await sql<TextColumn>`
      select c.relname as table, a.attname as column
      from pg_attribute as a
      join pg_class as c on c.oid = a.attrelid and c.relkind = 'r'
      join pg_collation as o on o.oid = a.attcollation
      where c.relnamespace = current_schema()::regnamespace and a.attnum > 0 and not a.attisdropped
        and c.relname in (${sql.join(TABLES)}) and o.collname <> 'C'
      order by 1, 2`.execute(trx)
    for (const table of new Set(rows.map(row => row.table))) {
      const columns = rows.filter(row => row.table === table).map(({column}) => sql.ref(column))
      const changes = columns.map(column => sql`alter column ${column} type text collate "C"`)
      await sql`alter table ${sql.table(table)} ${sql.join(changes)}`.execute(trx)
    }
  })
}

const TABLES = [
  'images',
  'image_properties',
  'image_tags',
  'image_members',
  'tasks',
  'unused_data',
  'purged_images',
  'metadef_namespaces',
  'metadef_definitions',
  'metadef_resource_types',
]
