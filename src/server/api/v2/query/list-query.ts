/** Parses the query of a list of images in API v2: filters and page (wire/glance-25.md#list). */
import {badRequest, HttpError} from '../../../http/http-error.js'
import {type Caller, seesAll} from '../../../images/policy.js'
import {COLUMNS, columnsWith} from '../../../registry/columns.js'
import type {ImageQuery, MemberStatus, TimeFilter, Visibility} from '../../../registry/registry.js'
import {parseIsoTime} from '../../iso-time.js'
import {parseFilterValues} from './filter-values.js'
import {parseLimit} from './page.js'
import {parseOrder} from './sort-order.js'

/** Parameters that are not filters by a property. */
const RESERVED_PARAMS = [
  'limit',
  'marker',
  'sort',
  'sort_key',
  'sort_dir',
  'member_status',
  'visibility',
  'tag',
]
const LIST_FILTERS = columnsWith({filter: 'list'})
const COUNT_COLUMNS = columnsWith({kind: 'count'})
const TIME_COLUMNS = columnsWith({kind: 'time', v2: 'read-only'})
const SINGLE_FILTERS = columnsWith({filter: 'single'})
const BOOLEAN_FILTERS = columnsWith({kind: 'boolean', v2: 'read-write'})
/** Filters by property, and by tag: as many as an image can have. More exceed a limit of SQLite. */
const MAX_CONDITIONS = 128
/** Parameters without effect. */
const IGNORED_PARAMS = ['deleted', 'deleted_at', 'changes-since']

/**
 * Parses the query of a list. A parameter that is not a filter of the API is a filter by a property.
 * @param caller limits the list to images that they may see
 * @throws HttpError 400 for invalid values
 */
export function parseListQuery(params: URLSearchParams, caller: Caller): ImageQuery {
  if (params.get('changes-since'))
    throw badRequest(['The "changes-since" filter is no longer', 'available on v2.'].join(' '))
  const marker = params.get('marker')
  return {
    ...parseVisibility(params, caller),
    ...parseListFilters(params),
    ...parseSingleFilters(params),
    ...parseBooleanFilters(params),
    ...parseRanges(params),
    ...parseTimes(params),
    ...parseTags(params),
    ...parseProperties(params),
    ...parseOrder(params),
    limit: parseLimit(params.get('limit')),
    ...(marker === null ? {} : {marker}),
  }
}

const VISIBILITIES: readonly Visibility[] = ['community', 'public', 'private', 'shared']
const MEMBER_STATUSES: readonly (MemberStatus | 'all')[] = ['pending', 'accepted', 'rejected', 'all']

/** By default without community images of other projects, and without shared images that were not accepted. */
function parseVisibility(params: URLSearchParams, caller: Caller): Partial<ImageQuery> {
  const wanted = params.get('visibility')
  const visibility = VISIBILITIES.find(one => one === wanted)
  if (wanted && !visibility && wanted !== 'all') throw badRequest(`Invalid visibility value: ${wanted}`)
  const status = params.get('member_status') ?? 'accepted'
  const memberStatus = MEMBER_STATUSES.find(one => one === status)
  if (!memberStatus) throw badRequest(`Invalid status: ${status}`)
  return {
    ...(visibility ? {visibility} : {}),
    ...(wanted === null ? {communityOf: caller.project} : {}),
    ...(wanted === '' ? {oneOf: {id: []}} : {}),
    ...(seesAll(caller) ? {} : {viewer: {project: caller.project, memberStatus}}),
  }
}

/** A single value is a filter by the attribute, which may use an index; a list of values is checked on each image. */
function parseListFilters(params: URLSearchParams): Partial<ImageQuery> {
  const given = LIST_FILTERS.filter(name => params.has(name)).map(
    name => [name, parseFilterValues(params.get(name) ?? '')] as const,
  )
  const singles = given.filter(([name, values]) => name !== 'id' && values.length === 1)
  const lists = given.filter(([name, values]) => name === 'id' || values.length !== 1)
  return {
    ...Object.fromEntries(singles.map(([name, [value]]) => [COLUMNS[name].attribute, value])),
    ...(lists.length === 0 ? {} : {oneOf: Object.fromEntries(lists)}),
  }
}

function parseSingleFilters(params: URLSearchParams): Partial<ImageQuery> {
  const given = SINGLE_FILTERS.filter(name => params.has(name))
  return Object.fromEntries(given.map(name => [COLUMNS[name].attribute, params.get(name)]))
}

