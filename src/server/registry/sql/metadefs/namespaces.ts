/** Namespaces of metadata definitions in an SQL database. */
import {type SqlBool, sql} from 'kysely'
import type {NamespaceQuery, NamespaceRecord} from '../../metadefs.js'
import type {Database, NamespaceRow, Trx} from '../tables.js'
import {toNamespaceRecord} from './rows.js'

/** The row of a namespace; until a transaction that writes ends, no other one changes it or its definitions. */
export function lockNamespace(trx: Trx, name: string): Promise<NamespaceRow | undefined> {
  return selectNamespaces(trx).where('namespace', '=', name).forUpdate().executeTakeFirst()
}

/** Adds a namespace; false when its name is in use. */
export async function insertNamespace(trx: Trx, row: NamespaceRow): Promise<boolean> {
  const insert = trx.insertInto('metadef_namespaces').values(row)
  const {numInsertedOrUpdatedRows} = await insert
    .onConflict(conflict => conflict.column('namespace').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** One page. */
export async function listNamespaces(
  db: Database,
  query: NamespaceQuery,
): Promise<readonly NamespaceRecord[] | 'unknown marker'> {
  const {visibleTo, visibility, resourceTypes, sortKey, sortDir, limit, marker} = query
  let select = selectNamespaces(db)
  if (visibleTo !== undefined)
    select = select.where(row => row.or([row('visibility', '=', 'public'), row('owner', '=', visibleTo)]))
  if (visibility !== undefined) select = select.where('visibility', '=', visibility)
  if (resourceTypes !== undefined) {
    const associated = db.selectFrom('metadef_definitions').select('namespace_id')
    const wanted = associated.where('kind', '=', 'resource_type').where('name', 'in', resourceTypes)
    select = select.where('id', 'in', wanted)
  }
  // Texts, so that null is sorted as '' and any key can be compared in a row.
  const order = [...new Set([sortKey, 'created_at', 'namespace'] as const)]
  const keys = order.map(key => sql`coalesce(cast(${sql.ref(key)} as text), '')`)
  if (marker !== undefined) {
    const last = await selectNamespaces(db).where('namespace', '=', marker).executeTakeFirst()
    if (last === undefined) return 'unknown marker'
    const values = order.map(key => sql.val(String(last[key] ?? '')))
    const sign = sql.raw(sortDir === 'asc' ? '>' : '<')
    select = select.where(sql<SqlBool>`(${sql.join(keys)}) ${sign} (${sql.join(values)})`)
  }
  for (const key of keys) select = select.orderBy(key, sortDir)
  return (await select.limit(limit).execute()).map(toNamespaceRecord)
}

function selectNamespaces(db: Database) {
  return db.selectFrom('metadef_namespaces').selectAll()
}
