/** The definitions in namespaces, in an SQL database; callers have locked the namespace. */
import type {Clock} from '../../clock.js'
import {laterThan} from '../../clock.js'
import type {Definition, DefinitionQuery, DefinitionRecord, MetadefKind} from '../../metadefs.js'
import type {Database, NamespaceRow, Trx} from '../tables.js'
import {type RowTimes, toDefinitionRecord, toDefinitionRow} from './rows.js'

/** The definitions of these namespaces, in the order of their creation. */
export async function listDefinitions(
  db: Database,
  namespaces: readonly string[],
  {kind, name}: DefinitionQuery,
): Promise<DefinitionRecord[]> {
  if (namespaces.length === 0) return []
  let select = db
    .selectFrom('metadef_definitions')
    .innerJoin('metadef_namespaces', 'id', 'namespace_id')
    .selectAll('metadef_definitions')
    .select('namespace')
    .where('namespace', 'in', namespaces)
  if (kind !== undefined) select = select.where('kind', '=', kind)
  if (name !== undefined) select = select.where('name', '=', name)
  const order = select.orderBy('metadef_definitions.created_at').orderBy('name')
  return (await order.execute()).map(row => toDefinitionRecord(row.namespace, row))
}

/** Adds a definition, and the type of an association; undefined when the name is in use. */
export async function insertDefinition(
  trx: Trx,
  {id, namespace}: NamespaceRow,
  definition: Definition,
  times: RowTimes,
): Promise<DefinitionRecord | undefined> {
  if (definition.kind === 'resource_type') await insertResourceType(trx, definition.name, times)
  const row = toDefinitionRow(id, definition, times)
  const insert = trx.insertInto('metadef_definitions').values(row)
  const {numInsertedOrUpdatedRows} = await insert
    .onConflict(conflict => conflict.columns(['namespace_id', 'kind', 'name']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n ? toDefinitionRecord(namespace, row) : undefined
}

async function insertResourceType(trx: Trx, name: string, times: RowTimes): Promise<void> {
  const insert = trx.insertInto('metadef_resource_types').values({name, ...times})
  await insert.onConflict(conflict => conflict.column('name').doNothing()).execute()
}

/** The name of the first definition whose name is in use. */
export async function findTaken(
  trx: Trx,
  {id}: NamespaceRow,
  definitions: readonly Definition[],
): Promise<string | undefined> {
  const select = trx.selectFrom('metadef_definitions').select(['kind', 'name']).where('namespace_id', '=', id)
  const rows = await select.execute()
  const taken = new Set(rows.map(({kind, name}) => `${kind} ${name}`))
  return definitions.find(({kind, name}) => taken.has(`${kind} ${name}`))?.name
}

/** Replaces a definition; `known` when another one has the new name, undefined when there is none. */
export async function updateDefinition(
  trx: Trx,
  namespace: NamespaceRow,
  name: string,
  {definition, now}: {readonly definition: Definition; readonly now: Clock},
): Promise<DefinitionRecord | 'known' | undefined> {
  const {kind} = definition
  const old = await selectDefinition(trx, namespace.id, kind, name)
  if (old === undefined) return undefined
  const isRenamed = definition.name !== name
  if (isRenamed && (await selectDefinition(trx, namespace.id, kind, definition.name))) return 'known'
  const updatedAt = laterThan(old.updated_at ?? old.created_at, now())
  const row = toDefinitionRow(namespace.id, definition, {created_at: old.created_at, updated_at: updatedAt})
  await trx
    .updateTable('metadef_definitions')
    .set(row)
    .where('namespace_id', '=', namespace.id)
    .where('kind', '=', kind)
    .where('name', '=', name)
    .execute()
  return toDefinitionRecord(namespace.namespace, row)
}

/** Deletes definitions; absent: of any kind, of any name. @returns their number */
export async function deleteDefinitions(
  trx: Trx,
  {id}: NamespaceRow,
  kind?: MetadefKind,
  name?: string,
): Promise<number> {
  let deletion = trx.deleteFrom('metadef_definitions').where('namespace_id', '=', id)
  if (kind !== undefined) deletion = deletion.where('kind', '=', kind)
  if (name !== undefined) deletion = deletion.where('name', '=', name)
  return Number((await deletion.executeTakeFirst()).numDeletedRows)
}

function selectDefinition(trx: Trx, namespaceId: string, kind: MetadefKind, name: string) {
  const select = trx.selectFrom('metadef_definitions').selectAll().where('namespace_id', '=', namespaceId)
  return select.where('kind', '=', kind).where('name', '=', name).executeTakeFirst()
}
