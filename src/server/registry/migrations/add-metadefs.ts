/** The migration that adds metadata definitions. */
import type {Database} from '../sql/tables.js'

/** Definitions of all kinds are in one table: each has a name that is unique in its namespace, and a body as JSON. */
export async function addMetadefs(db: Database): Promise<void> {
  await db.schema
    .createTable('metadef_namespaces')
    .addColumn('id', 'text', column => column.notNull().primaryKey())
    .addColumn('namespace', 'text', column => column.notNull().unique())
    .addColumn('display_name', 'text')
    .addColumn('description', 'text')
    .addColumn('visibility', 'text', column => column.notNull())
    .addColumn('protected', 'integer', column => column.notNull())
    .addColumn('owner', 'text')
    .addColumn('created_at', 'text', column => column.notNull())
    .addColumn('updated_at', 'text')
    .execute()
  await db.schema
    .createTable('metadef_definitions')
    .addColumn('namespace_id', 'text', column => column.notNull().references('metadef_namespaces.id'))
    .addColumn('kind', 'text', column => column.notNull())
    .addColumn('name', 'text', column => column.notNull())
    .addColumn('body', 'text', column => column.notNull())
    .addColumn('created_at', 'text', column => column.notNull())
    .addColumn('updated_at', 'text')
    .addPrimaryKeyConstraint('metadef_definitions_key', ['namespace_id', 'kind', 'name'])
    .execute()
  await db.schema
    .createTable('metadef_resource_types')
    .addColumn('name', 'text', column => column.notNull().primaryKey())
    .addColumn('created_at', 'text', column => column.notNull())
    .addColumn('updated_at', 'text')
    .execute()
}
