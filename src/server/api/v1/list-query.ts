/** The query of a list: filters, order and page (v1-wire section D). */
import {HttpError} from '../../http/fault.js'
import {textOfHeader} from '../../http/text.js'
import type {Caller} from '../../images/policy.js'
import type {ImageQuery, SortKey} from '../../registry/registry.js'
import {isoTime} from '../iso-time.js'
import {isUuid} from './input.js'
import {fromRegistry} from './nested.js'

/** Images in a page unless asked otherwise, and at most (v1-wire, note after E16; D49). */
const DEFAULT_LIMIT = 25
const MAX_LIMIT = 1000
/** As many as one image may have (L34); a query with a thousand is too deep for the registry. */
const MAX_PROPERTIES = 128

const SORT_KEYS: readonly SortKey[] = [
  'name',
  'status',
  'container_format',
  'disk_format',
  'size',
  'id',
  'created_at',
  'updated_at',
]
const SORT_DIRS = ['asc', 'desc'] as const

type Params = ReadonlyMap<string, string>

/**
 * What a list shall hold. Unknown parameters are ignored (D40), of equal ones the last counts (D42).
 * @throws HttpError 400 for values that cannot be
 */
export function listQuery(search: string): ImageQuery {
  const params = new Map(new URLSearchParams(textOfHeader(search)))
  requireGoodFilters(params)
  const {matchesNothing, ...filters} = filtersOf(params)
  const query = {...filters, ...orderOf(params), limit: limitOf(params), ...markerOf(params)}
  return matchesNothing ? {...query, limit: 0} : query
}

/**
 * Users see public images, their own and what is shared with them, and cannot choose among these by `isPublic`. An
 * administrator who does not choose sees as much (v1-wire N9); one without a project, as every caller is where
 * authentication is off, has no images of their own.
 */
export function limitToViewer({isAdmin, project}: Caller, query: ImageQuery): ImageQuery {
  const {isPublic, ...others} = query
  if (isAdmin && (project === null || isPublic !== true)) return query
  return {...others, viewer: {project, memberStatus: 'all'}, communityOf: project}
}

const isCount = (value: string) => /^\s*\+?\d+\s*$/.test(value)
const isBoolean = (value: string) => /^(none|true|false|1|0)$/i.test(value)

/** What the API itself checks; min_disk is not among it (D25). */
const CHECKS: Readonly<Record<string, (value: string) => boolean>> = {
  size_min: isCount,
  size_max: isCount,
  min_ram: isCount,
  is_public: isBoolean,
  protected: isBoolean,
}

function requireGoodFilters(params: Params): void {
  for (const [name, isGood] of Object.entries(CHECKS)) {
    const value = params.get(name)
    if (value === undefined || isGood(value)) continue
    throw new HttpError(400, {detail: `Bad value passed to filter ${name} got ${value}`})
  }
}

function filtersOf(params: Params) {
  const text = (name: string, key: string) => present(key, params.get(name))
  const count = (name: string, key: string) => present(key, params.get(name), Number)
  const minDisk = params.get('min_disk')
  return {
    ...text('name', 'name'),
    ...text('status', 'status'),
    ...text('container_format', 'containerFormat'),
    ...text('disk_format', 'diskFormat'),
    ...count('min_ram', 'minRam'),
    ...count('size_min', 'sizeMin'),
    ...count('size_max', 'sizeMax'),
    ...(minDisk !== undefined && isCount(minDisk) ? {minDisk: Number(minDisk)} : {}),
    ...present('changesSince', params.get('changes-since'), changesSince),
    ...present('protected', params.get('protected'), protectedFilter),
    ...publicFilter(params.get('is_public')),
    ...propertyFilters(params),
    matchesNothing: minDisk !== undefined && !isCount(minDisk),
  }
}

function present<T = string>(key: string, value: string | undefined, convert?: (value: string) => T) {
  return value === undefined ? {} : {[key]: convert ? convert(value) : value}
}

/** Public images unless asked otherwise; `none` is all (D1, D34, D35). */
function publicFilter(value = 'true'): {readonly isPublic?: boolean} {
  return /^none$/i.test(value) ? {} : {isPublic: isTrue(value)}
}

/** D28. */
function protectedFilter(value: string): boolean {
  if (!/^none$/i.test(value)) return isTrue(value)
  throw fromRegistry({detail: 'protected must be True, or False'})
}

function isTrue(value: string): boolean {
  return /^(true|1)$/i.test(value)
}

function changesSince(value: string): string {
  const time = isoTime(value)
  if (time !== undefined) return time
  throw fromRegistry({detail: 'Unrecognized changes-since value'})
}

/** Names as they are: stored ones are in lower case (D31). */
function propertyFilters(params: Params): {readonly properties?: Readonly<Record<string, string>>} {
  const prefix = 'property-'
  const filters = [...params].filter(([name]) => name.startsWith(prefix))
  if (filters.length === 0) return {}
  if (filters.length > MAX_PROPERTIES) {
    throw new HttpError(400, {detail: `A list is filtered by at most ${MAX_PROPERTIES} properties`})
  }
  return {properties: Object.fromEntries(filters.map(([name, value]) => [name.slice(prefix.length), value]))}
}

function orderOf(params: Params): Pick<ImageQuery, 'sortKey' | 'sortDir'> {
  return {
    sortKey: oneOf('sort_key', params.get('sort_key') ?? 'created_at', SORT_KEYS),
    sortDir: oneOf('sort_dir', params.get('sort_dir') ?? 'desc', SORT_DIRS),
  }
}

/** D60 to D64. */
function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find(one => one === value)
  if (found) return found
  throw fromRegistry({explanation: `Unsupported ${name}. Acceptable values: ${allowed.join(', ')}`})
}

function limitOf(params: Params): number {
  const value = params.get('limit')
  if (value === undefined) return DEFAULT_LIMIT
  if (!/^\s*[+-]?\d+\s*$/.test(value)) throw fromRegistry({detail: 'limit param must be an integer'})
  if (Number(value) < 0) throw fromRegistry({detail: 'limit param must be positive'})
  return Math.min(Number(value), MAX_LIMIT)
}

/** An empty marker is the name of no image (D52, D53). */
function markerOf(params: Params): {readonly marker?: string} {
  const marker = params.get('marker')
  if (marker === undefined) return {}
  if (marker === '' || isUuid(marker)) return {marker}
  throw fromRegistry({explanation: 'Invalid marker format'})
}
