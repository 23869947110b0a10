/** The query of a list of images in API v2: filters and page (cloud record, "List"). */
import {HttpError} from '../../http/fault.js'
import type {Caller} from '../../images/policy.js'
import type {ImageQuery, MemberStatus, TimeFilter, Visibility} from '../../registry/registry.js'
import {isoTime} from '../iso-time.js'
import {valuesOf} from './list-values.js'
import {orderOf} from './order.js'
import {bad, limitOf} from './page.js'

/** Parameters that say no property. */
const KEYWORDS = ['limit', 'marker', 'sort', 'sort_key', 'sort_dir', 'member_status', 'visibility', 'tag']
const TEXTS = ['name', 'id', 'status', 'container_format', 'disk_format'] as const
const ATTRIBUTES = {
  id: 'id',
  name: 'name',
  status: 'status',
  container_format: 'containerFormat',
  disk_format: 'diskFormat',
} as const
const COUNTS = ['size', 'virtual_size', 'min_ram', 'min_disk'] as const
const TIMES = ['created_at', 'updated_at'] as const
const EXACT = {owner: 'owner', checksum: 'checksum', os_hash_value: 'hashValue'} as const
const BOOLEANS = {protected: 'protected', os_hidden: 'hidden'} as const
/** Properties that are asked for, and tags: as many as one image may have; more are too deep for the registry. */
const MAX_CONDITIONS = 128
/** Columns about which nothing is asked. */
const IGNORED = ['deleted', 'deleted_at', 'changes-since']

/**
 * What the list shall hold. What is no filter of the API is a property.
 * @throws HttpError 400 for values that cannot be
 */
export function listQuery(params: URLSearchParams, caller: Caller): ImageQuery {
  if (params.get('changes-since')) throw bad('The "changes-since" filter is no longer available on v2.')
  const marker = params.get('marker')
  return {
    ...visibilityFilters(params, caller),
    ...listsOf(params),
    ...exactFilters(params),
    ...booleanFilters(params),
    ...rangesOf(params),
    ...timesOf(params),
    ...tagsOf(params),
    ...propertiesOf(params),
    ...orderOf(params),
    limit: limitOf(params.get('limit')),
    ...(marker === null ? {} : {marker}),
  }
}

const VISIBILITIES: readonly Visibility[] = ['community', 'public', 'private', 'shared']
const ANSWERS: readonly (MemberStatus | 'all')[] = ['pending', 'accepted', 'rejected', 'all']

/** Community images of others come only when they are asked for, offers only when they were accepted. */
function visibilityFilters(params: URLSearchParams, caller: Caller): Partial<ImageQuery> {
  const wanted = params.get('visibility')
  const visibility = VISIBILITIES.find(one => one === wanted)
  if (wanted && !visibility && wanted !== 'all') throw bad(`Invalid visibility value: ${wanted}`)
  const answer = params.get('member_status') ?? 'accepted'
  const memberStatus = ANSWERS.find(one => one === answer)
  if (!memberStatus) throw bad(`Invalid status: ${answer}`)
  return {
    ...(visibility ? {visibility} : {}),
    ...(wanted === null ? {communityOf: caller.project} : {}),
    ...(wanted === '' ? {oneOf: {id: []}} : {}),
    ...(caller.isAdmin ? {} : {viewer: {project: caller.project, memberStatus}}),
  }
}

/** One value is asked for by the attribute, which may lead straight to its images; a list of them is met on the walk. */
function listsOf(params: URLSearchParams): Partial<ImageQuery> {
  const given = TEXTS.filter(name => params.has(name)).map(
    name => [name, valuesOf(params.get(name) ?? '')] as const,
  )
  const single = given.filter(([name, values]) => name !== 'id' && values.length === 1)
  const lists = given.filter(([name, values]) => name === 'id' || values.length !== 1)
  return {
    ...Object.fromEntries(single.map(([name, [value]]) => [ATTRIBUTES[name], value])),
    ...(lists.length === 0 ? {} : {oneOf: Object.fromEntries(lists)}),
  }
}

function exactFilters(params: URLSearchParams): Partial<ImageQuery> {
  const given = Object.entries(EXACT).filter(([name]) => params.has(name))
  return Object.fromEntries(given.map(([name, attribute]) => [attribute, params.get(name)]))
}

