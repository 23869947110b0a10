/** Lists in version 2 of the API: the query for the server, and the filters that are applied to its reply. */
import {usageError} from '../../model/errors.js'
import {filterNames, usedFilters} from '../../model/filter-names.js'
import type {Filters, ListQuery, SortTerm} from '../../model/list-query.js'
import {FeatureLevel} from '../feature-level.js'
import {type KeepImage, keepByTime, PAGE_SIZE} from '../keep-images.js'
import {isReserved} from './documents.js'

/** The request for a list. */
export interface ListRequest {
  readonly query: URLSearchParams
  /** An image of the reply matches if all of them hold. */
  readonly predicates: readonly KeepImage[]
}

const V2_FILTERS = filterNames(2)

/**
 * Read as `operator:value`, split at the first colon (12.0.0 and later); only `in:` is passed on, other values are
 * escaped.
 */
const OPERATOR_FIELDS = ['status', 'disk_format', 'container_format', 'id']

/**
 * The query for a page.
 *
 * The server treats an unknown name as a custom property, and then finds nothing. So filters that it cannot express are
 * applied to its reply: properties whose names it reads as something else, "not public", a limit of the size, and all
 * limits of a time but one.
 * @param level features of the service; default: all
 * @throws Failure of kind `usage` for filters that the service lacks, and for a property that cannot exist
 */
export function listRequest(query: ListQuery, level = new FeatureLevel()): ListRequest {
  requireFilters(query, level)
  const parameters = new URLSearchParams()
  const predicates: KeepImage[] = []
  for (const [{name}, text] of usedFilters(query)) addFilter(parameters, name, text)
  addTimes(parameters, predicates, query, level)
  addSizes(parameters, predicates, query)
  addTags(parameters, query)
  addVisibility(parameters, predicates, query, level)
  for (const [name, value] of Object.entries(query.properties ?? {}))
    addProperty(parameters, predicates, name, value)
  const {limit = PAGE_SIZE, marker, sort = []} = query
  parameters.set('limit', String(limit))
  if (marker !== undefined) parameters.set('marker', marker)
  addOrder(parameters, sort, level)
  return {query: parameters, predicates}
}

/** An earlier service would sort by one of several keys. */
function addOrder(parameters: URLSearchParams, sort: readonly SortTerm[], level: FeatureLevel): void {
  if (sort.length > 1) level.require('several sort keys', 'lists that are sorted by several keys')
  for (const {key, direction} of sort) {
    parameters.append('sort_key', key)
    parameters.append('sort_dir', direction)
  }
}

/** A service without a filter would read it as a custom property, and find nothing. */
function requireFilters({osHidden, osHashValue, visibility}: Filters, level: FeatureLevel): void {
  if (osHidden !== undefined) level.require('os_hidden', 'os_hidden=')
  if (osHashValue !== undefined) level.require('multihash', 'os_hash_value=')
  if (visibility === 'community') level.require('shared visibility', 'visibility=community')
}

/** All filters that are one parameter. */
function addFilter(parameters: URLSearchParams, name: string, text: string): void {
  if (['is_public', 'visibility', 'tag', 'size_min', 'size_max', 'changes-since'].includes(name)) return
  parameters.set(name, escapeOperator(name, text))
}

function escapeOperator(name: string, value: string): string {
  const isLiteral = !value.includes(':') || !(name === 'name' || OPERATOR_FIELDS.includes(name))
  return isLiteral || (name !== 'name' && value.startsWith('in:')) ? value : `eq:${value}`
}

/** The server reads one limit of each time, and an earlier one none. */
function addTimes(
  parameters: URLSearchParams,
  predicates: KeepImage[],
  {createdAt = [], updatedAt = [], changesSince}: Filters,
  level: FeatureLevel,
): void {
  const since = changesSince === undefined ? [] : [{comparison: 'gte', time: changesSince} as const]
  const sent = level.has('time filters') ? 1 : 0
  for (const [attribute, name, limits] of [
    ['createdAt', 'created_at', createdAt],
    ['updatedAt', 'updated_at', [...since, ...updatedAt]],
  ] as const) {
    for (const {comparison, time} of limits.slice(0, sent)) parameters.set(name, `${comparison}:${time}`)
    predicates.push(...keepByTime(attribute, limits.slice(sent)))
  }
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
