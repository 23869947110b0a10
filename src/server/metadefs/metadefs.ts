/** Reads and changes metadata definitions on behalf of callers. */
import {type Caller, seesAll} from '../images/policy.js'
import type {OperationName} from '../policy/default-rules.js'
import {
  type Definition,
  type DefinitionRecord,
  METADEF_KINDS,
  type MetadefKind,
  type MetadefRegistry,
  type NamespaceQuery,
  type NamespaceRecord,
  type NewNamespace,
  type ResourceTypeRecord,
} from '../registry/metadefs.js'
import {maySeeNamespace, OPERATIONS, requireMetadefPermission} from './access.js'
import {MetadefError} from './errors.js'

/** A namespace with definitions. */
export interface DescribedNamespace {
  readonly namespace: NamespaceRecord
  readonly definitions: readonly DefinitionRecord[]
}

/** The definitions of a kind in a namespace. */
export interface DefinitionGroup {
  readonly namespace: string
  readonly kind: MetadefKind
}

/** Definitions of a kind in a namespace; more than any that ships with the original. */
const MAX_DEFINITIONS = 1000

/**
 * Methods reject with `MetadefError` when a request cannot be granted: `namespace-not-found` also when the caller may not see
 * it, and ServiceError `not-permitted`.
 */
export class Metadefs {
  readonly #registry: MetadefRegistry

  constructor(registry: MetadefRegistry) {
    this.#registry = registry
  }

  /** One page, with the associations of each. The caller may see all but those that a rule of an operator hides. */
  async listNamespaces(
    caller: Caller,
    query: Omit<NamespaceQuery, 'visibleTo'>,
  ): Promise<readonly DescribedNamespace[]> {
    requireMetadefPermission(caller, 'get_metadef_namespaces')
    requireMetadefPermission(caller, OPERATIONS.resource_type.list)
    const {marker} = query
    if (marker !== undefined) await this.findNamespace(caller, marker)
    const visible = seesAll(caller) ? {} : {visibleTo: caller.project}
    const page = await this.#registry.listNamespaces({...query, ...visible})
    if (page === 'unknown marker') throw new MetadefError('namespace-not-found', {namespace: marker ?? ''})
    const seen = page.filter(namespace => maySeeNamespace(caller, namespace))
    const names = seen.map(({name}) => name)
    const associations = await this.#registry.listDefinitions(names, {kind: 'resource_type'})
    return seen.map(namespace => ({
      namespace,
      definitions: associations.filter(one => one.namespace === namespace.name),
    }))
  }

  /** A namespace that the caller may see. */
  async findNamespace(caller: Caller, name: string): Promise<NamespaceRecord> {
    const namespace = await this.#registry.findNamespace(name)
    if (namespace && maySeeNamespace(caller, namespace)) return namespace
    throw new MetadefError('namespace-not-found', {namespace: name})
  }

