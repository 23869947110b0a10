/** How much a project uses, counted in an SQL database. */
import {type RawBuilder, sql} from 'kysely'
import type {Usage} from '../registry.js'
import type {Database} from './tables.js'

/** The usage of a project. */
export async function readUsage(db: Database, owner: string): Promise<Usage> {
  const row = await db
    .selectFrom('images')
    .select([
      sql<number>`count(*)`.as('images'),
      sumWhere(sql`status in ('active', 'deactivated')`).as('bytes'),
      sumWhere(sql`status in ('uploading', 'importing')`).as('stagedBytes'),
      sql<number>`count(case when status in ('saving', 'uploading', 'importing') then 1 end)`.as('uploading'),
    ])
    .where('owner', '=', owner)
    .where('status', 'not in', ['killed', 'deleted'])
    .executeTakeFirstOrThrow()
  return row
}

/** A sum is a decimal in PostgreSQL unless it is converted. */
function sumWhere(condition: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`cast(coalesce(sum(case when ${condition} then size else 0 end), 0) as bigint)`
}
