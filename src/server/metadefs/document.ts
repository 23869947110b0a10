/** The document of a namespace, in requests, responses and files: its attributes, and a member for each kind of definitions. */
import {isJsonObject, type JsonObject} from '../../lib/model/json-object.js'
import type {Definition, MetadefKind, NewNamespace} from '../registry/metadefs.js'

/** The member of a document for each kind, in the order in which documents have them. */
export const MEMBERS = {
  resource_type: 'resource_type_associations',
  property: 'properties',
  object: 'objects',
  tag: 'tags',
} as const satisfies Readonly<Record<MetadefKind, string>>

/** The attributes of a definition besides its name; a property may have any. */
const BODIES: Readonly<Partial<Record<MetadefKind, readonly string[]>>> = {
  resource_type: ['prefix', 'properties_target'],
  object: ['description', 'required', 'properties'],
  tag: [],
}

/** Why a document from a file is not that of a namespace; undefined for one that is. */
export function findDocumentProblem(document: JsonObject): string | undefined {
  const {namespace, visibility = 'private'} = document
  if (typeof namespace !== 'string' || namespace === '') return 'it has no namespace'
  if (visibility !== 'public' && visibility !== 'private') return 'its visibility is not public or private'
  for (const [kind, member] of Object.entries(MEMBERS)) {
    const {[member]: value = []} = document
    const parts = kind === 'property' && isJsonObject(value) ? Object.values(value) : value
    if (!Array.isArray(parts) || !parts.every(isJsonObject)) return `its ${member} are not objects`
    if (kind !== 'property' && !parts.every(hasName)) return `one of its ${member} has no name`
    if (kind === 'object' && !parts.every(({properties = {}}) => isJsonObject(properties))) {
      return 'the properties of one of its objects are not an object'
    }
  }
  return undefined
}

function hasName({name}: JsonObject): boolean {
  return typeof name === 'string' && name !== ''
}

/** @param document valid by the schema of a namespace @param owner of a namespace that names none */
export function toNamespace(document: JsonObject, owner: string | null): NewNamespace {
  return {
    name: String(document['namespace']),
    displayName: toText(document['display_name']),
    description: toText(document['description']),
    visibility: document['visibility'] === 'public' ? 'public' : 'private',
    protected: document['protected'] === true,
    owner: toText(document['owner']) ?? owner,
  }
}

function toText(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** The definitions in a document. */
export function toDefinitions(document: JsonObject): readonly Definition[] {
  return (Object.keys(MEMBERS) as MetadefKind[]).flatMap(kind => {
    const member = document[MEMBERS[kind]]
    if (Array.isArray(member)) return member.filter(isJsonObject).map(one => toDefinition(kind, one))
    if (!isJsonObject(member)) return []
    return Object.entries(member).map(([name, body]) => ({kind, name, body: isJsonObject(body) ? body : {}}))
  })
}

/** A definition in a document of its own, or in a list. Attributes that it has not or that are null are left out. */
export function toDefinition(kind: MetadefKind, document: JsonObject): Definition {
  const names = BODIES[kind] ?? Object.keys(document)
  const present = names.filter(name => document[name] !== undefined && document[name] !== null)
  const body = Object.fromEntries(present.map(name => [name, document[name]]))
  return {kind, name: String(document['name']), body}
}

/** The members of a document with these definitions, as files have them. */
export function toMembers(definitions: readonly Definition[]): JsonObject {
  const members = (Object.keys(MEMBERS) as MetadefKind[]).map(kind => {
    const ofKind = definitions.filter(one => one.kind === kind)
    const isMap = kind === 'property'
    const value = isMap
      ? Object.fromEntries(ofKind.map(({name, body}) => [name, body]))
      : ofKind.map(({name, body}) => ({name, ...body}))
    return [MEMBERS[kind], value]
  })
  return Object.fromEntries(members)
}