  /** A namespace with all its definitions. */
  async describeNamespace(caller: Caller, name: string): Promise<DescribedNamespace> {
    const namespace = await this.findNamespace(caller, name)
    for (const {list} of Object.values(OPERATIONS)) requireMetadefPermission(caller, list, namespace)
    return {namespace, definitions: await this.#registry.listDefinitions([name])}
  }

  /** Creates a namespace with definitions, all or nothing. */
  async createNamespace(
    caller: Caller,
    namespace: NewNamespace,
    definitions: readonly Definition[],
  ): Promise<NamespaceRecord> {
    requireMetadefPermission(caller, 'add_metadef_namespace')
    for (const {kind} of definitions) requireMetadefPermission(caller, OPERATIONS[kind].add)
    for (const kind of METADEF_KINDS) {
      const ofKind = definitions.filter(one => one.kind === kind)
      requireDistinct({namespace: namespace.name, kind}, ofKind)
      requireRoom(kind, ofKind.length)
    }
    const created = await this.#registry.createNamespace(namespace, definitions)
    if (created !== 'known') return created
    throw new MetadefError('duplicate-namespace', {namespace: namespace.name})
  }

  /** Replaces all attributes of a namespace; its definitions remain. */
  async updateNamespace(caller: Caller, name: string, namespace: NewNamespace): Promise<NamespaceRecord> {
    await this.#require(caller, name, 'modify_metadef_namespace')
    const updated = await this.#registry.updateNamespace(name, namespace)
    if (updated === 'known') throw new MetadefError('namespace-in-use', {namespace: namespace.name})
    return requireFound(updated, name)
  }

  /** Deletes a namespace with its definitions. */
  async deleteNamespace(caller: Caller, name: string): Promise<void> {
    await this.#require(caller, name, 'delete_metadef_namespace')
    const result = requireFound(await this.#registry.deleteNamespace(name), name)
    if (result === 'protected') throw new MetadefError('protected-namespace', {namespace: name})
  }

  /** All definitions of a kind in a namespace. */
  async listDefinitions(caller: Caller, group: DefinitionGroup): Promise<readonly DefinitionRecord[]> {
    const {namespace, kind} = group
    await this.#require(caller, namespace, OPERATIONS[kind].list)
    return this.#registry.listDefinitions([namespace], {kind})
  }

  async findDefinition(caller: Caller, group: DefinitionGroup, name: string): Promise<DefinitionRecord> {
    const {namespace, kind} = group
    await this.#require(caller, namespace, OPERATIONS[kind].get)
    const [found] = await this.#registry.listDefinitions([namespace], {kind, name})
    if (found) return found
    throw new MetadefError('definition-not-found', {kind, name})
  }

  /**
   * The prefix that the properties of a namespace have for a type of resources; null: none.
   * @throws MetadefError `unknown-resource-type`, `not-associated`
   */
  async findPrefix(caller: Caller, namespace: string, type: string): Promise<string | null> {
    await this.#require(caller, namespace, OPERATIONS.resource_type.get)
    const query = {kind: 'resource_type', name: type} as const
    const [found] = await this.#registry.listDefinitions([namespace], query)
    if (found) return (found.body['prefix'] as string | undefined) ?? null
    const types = await this.#registry.listResourceTypes()
    const isKnown = types.some(({name}) => name === type)
    throw new MetadefError(isKnown ? 'not-associated' : 'unknown-resource-type', {namespace, name: type})
  }

  /** Adds a definition. */
  async addDefinition(caller: Caller, namespace: string, definition: Definition): Promise<DefinitionRecord> {
    const {kind} = definition
    await this.#require(caller, namespace, OPERATIONS[kind].add)
    const [added] = await this.#add({namespace, kind}, [definition])
    return added!
  }

  /** Adds tags, all or none. @param replaces delete those that the namespace has */
  async addTags(
    caller: Caller,
    namespace: string,
    tags: readonly Definition[],
    replaces: boolean,
  ): Promise<void> {
    const group = {namespace, kind: 'tag'} as const
    await this.#require(caller, namespace, OPERATIONS.tag.addAll)
    requireDistinct(group, tags)
    await this.#add(group, tags, replaces)
  }

  /** Replaces a definition by one of its kind. */
  async updateDefinition(
    caller: Caller,
    namespace: string,
    name: string,
    definition: Definition,
  ): Promise<DefinitionRecord> {
    const {kind, name: newName} = definition
    await this.#require(caller, namespace, OPERATIONS[kind].modify)
    const updated = await this.#registry.updateDefinition(namespace, name, definition)
    if (updated === undefined) throw new MetadefError('definition-not-found', {kind, name})
    if (updated !== 'known') return updated
    throw new MetadefError('definition-in-use', {namespace, kind, name, newName})
  }

  async deleteDefinition(caller: Caller, {namespace, kind}: DefinitionGroup, name: string): Promise<void> {
    await this.#require(caller, namespace, OPERATIONS[kind].remove)
    const result = await this.#registry.deleteDefinitions(namespace, kind, name)
    if (result === 'protected') throw new MetadefError('protected-definition', {kind, name})
    if (result === undefined) throw new MetadefError('definition-not-found', {kind, name})
  }

  /** Deletes all definitions of a kind. */
  async deleteDefinitions(caller: Caller, {namespace, kind}: DefinitionGroup): Promise<void> {
    await this.#require(caller, namespace, 'delete_metadef_namespace')
    await this.#require(caller, namespace, OPERATIONS[kind].removeAll)
    const result = requireFound(await this.#registry.deleteDefinitions(namespace, kind), namespace)
    if (result === 'protected') throw new MetadefError('protected-namespace', {namespace})
  }

  /** All types of resources that were associated once. */
  async listResourceTypes(caller: Caller): Promise<readonly ResourceTypeRecord[]> {
    requireMetadefPermission(caller, OPERATIONS.resource_type.list)
    return this.#registry.listResourceTypes()
  }

  async #add(
    group: DefinitionGroup,
    definitions: readonly Definition[],
    replaces = false,
  ): Promise<readonly DefinitionRecord[]> {
    const {namespace, kind} = group
    const present = replaces ? [] : await this.#registry.listDefinitions([namespace], {kind})
    requireRoom(kind, present.length + definitions.length)
    const added = await this.#registry.addDefinitions(namespace, definitions, replaces ? kind : undefined)
    const result = requireFound(added, namespace)
    if ('known' in result) throw new MetadefError('duplicate-definition', {...group, name: result.known})
    return result
  }

  /** @throws MetadefError `namespace-not-found`; ServiceError `not-permitted` */
  async #require(caller: Caller, name: string, operation: OperationName): Promise<void> {
    requireMetadefPermission(caller, operation, await this.findNamespace(caller, name))
  }
}

/** @throws MetadefError `namespace-not-found` for a namespace that was deleted meanwhile */
function requireFound<T>(result: T | undefined, namespace: string): T {
  if (result !== undefined) return result
  throw new MetadefError('namespace-not-found', {namespace})
}

/** @throws MetadefError `duplicate-definition` */
function requireDistinct(group: DefinitionGroup, definitions: readonly Definition[]): void {
  const names = definitions.map(({name}) => name)
  const name = names.find((one, at) => names.indexOf(one) < at)
  if (name !== undefined) throw new MetadefError('duplicate-definition', {...group, name})
}

/** @throws MetadefError `too-many-definitions` */
function requireRoom(kind: MetadefKind, count: number): void {
  if (count <= MAX_DEFINITIONS) return
  throw new MetadefError('too-many-definitions', {kind, maximum: MAX_DEFINITIONS})
}