/** Hidden images come only when they are asked for. */
function booleanFilters(params: URLSearchParams): Partial<ImageQuery> {
  const given = Object.entries(BOOLEANS).filter(([name]) => params.has(name))
  const filters = given.map(([name, attribute]) => [attribute, booleanOf(name, params.get(name) ?? '')])
  return {hidden: false, ...Object.fromEntries(filters)}
}

/** `os_hidden` is read in any case, `protected` in lower case only (cloud record, differential run). */
function booleanOf(name: string, value: string): boolean {
  const known = name === 'os_hidden' ? /^(true|false)$/i : /^(true|false)$/
  if (known.test(value)) return value.toLowerCase() === 'true'
  throw bad(`Invalid value '${value}' for '${name}' filter. Valid values are 'true' or 'false'.`)
}

type Ranges = NonNullable<ImageQuery['ranges']>

function rangesOf(params: URLSearchParams): Partial<ImageQuery> {
  const ranges = COUNTS.flatMap(column => rangesOfColumn(column, params))
  return ranges.length === 0 ? {} : {ranges}
}

function rangesOfColumn(column: (typeof COUNTS)[number], params: URLSearchParams): Ranges {
  const min = countOf(params.get(`${column}_min`))
  const max = countOf(params.get(`${column}_max`))
  const exactly = params.get(column)
  return [
    ...(exactly === null ? [] : [{column, ...equalTo(exactly)}]),
    ...(min === undefined ? [] : [{column, min}]),
    ...(max === undefined ? [] : [{column, max}]),
  ]
}

function countOf(value: string | null): number | undefined {
  if (value === null) return undefined
  if (/^\s*[+-]?\d{1,15}\s*$/.test(value)) return Number(value)
  throw bad('Unable to filter on a range with a non-numeric value.')
}

/** What is no number is equal to none. */
function equalTo(value: string): Readonly<Record<'min' | 'max', number>> {
  const number = /^\d{1,15}$/.test(value) ? Number(value) : -1
  return {min: number, max: number}
}

const OPERATORS: Readonly<Record<string, TimeFilter['is']>> = {
  gt: 'after',
  gte: 'since',
  lt: 'before',
  lte: 'until',
  eq: 'at',
  neq: 'not at',
}

function timesOf(params: URLSearchParams): Partial<ImageQuery> {
  const given = TIMES.map(column => [column, params.get(column)] as const)
  const times = given.flatMap(([column, value]) => (value === null ? [] : [timeOf(column, value)]))
  return times.length === 0 ? {} : {times}
}

/** A time holds colons itself. */
function timeOf(column: TimeFilter['column'], value: string): TimeFilter {
  const bare = isoTime(value)
  if (bare !== undefined) return {column, is: 'at', time: bare}
  const [, operator = '', rest = ''] = /^([^:]*):(.*)$/s.exec(value) ?? []
  const time = isoTime(rest)
  if (time === undefined) {
    throw bad(`Bad "${column}" query filter format. Use ISO 8601 DateTime notation.`)
  }
  const is = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined
  if (is === undefined) throw bad('Unable to filter on a unknown operator.')
  return {column, is, time}
}

function tagsOf(params: URLSearchParams): Partial<ImageQuery> {
  const tags = params.getAll('tag')
  requireFew('tags', tags)
  return tags.length === 0 ? {} : {tags}
}

const FILTERS: ReadonlySet<string> = new Set([
  ...KEYWORDS,
  ...TEXTS,
  ...COUNTS.flatMap(name => [name, `${name}_min`, `${name}_max`]),
  ...TIMES,
  ...Object.keys(EXACT),
  ...Object.keys(BOOLEANS),
  ...IGNORED,
])

function propertiesOf(params: URLSearchParams): Partial<ImageQuery> {
  const properties = [...new Map(params)].filter(([name]) => !FILTERS.has(name))
  for (const [name] of properties) {
    if (/_(min|max)$/.test(name)) {
      throw new HttpError(400, {explanation: `There is no range filter called '${name}'.`})
    }
  }
  requireFew('properties', properties)
  return properties.length === 0 ? {} : {properties: Object.fromEntries(properties)}
}

function requireFew(what: string, filters: readonly unknown[]): void {
  if (filters.length > MAX_CONDITIONS) throw bad(`A list is filtered by at most ${MAX_CONDITIONS} ${what}.`)
}
