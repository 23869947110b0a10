/** The filters of a list: their names, and the versions of the Image API that support them. */
import type {Field} from './field.js'
import {FIELDS} from './fields.js'
import {MEMBER_STATUSES} from './image.js'
import type {Filters} from './list-query.js'

/** A filter, except those of custom properties. */
export interface Filter {
  /** The name in arguments and on the wire. */
  readonly name: string
  readonly key: Exclude<keyof Filters, 'properties'>
  /** The version of the Image API that introduced it. */
  readonly since: 1 | 2
}

/** A filter that is not a field of an image. */
export interface ExtraFilter extends Filter {
  readonly choices?: readonly string[]
  readonly help: string
}

/** All filters that are not fields. */
export const EXTRA_FILTERS: readonly ExtraFilter[] = [
  {name: 'size_min', key: 'sizeMin', since: 1, help: "Minimum size, as 'size>=N'"},
  {name: 'size_max', key: 'sizeMax', since: 1, help: "Maximum size, as 'size<=N'"},
  {
    name: 'changes-since',
    key: 'changesSince',
    since: 1,
    help: 'Changed since this time; on v1 also deleted images',
  },
  {name: 'tag', key: 'tags', since: 2, help: 'Images with all of these tags, separated by commas (v2)'},
  {
    name: 'member_status',
    key: 'memberStatus',
    since: 2,
    choices: [...MEMBER_STATUSES, 'all'],
    help: 'Your membership status: accepted, rejected, pending or all (v2)',
  },
]

const FILTERS: readonly Filter[] = [
  ...FIELDS.filter(({filter}) => filter === true).map(toFilter),
  ...EXTRA_FILTERS,
  ...FIELDS.filter(({filter}) => filter === 2).map(toFilter),
]

/** A field that is a filter has the same key in `Filters` as in `Image`, except `size`, which sets the bounds. */
function toFilter({name, attribute, filter, since}: Field): Filter {
  return {name, key: attribute as Filter['key'], since: filter === 2 ? 2 : (since ?? 1)}
}

const filtersByKey = new Map<string, Filter>(FILTERS.map(filter => [filter.key, filter]))

/** The filters that are compared with limits, of which one name may have several. */
export const COMPARED_FILTERS: readonly string[] = ['size', 'created_at', 'updated_at']

/** The filter of that name, or undefined for a custom property. */
export function findFilter(name: string): Filter | undefined {
  return FILTERS.find(filter => filter.name === name)
}

/** The names of the filters that a version of the Image API supports, except those of custom properties. */
export function filterNames(version: 1 | 2): string[] {
  return FILTERS.filter(({since}) => since <= version).map(({name}) => name)
}

/**
 * The filters that a query uses, except limits of times and those of custom properties, with their values as they are on
 * the wire.
 */
export function usedFilters(query: Filters): [filter: Filter, text: string][] {
  return Object.entries(query).flatMap(([key, value]): [Filter, string][] => {
    const filter = filtersByKey.get(key)
    const isSent = filter !== undefined && value !== undefined && !COMPARED_FILTERS.includes(filter.name)
    return isSent ? [[filter, String(value)]] : []
  })
}
