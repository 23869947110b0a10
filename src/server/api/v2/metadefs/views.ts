/** Metadata definitions as the JSON of API v2. */
import {isJsonObject, type JsonObject} from '../../../../lib/model/json-object.js'
import type {DescribedNamespace} from '../../../metadefs/metadefs.js'
import type {
  Definition,
  DefinitionRecord,
  DefinitionTimes,
  NamespaceRecord,
  ResourceTypeRecord,
} from '../../../registry/metadefs.js'
import {PROPERTY_MEMBERS} from '../schemas/metadefs.js'

/** Without the attributes that have no value. */
function compact(attributes: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null))
}

function timesView({createdAt, updatedAt}: DefinitionTimes): JsonObject {
  return compact({created_at: toSeconds(createdAt), updated_at: updatedAt && toSeconds(updatedAt)})
}

/** A time of the registry without fractions of a second. */
function toSeconds(time: string): string {
  return `${time.slice(0, 19)}Z`
}

/** @param members its definitions */
export function namespaceView(namespace: NamespaceRecord, members: JsonObject = {}): JsonObject {
  const {name, displayName, description, visibility, protected: isProtected, owner} = namespace
  return {
    ...compact({namespace: name, display_name: displayName, description, visibility}),
    ...compact({protected: isProtected, owner}),
    ...timesView(namespace),
    ...members,
    self: namespacePath(name),
    schema: '/v2/schemas/metadefs/namespace',
  }
}

export function namespacePath(name: string): string {
  return `/v2/metadefs/namespaces/${name}`
}

/**
 * A namespace with its definitions; kinds without one are left out.
 * @param resourceType names get the prefix of their association with it
 */
export function describedView(
  {namespace, definitions}: DescribedNamespace,
  resourceType?: string,
): JsonObject {
  const select = (kind: Definition['kind']) => definitions.filter(one => one.kind === kind)
  const association = select('resource_type').find(({name}) => name === resourceType)
  const prefix = String(association?.body['prefix'] ?? '')
  const members: Readonly<Record<string, readonly unknown[] | JsonObject>> = {
    resource_type_associations: select('resource_type').map(associationView),
    properties: propertiesView(select('property'), prefix),
    objects: select('object').map(object => objectView(object, prefix)),
    tags: sortTags(select('tag')).map(({name}) => ({name})),
  }
  const present = Object.entries(members).filter(([, member]) => Object.keys(member).length > 0)
  return namespaceView(namespace, Object.fromEntries(present))
}

/** Newest first, as in the list of tags. */
export function sortTags(tags: readonly DefinitionRecord[]): readonly DefinitionRecord[] {
  return tags.toReversed()
}

export function associationView(association: DefinitionRecord): JsonObject {
  return {name: association.name, ...association.body, ...timesView(association)}
}

/** @param prefix of the names of properties */
export function objectView(object: DefinitionRecord, prefix = ''): JsonObject {
  const {namespace, name, body} = object
  const {required = [], properties = {}, ...rest} = body as {required?: string[]; properties?: JsonObject}
  return {
    name,
    ...rest,
    required: required.map(one => prefix + one),
    properties: mapProperties(properties, prefix),
    ...timesView(object),
    ...objectLinks(namespace, name),
  }
}

/** An object as the response to a change of it has it: with what the caller gave. */
export function changedObjectView(object: DefinitionRecord): JsonObject {
  const {namespace, name} = object
  return {...givenView(object), ...timesView(object), ...objectLinks(namespace, name)}
}

/** A definition as a caller gave it. */
export function givenView({kind, name, body}: Definition): JsonObject {
  const {properties} = body as {properties?: JsonObject}
  return {
    name,
    ...body,
    ...(kind === 'object' && properties && {properties: mapProperties(properties, '')}),
  }
}

function objectLinks(namespace: string, name: string): JsonObject {
  return {self: `${namespacePath(namespace)}/objects/${name}`, schema: '/v2/schemas/metadefs/object'}
}

export function propertiesView(properties: readonly Definition[], prefix = ''): JsonObject {
  return Object.fromEntries(properties.map(({name, body}) => [prefix + name, partView(body)]))
}

function mapProperties(properties: JsonObject, prefix: string): JsonObject {
  const entries = Object.entries(properties)
  return Object.fromEntries(entries.map(([name, body]) => [prefix + name, partView(body as JsonObject)]))
}

export function propertyView({name, body}: Definition): JsonObject {
  return {...partView(body), name}
}

/** The definition of a property, with values as text: the real service has them so, whatever the type of the property is. */
function partView(body: JsonObject): JsonObject {
  const shown = Object.entries(body).filter(([name]) => PROPERTY_MEMBERS.has(name))
  return Object.fromEntries(shown.map(([name, value]) => [name, CONVERSIONS[name]?.(value) ?? value]))
}

const toTexts = (values: unknown): unknown => (Array.isArray(values) ? values.map(toText) : undefined)

const CONVERSIONS: Readonly<Record<string, (value: unknown) => unknown>> = {
  default: toText,
  enum: toTexts,
  items: items =>
    isJsonObject(items) && items['enum'] !== undefined ? {...items, enum: toTexts(items['enum'])} : items,
}

/** A number or a boolean as Python writes it; a list or an object unchanged. */
function toText(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'number' ? String(value) : value
}

export function tagView(tag: DefinitionRecord): JsonObject {
  return {name: tag.name, ...timesView(tag)}
}

export function resourceTypeView(type: ResourceTypeRecord): JsonObject {
  return {name: type.name, ...timesView(type)}
}
