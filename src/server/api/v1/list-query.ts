/** Parses the query of a list in API v1: filters, order and page (wire/v1.md#d). */
import {HttpError} from '../../http/http-error.js'
import {decodeHeader} from '../../http/text.js'
import {type Caller, seesAll} from '../../images/policy.js'
import {type ImageQuery, SORT_KEYS} from '../../registry/image-query.js'
import {parseIsoTime} from '../iso-time.js'
import {isUuid} from './input.js'
import {registryError} from './registry-error.js'

/** Default and maximum number of images in a page (wire/v1.md#page-size, #d49). */
const DEFAULT_LIMIT = 25
const MAX_LIMIT = 1000
/** Property filters of a query: as many as an image can have (wire/v1.md#l34). A thousand exceed a limit of SQLite. */
const MAX_PROPERTIES = 128

const SORT_DIRS = ['asc', 'desc'] as const

type Params = ReadonlyMap<string, string>

/**
 * Parses the query of a list. Unknown parameters are ignored (wire/v1.md#d40); of repeated ones the last counts
 * (wire/v1.md#d42).
 * @param search query string without the question mark
 * @throws HttpError 400 for invalid values
 */
export function parseListQuery(search: string): ImageQuery {
  const params = new Map(new URLSearchParams(decodeHeader(search)))
  validateFilters(params)
  const {matchesNothing, ...filters} = parseFilters(params)
  const query = {...filters, ...parseOrder(params), limit: parseLimit(params), ...parseMarker(params)}
  return matchesNothing ? {...query, limit: 0} : query
}

/**
 * Limits a query to public images, the caller's own and those shared with them, without a filter by `isPublic`. The same
 * applies to an administrator with a project who requests public images, which is the default (wire/v1.md#n9). Other
 * queries of administrators are not limited.
 */
export function limitToViewer(caller: Caller, query: ImageQuery): ImageQuery {
  const {project} = caller
  const {isPublic, ...others} = query
  if (seesAll(caller) && (project === null || isPublic !== true)) return query
  return {...others, viewer: {project, memberStatus: 'all'}, communityOf: project}
}

const isWholeNumber = (value: string) => /^\s*\+?\d+\s*$/.test(value)
const isBoolean = (value: string) => /^(none|true|false|1|0)$/i.test(value)

/** Filters that the API validates; min_disk is not among them (wire/v1.md#d25). */
const VALIDATORS: Readonly<Record<string, (value: string) => boolean>> = {
  size_min: isWholeNumber,
  size_max: isWholeNumber,
  min_ram: isWholeNumber,
  is_public: isBoolean,
  protected: isBoolean,
}

function validateFilters(params: Params): void {
  for (const [name, isValid] of Object.entries(VALIDATORS)) {
    const value = params.get(name)
    if (value === undefined || isValid(value)) continue
    throw new HttpError(400, {detail: `Bad value passed to filter ${name} got ${value}`})
  }
}

/** Numbers beyond those that records can have compare like the largest of them. */
function toCount(text: string): number {
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER)
}

function parseFilters(params: Params) {
  const text = (name: string, key: string) => optionalEntry(key, params.get(name))
  const count = (name: string, key: string) => optionalEntry(key, params.get(name), toCount)
  const minDisk = params.get('min_disk')
  return {
    ...text('name', 'name'),
    ...text('status', 'status'),
    ...text('container_format', 'containerFormat'),
    ...text('disk_format', 'diskFormat'),
    ...count('min_ram', 'minRam'),
    ...count('size_min', 'sizeMin'),
    ...count('size_max', 'sizeMax'),
    ...(minDisk !== undefined && isWholeNumber(minDisk) ? {minDisk: toCount(minDisk)} : {}),
    ...optionalEntry('changesSince', params.get('changes-since'), parseChangesSince),
    ...optionalEntry('protected', params.get('protected'), parseProtected),
    ...parsePublicFilter(params.get('is_public')),
    ...parsePropertyFilters(params),
    matchesNothing: minDisk !== undefined && !isWholeNumber(minDisk),
  }
}

function optionalEntry<T = string>(key: string, value: string | undefined, convert?: (value: string) => T) {
  return value === undefined ? {} : {[key]: convert ? convert(value) : value}
}

/** Selects public images by default; `none` selects all (wire/v1.md#d1, #d34, #d35). */
function parsePublicFilter(value = 'true'): {readonly isPublic?: boolean} {
  return /^none$/i.test(value) ? {} : {isPublic: isTrue(value)}
}

/** wire/v1.md#d28. */
function parseProtected(value: string): boolean {
  if (!/^none$/i.test(value)) return isTrue(value)
  throw registryError({detail: 'protected must be True, or False'})
}

function isTrue(value: string): boolean {
  return /^(true|1)$/i.test(value)
}

function parseChangesSince(value: string): string {
  const time = parseIsoTime(value)
  if (time !== undefined) return time
  throw registryError({detail: 'Unrecognized changes-since value'})
}

/** Filter names are not converted to lower case, although stored names are (wire/v1.md#d31). */
function parsePropertyFilters(params: Params): {readonly properties?: Readonly<Record<string, string>>} {
  const prefix = 'property-'
  const filters = [...params].filter(([name]) => name.startsWith(prefix))
  if (filters.length === 0) return {}
  if (filters.length > MAX_PROPERTIES) {
    throw new HttpError(400, {detail: `A list is filtered by at most ${MAX_PROPERTIES} properties`})
  }
  return {properties: Object.fromEntries(filters.map(([name, value]) => [name.slice(prefix.length), value]))}
}

function parseOrder(params: Params): Pick<ImageQuery, 'sortKey' | 'sortDir'> {
  return {
    sortKey: parseChoice('sort_key', params.get('sort_key') ?? 'created_at', SORT_KEYS),
    sortDir: parseChoice('sort_dir', params.get('sort_dir') ?? 'desc', SORT_DIRS),
  }
}

/** wire/v1.md#d60, #d61, #d62, #d63, #d64. */
function parseChoice<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find(one => one === value)
  if (found) return found
  throw registryError({explanation: `Unsupported ${name}. Acceptable values: ${allowed.join(', ')}`})
}

function parseLimit(params: Params): number {
  const value = params.get('limit')
  if (value === undefined) return DEFAULT_LIMIT
  if (!/^\s*[+-]?\d+\s*$/.test(value)) throw registryError({detail: 'limit param must be an integer'})
  if (Number(value) < 0) throw registryError({detail: 'limit param must be positive'})
  return Math.min(Number(value), MAX_LIMIT)
}

/** Accepts an empty marker, which is never found (wire/v1.md#d52, #d53). */
function parseMarker(params: Params): {readonly marker?: string} {
  const marker = params.get('marker')
  if (marker === undefined) return {}
  if (marker === '' || isUuid(marker)) return {marker}
  throw registryError({explanation: 'Invalid marker format'})
}
