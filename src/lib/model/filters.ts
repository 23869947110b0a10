/** Parses the filters and the order of a list, from arguments and from the record of the library. */

import {didYouMean, suggestField} from './did-you-mean.js'
import {usageError} from './errors.js'
import {type FieldArg, parseFilterArgs} from './field-args.js'
import {findField} from './fields.js'
import {COMPARED_FILTERS, EXTRA_FILTERS, type Filter, filterNames, findFilter} from './filter-names.js'
import {VISIBILITIES} from './image.js'
import {type Filters, SORT_KEYS, type SortDirection, type SortTerm, type TimeLimit} from './list-query.js'
import {
  parseBoolean,
  parseChoice,
  parseList,
  parseSize,
  parseSizeRange,
  parseTime,
  parseTimeLimit,
  parseValue,
} from './values.js'

/** Filters, and notices about arguments that may be misspelt. */
export interface FiltersWithNotices {
  readonly filters: Filters
  readonly notices: readonly string[]
  /** Names of custom properties that were given without `property-`, and do not resemble a field. */
  readonly assumed: readonly string[]
}

/** Filters by their names on the command line; several limits of a size or a time are a list. */
export type FilterValues = Readonly<Record<string, string | number | boolean | readonly string[]>>

/** The names of all filters, except those of custom properties, in any version of the Image API. */
const FILTER_NAMES: readonly string[] = filterNames(2)

/**
 * Parses `field=value` arguments, and comparisons of sizes and times. A name that is not a field filters by a custom
 * property, as does `property-NAME=value`, whatever the name.
 * @param now the time that relative times refer to, in milliseconds since 1970
 * @throws Failure of kind usage for an invalid value, and for a field that is not a filter
 */
export function parseFilters(args: readonly string[], now = Date.now()): FiltersWithNotices {
  let filters: Filters = {}
  // As a map, in which `__proto__` is a name like any other.
  const properties = new Map<string, string>()
  const notices: string[] = []
  const assumed: string[] = []
  for (const arg of parseFilterArgs(args)) {
    const filter = filterFromArg(arg)
    if (filter !== undefined) filters = addFilter(filters, filter, arg.value, now)
    else {
      const property = arg.key.replace(/^property-/i, '')
      properties.set(property, arg.value)
      const hint = property === arg.key ? suggestFilter(property) : ''
      if (hint)
        notices.push(`'${property}' is not an image field; only images with this property match.${hint}`)
      else if (property === arg.key) assumed.push(property)
    }
  }
  return {filters: {...filters, properties: Object.fromEntries(properties)}, notices, assumed}
}

/**
 * Parses filters by their names on the command line, without custom properties.
 * @param values several limits of a size or a time are a list: `{created_at: ['gte:-30d', 'lt:-7d']}`
 * @param now the time that relative times refer to, in milliseconds since 1970
 * @throws Failure of kind usage for an unknown name or an invalid value
 */
export function toFilters(values: FilterValues, now = Date.now()): Filters {
  let filters: Filters = {}
  for (const [name, value] of Object.entries(values)) {
    const filter = findFilter(name)
    if (filter === undefined) throw unknownFilterError(name)
    const texts = typeof value === 'object' && COMPARED_FILTERS.includes(name) ? value : [value]
    for (const text of texts) filters = addFilter(filters, filter, String(text), now)
  }
  return filters
}

/** Adds a filter; limits of a size or a time narrow those that are there. */
function addFilter(filters: Filters, {name, key}: Filter, text: string, now: number): Filters {
  if (name === 'size') return narrowSize(filters, parseSizeRange(name, text))
  if (name === 'size_min' || name === 'size_max') return narrowSize(filters, {[key]: parseSize(name, text)})
  if (key === 'createdAt' || key === 'updatedAt')
    return {...filters, [key]: addLimit(name, filters[key] ?? [], parseTimeLimit(name, text, now))}
  return {
    ...filters,
    [key]: name === 'changes-since' ? parseTime(name, text, now) : parseFilterValue(name, text),
  }
}

function narrowSize(filters: Filters, {sizeMin, sizeMax}: Pick<Filters, 'sizeMin' | 'sizeMax'>): Filters {
  return {
    ...filters,
    ...(sizeMin === undefined ? {} : {sizeMin: Math.max(sizeMin, filters.sizeMin ?? 0)}),
    ...(sizeMax === undefined ? {} : {sizeMax: Math.min(sizeMax, filters.sizeMax ?? sizeMax)}),
  }
}

function addLimit(name: string, limits: readonly TimeLimit[], added: TimeLimit): readonly TimeLimit[] {
  const same = limits.find(({comparison}) => comparison === added.comparison)
  if (same === undefined) return [...limits, added]
  throw usageError(
    `${name} is compared twice in the same direction: with '${same.time}' and '${added.time}'`,
    {
      advice: `Give two limits, as '${name}>=-30d' '${name}<-7d'`,
    },
  )
}

