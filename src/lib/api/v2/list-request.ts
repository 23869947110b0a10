/** Lists in version 2 of the API: what the server can be asked for, and what must be picked out of its answer. */
import {usageError} from '../../model/errors.js'
import {filterNames} from '../../model/filter-names.js'
import type {Filters, Image, ListQuery} from '../../model/image.js'
import {parseList} from '../../model/values.js'
import {isReserved} from './documents.js'

/** A list to ask for. */
export interface ListRequest {
  readonly query: URLSearchParams
  /** Which images of the answer count; all of them when absent. */
  readonly keep?: (image: Image) => boolean
}

type KeepImage = NonNullable<ListRequest['keep']>

const V2_FILTERS = filterNames(2)

/** Images in a page when the caller does not say. Servers give at most 1000 unless told otherwise. */
const PAGE_SIZE = 500

/** Read as `operator:value`, split at the first colon (12.0.0 and later); of the operators, `in:` may be wanted. */
const OPERATOR_FIELDS = ['status', 'disk_format', 'container_format', 'id']

/**
 * The query for a page.
 *
 * The server takes any name it does not know for a custom property, and then finds nothing. So a filter goes out only
 * when the server knows it; a property whose name the server reads as something else, and "not public", which it
 * cannot express, are picked out of the answer instead.
 * @throws Failure of kind `usage` for a filter that version 2 does not know
 */
export function listRequest({filters, limit, marker, sortKey, sortDir}: ListQuery): ListRequest {
  const query = new URLSearchParams()
  const predicates: KeepImage[] = []
  for (const [name, value] of Object.entries(filters?.fields ?? {})) addField(query, name, value)
  addVisibility(query, predicates, filters?.fields ?? {})
  for (const [name, value] of Object.entries(filters?.properties ?? {}))
    addProperty(query, predicates, name, value)
  query.set('limit', String(limit ?? PAGE_SIZE))
  const rest = {marker, sort_key: sortKey, sort_dir: sortDir}
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) query.set(name, value)
  return predicates.length === 0 ? {query} : {query, keep: image => predicates.every(keep => keep(image))}
}

function addField(query: URLSearchParams, name: string, value: string): void {
  if (!V2_FILTERS.includes(name)) throw unknownFilterError(name)
  if (name === 'is_public' || name === 'visibility') return
  if (name === 'tag') for (const tag of parseList(value)) query.append('tag', tag)
  else if (name === 'changes-since') setOnce(query, 'updated_at', `gte:${value}`)
  else if (name === 'updated_at') setOnce(query, name, value)
  else query.set(name, escapeOperator(name, value))
}

function escapeOperator(name: string, value: string): string {
  const isLiteral = !value.includes(':') || !(name === 'name' || OPERATOR_FIELDS.includes(name))
  return isLiteral || (name !== 'name' && value.startsWith('in:')) ? value : `eq:${value}`
}

function unknownFilterError(name: string): Error {
  return usageError(`lists cannot be filtered by '${name}'`, {
    why: 'version 2 of the Image API does not know this filter',
    advice: `It knows ${V2_FILTERS.join(', ')} and property-NAME.`,
  })
}

/** The server looks at one `updated_at` only. */
function setOnce(query: URLSearchParams, name: string, value: string): void {
  if (query.has(name)) throw usageError('changes-since= and updated_at= cannot be combined on Image API v2')
  query.set(name, value)
}

/** `visibility` beats `is_public`, as in drafts. There is no way to ask for "not public". */
function addVisibility(query: URLSearchParams, predicates: KeepImage[], fields: Filters['fields']): void {
  const {visibility, is_public: isPublic} = fields
  if (visibility !== undefined) query.set('visibility', visibility)
  else if (isPublic === 'none') query.set('visibility', 'all')
  else if (isPublic !== undefined && /^(true|1)$/i.test(isPublic)) query.set('visibility', 'public')
  else if (isPublic !== undefined) predicates.push(image => image.isPublic !== true)
}

/** Names that a list reads as something else than the property of that name. */
const RESERVED_QUERY_NAMES =
  /^(limit|marker|sort|sort_key|sort_dir|tag|member_status|changes[-_]since|deleted|deleted_at|is_public|.*_(min|max))$/

function addProperty(query: URLSearchParams, predicates: KeepImage[], name: string, value: string): void {
  if (isReserved(name)) {
    throw usageError(`lists cannot be filtered by a property '${name}'`, {
      why: 'no custom property can have this name on Image API v2',
      ...(V2_FILTERS.includes(name) ? {advice: `Filter by the field: ${name}=VALUE`} : {}),
    })
  }
  if (RESERVED_QUERY_NAMES.test(name)) predicates.push(image => image.properties[name] === value)
  else query.set(name, value)
}
