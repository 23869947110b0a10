/** The part of the registry that stores metadata definitions: namespaces, and what they contain. */

/** What a namespace contains. A `resource_type` is the association of the namespace with that type of resources. */
export const METADEF_KINDS = ['object', 'property', 'tag', 'resource_type'] as const

export type MetadefKind = (typeof METADEF_KINDS)[number]

/** A namespace as callers give it. */
export interface NewNamespace {
  readonly name: string
  readonly displayName: string | null
  readonly description: string | null
  readonly visibility: 'public' | 'private'
  /** Neither the namespace nor what it contains can be deleted. */
  readonly protected: boolean
  /** Project that sees the namespace even if it is private. */
  readonly owner: string | null
}

/** Times of a record, in the format of `Clock`. */
export interface DefinitionTimes {
  readonly createdAt: string
  /** Null for what was loaded from a file, and never changed. */
  readonly updatedAt: string | null
}

export interface NamespaceRecord extends NewNamespace, DefinitionTimes {}

/** An object, a property, a tag, or an association; its name is unique among those of its kind in the namespace. */
export interface Definition {
  readonly kind: MetadefKind
  readonly name: string
  /** All but the name, as JSON. */
  readonly body: Readonly<Record<string, unknown>>
}

export interface DefinitionRecord extends Definition, DefinitionTimes {
  /** Name of its namespace. */
  readonly namespace: string
}

/** A type of resources that was associated once. */
export interface ResourceTypeRecord extends DefinitionTimes {
  readonly name: string
}

/** Attributes that lists are sorted by. */
export const NAMESPACE_SORT_KEYS = [
  'created_at',
  'updated_at',
  'namespace',
  'display_name',
  'description',
  'visibility',
  'protected',
  'id',
  'owner',
] as const

/** A page of namespaces; equal ones are sorted by `created_at`, then by name. */
export interface NamespaceQuery {
  /** Only public ones, and those of this project; null: public ones; absent: all. */
  readonly visibleTo?: string | null
  readonly visibility?: NewNamespace['visibility'] | undefined
  /** Only those that are associated with one of these types. */
  readonly resourceTypes?: readonly string[] | undefined
  readonly sortKey: (typeof NAMESPACE_SORT_KEYS)[number]
  readonly sortDir: 'asc' | 'desc'
  readonly limit: number
  /** Name of the last namespace of the page before. */
  readonly marker?: string | undefined
}

/** Which definitions; absent: of any kind, of any name. */
export interface DefinitionQuery {
  readonly kind?: MetadefKind
  readonly name?: string
}

/**
 * What a file does to a namespace that exists: `keep` leaves it alone; `merge` adds the definitions that it does not have,
 * `prefer-new` also replaces those that it has; `overwrite` replaces it with everything in it.
 */
export type LoadMode = 'keep' | 'merge' | 'prefer-new' | 'overwrite'

/** The metadata definitions of a registry. Methods are as those of `Registry`: atomic, and exact in comparing text. */
export interface MetadefRegistry {
  /** Adds a namespace with definitions, whose names differ; `known` for a name that is in use. */
  createNamespace(
    namespace: NewNamespace,
    definitions?: readonly Definition[],
  ): Promise<NamespaceRecord | 'known'>
  findNamespace(name: string): Promise<NamespaceRecord | undefined>
  /** @returns 'unknown marker' when no namespace has that name */
  listNamespaces(query: NamespaceQuery): Promise<readonly NamespaceRecord[] | 'unknown marker'>
  /** Replaces all attributes; `known` for a new name that is in use. */
  updateNamespace(name: string, namespace: NewNamespace): Promise<NamespaceRecord | 'known' | undefined>
  /** Deletes a namespace with its definitions. @returns 'protected' when it is */
  deleteNamespace(name: string): Promise<'deleted' | 'protected' | undefined>

  /** The definitions of these namespaces, in the order of their creation. */
  listDefinitions(
    namespaces: readonly string[],
    query?: DefinitionQuery,
  ): Promise<readonly DefinitionRecord[]>
  /**
   * Adds definitions to a namespace.
   * @param replaced kind of the definitions that are deleted first
   * @returns their records, or the first name that is in use; undefined without the namespace
   */
  addDefinitions(
    namespace: string,
    definitions: readonly Definition[],
    replaced?: MetadefKind,
  ): Promise<readonly DefinitionRecord[] | {readonly known: string} | undefined>
  /** Replaces a definition by one of its kind; `known` for a new name that is in use. */
  updateDefinition(
    namespace: string,
    name: string,
    definition: Definition,
  ): Promise<DefinitionRecord | 'known' | undefined>
  /**
   * Deletes a definition, or all of a kind.
   * @returns 'protected' when the namespace is; undefined without the namespace or the definition
   */
  deleteDefinitions(
    namespace: string,
    kind: MetadefKind,
    name?: string,
  ): Promise<'deleted' | 'protected' | undefined>

  /** All types of resources, in the order of their creation. */
  listResourceTypes(): Promise<readonly ResourceTypeRecord[]>

  /** Stores the namespace of a file, even if it is protected. @returns false when it exists and is kept */
  loadNamespace(namespace: NewNamespace, definitions: readonly Definition[], mode: LoadMode): Promise<boolean>
  /** Deletes everything. */
  clear(): Promise<void>
}