/** Flags of lists that are easily mistaken for filters. */
const LIST_FLAGS = [
  'limit',
  'page-size',
  'marker',
  'sort',
  'sort-key',
  'sort-dir',
  'max-items',
  'newest',
  'force',
]

function suggestFilter(property: string): string {
  const flag = property.replaceAll('_', '-')
  return LIST_FLAGS.includes(flag) ? ` Did you mean --${flag}?` : suggestField(property, FILTER_NAMES)
}

function filterFromArg({key}: FieldArg): Filter | undefined {
  const filter = findFilter(key === 'changes_since' ? 'changes-since' : key)
  const field = findField(key)
  if (filter === undefined && field !== undefined && !field.draftOnly) throw unknownFilterError(key)
  return filter
}

function unknownFilterError(name: string): Error {
  return usageError(`cannot filter lists by '${name}'`, {
    advice:
      `${suggestField(name, FILTER_NAMES)} Use a custom property, or one of ${FILTER_NAMES.join(', ')}.`.trim(),
  })
}

function parseFilterValue(name: string, text: string): unknown {
  if (name === 'is_public' && /^(none|all)$/i.test(text)) return 'any'
  if (name === 'visibility') return parseChoice([...VISIBILITIES, 'all'], name, text)
  if (name === 'tag') return parseList(text)
  const choices = EXTRA_FILTERS.find(filter => filter.name === name)?.choices
  if (choices) return parseChoice(choices, name, text)
  const field = findField(name)
  if (field?.known) return parseKnown(field.known, name, text)
  if (field?.kind === 'boolean') return parseBoolean(name, text)
  return field === undefined ? text : parseValue(field.kind, name, text)
}

/** One of the known values, or `in:` and several of them, as version 2 of the API takes them. */
function parseKnown(known: readonly string[], name: string, text: string): string {
  if (!text.startsWith('in:')) return parseChoice(known, name, text)
  return `in:${text
    .slice(3)
    .split(',')
    .map(word => parseChoice(known, name, word))
    .join(',')}`
}

const KEYS: readonly string[] = SORT_KEYS

/** An order as users give it: `name:asc,size:desc`, or one key and one direction. */
export interface GivenOrder {
  readonly sort?: string | undefined
  readonly sortKey?: string | undefined
  readonly sortDir?: SortDirection | undefined
}

/**
 * The order that users give; undefined if they give none. Without a direction, texts are sorted from A to Z, sizes from
 * the largest, and times from the newest.
 * @param spell writes the name of an option as the user knows it
 * @throws Failure of kind usage for an unknown key or direction, a key that is given twice, and `sort` with another one
 */
export function toSort(
  {sort, sortKey, sortDir}: GivenOrder,
  spell: (name: keyof GivenOrder) => string,
): readonly SortTerm[] | undefined {
  if (sort === undefined) {
    if (sortKey === undefined && sortDir === undefined) return undefined
    const key = sortKey ?? 'created_at'
    return [{key, direction: sortDir ?? naturalDirection(key)}]
  }
  if (sortKey !== undefined || sortDir !== undefined) {
    const other = spell(sortKey === undefined ? 'sortDir' : 'sortKey')
    throw usageError(`${spell('sort')} and ${other} cannot be combined`, {
      advice: `Write both into one: ${spell('sort')} name:asc,size:desc`,
    })
  }
  const terms = sort.split(',').map(term => parseSortTerm(term, spell('sort')))
  const repeated = terms.find(({key}, i) => terms.findIndex(other => other.key === key) < i)
  if (repeated === undefined) return terms
  throw usageError(`invalid ${spell('sort')} '${sort}': ${repeated.key} is given twice`)
}

function parseSortTerm(text: string, option: string): SortTerm {
  const [name = '', given, ...rest] = text.trim().toLowerCase().split(':')
  const key = name.replaceAll('-', '_')
  if (!KEYS.includes(key)) {
    throw usageError(`invalid ${option} '${text}': expected one of ${KEYS.join(', ')}`, {
      advice: didYouMean(key, KEYS).trim() || `Example: ${option} name:asc,size:desc`,
    })
  }
  const direction = given ?? naturalDirection(key)
  if ((direction === 'asc' || direction === 'desc') && rest.length === 0) return {key, direction}
  throw usageError(`invalid ${option} '${text}': expected ${key}:asc or ${key}:desc`)
}

function naturalDirection(key: string): SortDirection {
  return ['size', 'created_at', 'updated_at'].includes(key) ? 'desc' : 'asc'
}
