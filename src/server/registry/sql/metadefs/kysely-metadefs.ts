/** The metadata definitions of a registry in an SQL database. */
import {type Clock, laterThan} from '../../clock.js'
import type {
  Definition,
  DefinitionQuery,
  LoadMode,
  MetadefKind,
  MetadefRegistry,
  NamespaceQuery,
  NamespaceRecord,
  NewNamespace,
} from '../../metadefs.js'
import type {Database, NamespaceRow, Trx} from '../tables.js'
import {
  deleteDefinitions,
  findTaken,
  insertDefinition,
  listDefinitions,
  updateDefinition,
} from './definitions.js'
import {insertNamespace, listNamespaces, lockNamespace} from './namespaces.js'
import {type RowTimes, toNamespaceColumns, toNamespaceRecord, toNamespaceRow} from './rows.js'

/** Runs work in one transaction, which may run again. */
type RunTransaction = <T>(work: (trx: Trx) => Promise<T>) => Promise<T>

/** Implements the contract of `MetadefRegistry`. */
export class KyselyMetadefs implements MetadefRegistry {
  readonly #db: Database
  readonly #now: Clock
  readonly #inTransaction: RunTransaction

  constructor(db: Database, now: Clock, inTransaction: RunTransaction) {
    this.#db = db
    this.#now = now
    this.#inTransaction = inTransaction
  }

  createNamespace(
    namespace: NewNamespace,
    definitions: readonly Definition[] = [],
  ): Promise<NamespaceRecord | 'known'> {
    return this.#inTransaction(async trx => {
      const row = toNamespaceRow(namespace, this.#created())
      if (!(await insertNamespace(trx, row))) return 'known'
      for (const definition of definitions) await insertDefinition(trx, row, definition, this.#created())
      return toNamespaceRecord(row)
    })
  }

  async findNamespace(name: string) {
    const select = this.#db.selectFrom('metadef_namespaces').selectAll().where('namespace', '=', name)
    const row = await select.executeTakeFirst()
    return row && toNamespaceRecord(row)
  }

  readonly listNamespaces = (query: NamespaceQuery) => listNamespaces(this.#db, query)

  readonly updateNamespace = (name: string, namespace: NewNamespace) =>
    this.#withNamespace(name, async (trx, old) => {
      if (namespace.name !== name && (await lockNamespace(trx, namespace.name))) return 'known' as const
      return toNamespaceRecord(await this.#replaceNamespace(trx, old, namespace))
    })

  readonly deleteNamespace = (name: string) =>
    this.#withNamespace(name, async (trx, row) => {
      if (row.protected === 1) return 'protected' as const
      await deleteWithDefinitions(trx, row)
      return 'deleted' as const
    })

  readonly listDefinitions = (namespaces: readonly string[], query: DefinitionQuery = {}) =>
    listDefinitions(this.#db, namespaces, query)

  readonly addDefinitions = (namespace: string, definitions: readonly Definition[], replaced?: MetadefKind) =>
    this.#withNamespace(namespace, async (trx, row) => {
      if (replaced !== undefined) await deleteDefinitions(trx, row, replaced)
      const known = await findTaken(trx, row, definitions)
      if (known !== undefined) return {known}
      const added = []
      for (const definition of definitions) {
        const record = await insertDefinition(trx, row, definition, this.#created())
        if (record) added.push(record)
      }
      return added
    })

  readonly updateDefinition = (namespace: string, name: string, definition: Definition) =>
    this.#withNamespace(namespace, (trx, row) =>
      updateDefinition(trx, row, name, {definition, now: this.#now}),
    )

  readonly deleteDefinitions = (namespace: string, kind: MetadefKind, name?: string) =>
    this.#withNamespace(namespace, async (trx, row) => {
      if (row.protected === 1) return 'protected' as const
      const count = await deleteDefinitions(trx, row, kind, name)
      return count === 0 && name !== undefined ? undefined : ('deleted' as const)
    })

  async listResourceTypes() {
    const select = this.#db.selectFrom('metadef_resource_types').selectAll()
    const rows = await select.orderBy('created_at').orderBy('name').execute()
    return rows.map(row => ({name: row.name, createdAt: row.created_at, updatedAt: row.updated_at}))
  }

  loadNamespace(
    namespace: NewNamespace,
    definitions: readonly Definition[],
    mode: LoadMode,
  ): Promise<boolean> {
    return this.#inTransaction(async trx => {
      const found = await lockNamespace(trx, namespace.name)
      if (found && mode === 'keep') return false
      if (found && mode === 'overwrite') await deleteWithDefinitions(trx, found)
      else if (found && mode === 'prefer-new') await this.#replaceNamespace(trx, found, namespace)
      const isNew = found === undefined || mode === 'overwrite'
      const row = isNew ? toNamespaceRow(namespace, this.#loaded()) : found
      if (isNew) await insertNamespace(trx, row)
      for (const definition of definitions) {
        const isAdded = await insertDefinition(trx, row, definition, this.#loaded())
        if (isAdded || mode !== 'prefer-new') continue
        await updateDefinition(trx, row, definition.name, {definition, now: this.#now})
      }
      return true
    })
  }

  clear(): Promise<void> {
    return this.#inTransaction(async trx => {
      await trx.deleteFrom('metadef_definitions').execute()
      await trx.deleteFrom('metadef_namespaces').execute()
      await trx.deleteFrom('metadef_resource_types').execute()
    })
  }

  #created(): RowTimes {
    const now = this.#now()
    return {created_at: now, updated_at: now}
  }

  #loaded(): RowTimes {
    return {created_at: this.#now(), updated_at: null}
  }

  async #replaceNamespace(trx: Trx, old: NamespaceRow, namespace: NewNamespace): Promise<NamespaceRow> {
    const updatedAt = laterThan(old.updated_at ?? old.created_at, this.#now())
    const columns = {...toNamespaceColumns(namespace), updated_at: updatedAt}
    await trx.updateTable('metadef_namespaces').set(columns).where('id', '=', old.id).execute()
    return {...old, ...columns}
  }

  /** Runs work on a namespace that no other transaction changes meanwhile; undefined when there is none. */
  #withNamespace<T>(name: string, work: (trx: Trx, row: NamespaceRow) => Promise<T>): Promise<T | undefined> {
    return this.#inTransaction(async trx => {
      const row = await lockNamespace(trx, name)
      return row && work(trx, row)
    })
  }
}

async function deleteWithDefinitions(trx: Trx, row: NamespaceRow): Promise<void> {
  await deleteDefinitions(trx, row)
  await trx.deleteFrom('metadef_namespaces').where('id', '=', row.id).execute()
}
