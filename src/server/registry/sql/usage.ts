/** How much a project uses, counted in an SQL database. */
import {type RawBuilder, sql} from 'kysely'
import type {Usage} from '../registry.js'
import {IS_LISTED} from './filters.js'
import type {Database} from './tables.js'

/** The usage of a project: of images in lists, and of deleted ones that still have their data; each has an index. */
export async function readUsage(db: Database, owner: string): Promise<Usage> {
  const owned = db.selectFrom('images').select(['status', 'size']).where('owner', '=', owner)
  const pending = owned.where('status', '=', sql.lit('pending_delete'))
  return db
    .selectFrom(owned.where(IS_LISTED).unionAll(pending).as('used'))
    .select([
      sql<number>`count(*)`.as('images'),
      sumWhere(sql`status in ('active', 'deactivated', 'pending_delete')`).as('bytes'),
      sumWhere(sql`status in ('uploading', 'importing')`).as('stagedBytes'),
      sql<number>`count(case when status in ('saving', 'uploading', 'importing') then 1 end)`.as('uploading'),
    ])
    .executeTakeFirstOrThrow()
}

/** A sum is a decimal in PostgreSQL unless it is converted. */
function sumWhere(condition: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`cast(coalesce(sum(case when ${condition} then size else 0 end), 0) as bigint)`
}