/** By default without hidden images. */
function parseBooleanFilters(params: URLSearchParams): Partial<ImageQuery> {
  const given = BOOLEAN_FILTERS.filter(name => params.has(name))
  const filters = given.map(name => [COLUMNS[name].attribute, parseBoolean(name, params.get(name) ?? '')])
  return {hidden: false, ...Object.fromEntries(filters)}
}

/** `os_hidden` is case-insensitive, `protected` must be in lower case (wire/glance-25.md#boolean-filters). */
function parseBoolean(name: string, value: string): boolean {
  const known = name === 'os_hidden' ? /^(true|false)$/i : /^(true|false)$/
  if (known.test(value)) return value.toLowerCase() === 'true'
  throw badRequest(`Invalid value '${value}' for '${name}' filter. Valid values are 'true' or 'false'.`)
}

type Ranges = NonNullable<ImageQuery['ranges']>

function parseRanges(params: URLSearchParams): Partial<ImageQuery> {
  const ranges = COUNT_COLUMNS.flatMap(column => parseColumnRanges(column, params))
  return ranges.length === 0 ? {} : {ranges}
}

function parseColumnRanges(column: (typeof COUNT_COLUMNS)[number], params: URLSearchParams): Ranges {
  const min = parseCount(params.get(`${column}_min`))
  const max = parseCount(params.get(`${column}_max`))
  const exactly = params.get(column)
  return [
    ...(exactly === null ? [] : [{column, ...exactRange(exactly)}]),
    ...(min === undefined ? [] : [{column, min}]),
    ...(max === undefined ? [] : [{column, max}]),
  ]
}

function parseCount(value: string | null): number | undefined {
  if (value === null) return undefined
  if (/^\s*[+-]?\d{1,15}\s*$/.test(value)) return Number(value)
  throw badRequest('Unable to filter on a range with a non-numeric value.')
}

/** Matches nothing for anything but a number. */
function exactRange(value: string): Readonly<Record<'min' | 'max', number>> {
  const number = /^\d{1,15}$/.test(value) ? Number(value) : -1
  return {min: number, max: number}
}

const OPERATORS: Readonly<Record<string, TimeFilter['comparison']>> = {
  gt: 'after',
  gte: 'since',
  lt: 'before',
  lte: 'until',
  eq: 'at',
  neq: 'not at',
}

function parseTimes(params: URLSearchParams): Partial<ImageQuery> {
  const given = TIME_COLUMNS.map(column => [column, params.get(column)] as const)
  const times = given.flatMap(([column, value]) => (value === null ? [] : [parseTime(column, value)]))
  return times.length === 0 ? {} : {times}
}

/**
 * Tries a bare time before `operator:time`, because times contain colons. A whole second is compared with the seconds that
 * the API shows.
 */
function parseTime(column: TimeFilter['column'], value: string): TimeFilter {
  const bare = parseSeconds(value)
  if (bare !== undefined) return {column, comparison: 'at', time: bare}
  const [, operator = '', rest = ''] = /^([^:]*):(.*)$/s.exec(value) ?? []
  const time = parseSeconds(rest)
  if (time === undefined) {
    throw badRequest(`Bad "${column}" query filter format. Use ISO 8601 DateTime notation.`)
  }
  const comparison = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined
  if (comparison === undefined) throw badRequest('Unable to filter on a unknown operator.')
  return {column, comparison, time}
}

function parseSeconds(text: string): string | undefined {
  return parseIsoTime(text)?.replace(/\.0+$/, '')
}

function parseTags(params: URLSearchParams): Partial<ImageQuery> {
  const tags = params.getAll('tag')
  limitCount('tags', tags)
  return tags.length === 0 ? {} : {tags}
}

const KNOWN_PARAMS: ReadonlySet<string> = new Set([
  ...RESERVED_PARAMS,
  ...LIST_FILTERS,
  ...COUNT_COLUMNS.flatMap(name => [name, `${name}_min`, `${name}_max`]),
  ...TIME_COLUMNS,
  ...SINGLE_FILTERS,
  ...BOOLEAN_FILTERS,
  ...IGNORED_PARAMS,
])

function parseProperties(params: URLSearchParams): Partial<ImageQuery> {
  const properties = [...new Map(params)].filter(([name]) => !KNOWN_PARAMS.has(name))
  for (const [name] of properties) {
    if (/_(min|max)$/.test(name)) {
      throw new HttpError(400, {explanation: `Unknown range filter '${name}'.`})
    }
  }
  limitCount('properties', properties)
  return properties.length === 0 ? {} : {properties: Object.fromEntries(properties)}
}

function limitCount(name: string, filters: readonly unknown[]): void {
  if (filters.length > MAX_CONDITIONS)
    throw badRequest(`A list is filtered by at most ${MAX_CONDITIONS} ${name}.`)
}
