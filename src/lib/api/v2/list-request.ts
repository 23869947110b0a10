/** Lists in version 2 of the API: the query for the server, and the filters that are applied to its reply. */
import {usageError} from '../../model/errors.js'
import {filterNames, usedFilters} from '../../model/filter-names.js'
import type {Image} from '../../model/image.js'
import type {Filters, ListQuery} from '../../model/list-query.js'
import {FeatureLevel} from '../feature-level.js'
import {isReserved} from './documents.js'

/** The request for a list. */
export interface ListRequest {
  readonly query: URLSearchParams
  /** Selects the images of the reply that match; absent if all do. */
  readonly keep?: (image: Image) => boolean
}

type KeepImage = NonNullable<ListRequest['keep']>

const V2_FILTERS = filterNames(2)

/** Default page size. Servers return at most 1000 images by default. */
const PAGE_SIZE = 500

/**
 * Read as `operator:value`, split at the first colon (12.0.0 and later); only `in:` is passed on, other values are
 * escaped.
 */
const OPERATOR_FIELDS = ['status', 'disk_format', 'container_format', 'id']

/**
 * The query for a page.
 *
 * The server treats an unknown name as a custom property, and then finds nothing. So filters that it cannot express are
 * applied to its reply: properties whose names it reads as something else, "not public", and a limit of the size.
 * @param level features of the service; default: all
 * @throws Failure of kind `usage` for filters that cannot be combined, and for a property that cannot exist
 */
export function listRequest(query: ListQuery, level = new FeatureLevel()): ListRequest {
  requireFilters(query, level)
  const parameters = new URLSearchParams()
  const predicates: KeepImage[] = []
  for (const [{name}, text] of usedFilters(query)) addFilter(parameters, name, text)
  addSizes(parameters, predicates, query)
  addTags(parameters, query)
  addVisibility(parameters, predicates, query, level)
  for (const [name, value] of Object.entries(query.properties ?? {}))
    addProperty(parameters, predicates, name, value)
  const {limit = PAGE_SIZE, marker, sortKey, sortDir} = query
  const rest = {limit: String(limit), marker, sort_key: sortKey, sort_dir: sortDir}
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) parameters.set(name, value)
  return predicates.length === 0
    ? {query: parameters}
    : {query: parameters, keep: image => predicates.every(keep => keep(image))}
}

/** A service without a filter would read it as a custom property, and find nothing. */
function requireFilters({osHidden, osHashValue, visibility}: Filters, level: FeatureLevel): void {
  if (osHidden !== undefined) level.require('os_hidden', 'os_hidden=')
  if (osHashValue !== undefined) level.require('multihash', 'os_hash_value=')
  if (visibility === 'community') level.require('shared visibility', 'visibility=community')
}

/** All filters that are one parameter. */
function addFilter(parameters: URLSearchParams, name: string, text: string): void {
  if (['is_public', 'visibility', 'tag', 'size_min', 'size_max'].includes(name)) return
  if (name === 'changes-since') setOnce(parameters, 'updated_at', `gte:${text}`)
  else if (name === 'updated_at') setOnce(parameters, name, text)
  else parameters.set(name, escapeOperator(name, text))
}

function escapeOperator(name: string, value: string): string {
  const isLiteral = !value.includes(':') || !(name === 'name' || OPERATOR_FIELDS.includes(name))
  return isLiteral || (name !== 'name' && value.startsWith('in:')) ? value : `eq:${value}`
}

/** The server reads only one `updated_at`. */
function setOnce(parameters: URLSearchParams, name: string, value: string): void {
  if (parameters.has(name)) throw usageError('cannot combine changes-since= and updated_at= on Image API v2')
  parameters.set(name, value)
}

/** Statuses of images that have a size. */
const STATUSES_WITH_SIZE = ['active', 'deactivated']

/**
 * Images without a size, for example while they are uploaded, count as small. The server never finds them by size, so the
 * limits are sent only if they exclude these images.
 */
function addSizes(
  parameters: URLSearchParams,
  predicates: KeepImage[],
  {sizeMin = 0, sizeMax, status = ''}: Filters,
): void {
  if (sizeMin > 0) parameters.set('size_min', String(sizeMin))
  if (sizeMax === undefined) return
  if (sizeMin > 0 || STATUSES_WITH_SIZE.includes(status)) parameters.set('size_max', String(sizeMax))
  else predicates.push(({size}) => size === null || size <= sizeMax)
}

function addTags(parameters: URLSearchParams, {tags = []}: Filters): void {
  for (const tag of tags) parameters.append('tag', tag)
}

/** `visibility` has precedence over `isPublic`, as in drafts. The server has no filter for "not public". */
function addVisibility(
  parameters: URLSearchParams,
  predicates: KeepImage[],
  {visibility, isPublic}: Filters,
  level: FeatureLevel,
): void {
  if (visibility !== undefined) parameters.set('visibility', visibility)
  else if (isPublic === 'any' && level.has('visibility=all')) parameters.set('visibility', 'all')
  else if (isPublic === true) parameters.set('visibility', 'public')
  else if (isPublic === false) predicates.push(image => image.isPublic !== true)
}

/** Names that the server does not read as the property of that name. */
const RESERVED_QUERY_NAMES =
  /^(limit|marker|sort|sort_key|sort_dir|tag|member_status|changes[-_]since|deleted|deleted_at|is_public|.*_(min|max))$/

function addProperty(
  parameters: URLSearchParams,
  predicates: KeepImage[],
  name: string,
  value: string,
): void {
  if (isReserved(name)) {
    throw usageError(`cannot filter lists by a property '${name}'`, {
      why: 'no custom property can have this name on Image API v2',
      ...(V2_FILTERS.includes(name) ? {advice: `Filter by the field: ${name}=VALUE`} : {}),
    })
  }
  if (RESERVED_QUERY_NAMES.test(name)) predicates.push(image => image.properties[name] === value)
  else parameters.set(name, value)
}
