/** Validates metadata definitions against their schemas, with the error messages of Glance. */
import {isJsonObject, type JsonObject} from '../../../../lib/model/json-object.js'
import {badRequest} from '../../../http/http-error.js'
import type {JsonSchema} from './image-schema.js'
import {METADEF_SCHEMAS, NESTED_PROPERTY, TAG_LIST} from './metadefs.js'
import {findProblem} from './validate.js'

/** What can be validated. A nested property may be confidential; `tags` is the list in a request. */
const SCHEMAS = {
  namespace: METADEF_SCHEMAS['namespace'],
  object: METADEF_SCHEMAS['object'],
  property: METADEF_SCHEMAS['property'],
  'nested property': NESTED_PROPERTY,
  tag: METADEF_SCHEMAS['tag'],
  tags: TAG_LIST,
  resource_type: METADEF_SCHEMAS['resource_type'],
} as Readonly<Record<string, JsonObject>>

/** Schemas without references, made when they are first used. */
const expanded = new Map<string, JsonSchema>()

/** @throws HttpError 400 for the first problem, also for an empty name, which no path could address */
export function validateMetadef(
  kind: 'namespace' | 'object' | 'property' | 'nested property' | 'tag' | 'tags' | 'resource_type',
  document: JsonObject,
): void {
  const {name, definitions = {}, ...schema} = SCHEMAS[kind]!
  const whole = expanded.get(kind) ?? (expandRefs(schema, definitions as JsonObject) as JsonSchema)
  expanded.set(kind, whole)
  const problem = findProblem(document, whole) ?? findEmptyName(document)
  if (problem !== undefined) throw badRequest(`Provided object does not match schema '${name}': ${problem}`)
}

function findEmptyName({name, namespace}: JsonObject): string | undefined {
  return name === '' || namespace === '' ? "'' is too short" : undefined
}

/** The schema with definitions in place of references to them. */
function expandRefs(schema: unknown, definitions: JsonObject): unknown {
  if (Array.isArray(schema)) return schema.map(part => expandRefs(part, definitions))
  if (!isJsonObject(schema)) return schema
  const {$ref, allOf = [], ...own} = schema
  const target = typeof $ref === 'string' ? [definitions[$ref.slice('#/definitions/'.length)]] : []
  const parts = [...target, ...(allOf as JsonObject[])].map(part => expandRefs(part, definitions))
  const rest = Object.entries(own).map(([name, part]) => [name, expandRefs(part, definitions)])
  return Object.assign({}, ...parts, Object.fromEntries(rest))
}
