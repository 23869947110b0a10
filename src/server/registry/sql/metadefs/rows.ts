/** Metadata definitions as rows of the tables, and back. */
import {randomUUID} from 'node:crypto'
import type {
  Definition,
  DefinitionRecord,
  MetadefKind,
  NamespaceRecord,
  NewNamespace,
} from '../../metadefs.js'
import {toFlag} from '../rows.js'
import type {DefinitionRow, NamespaceRow} from '../tables.js'

/** The columns that a caller sets. */
export function toNamespaceColumns(namespace: NewNamespace) {
  return {
    namespace: namespace.name,
    display_name: namespace.displayName,
    description: namespace.description,
    visibility: namespace.visibility,
    protected: toFlag(namespace.protected),
    owner: namespace.owner,
  }
}

/** @param times of its creation, and of its last change */
export function toNamespaceRow(namespace: NewNamespace, times: RowTimes): NamespaceRow {
  return {id: randomUUID(), ...toNamespaceColumns(namespace), ...times}
}

/** The times of a new row. */
export interface RowTimes {
  readonly created_at: string
  readonly updated_at: string | null
}

export function toNamespaceRecord(row: NamespaceRow): NamespaceRecord {
  return {
    name: row.namespace,
    displayName: row.display_name,
    description: row.description,
    visibility: row.visibility === 'public' ? 'public' : 'private',
    protected: row.protected === 1,
    owner: row.owner,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function toDefinitionRow(
  namespaceId: string,
  {kind, name, body}: Definition,
  times: RowTimes,
): DefinitionRow {
  return {namespace_id: namespaceId, kind, name, body: JSON.stringify(body), ...times}
}

export function toDefinitionRecord(namespace: string, row: DefinitionRow): DefinitionRecord {
  return {
    namespace,
    kind: row.kind as MetadefKind,
    name: row.name,
    body: JSON.parse(row.body) as Definition['body'],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
