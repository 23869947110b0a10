/** Parses the filters of a list, from arguments and from the record of the library. */

import {suggestField} from './did-you-mean.js'
import {usageError} from './errors.js'
import {type FieldArg, parseFieldArgs} from './field-args.js'
import {findField} from './fields.js'
import {EXTRA_FILTERS, type Filter, filterNames, findFilter} from './filter-names.js'
import {VISIBILITIES} from './image.js'
import type {Filters} from './list-query.js'
import {
  parseBoolean,
  parseChoice,
  parseCount,
  parseList,
  parseTime,
  parseTimeComparison,
  parseValue,
} from './values.js'

/** Filters, and notices about arguments that may be misspelt. */
export interface FiltersWithNotices {
  readonly filters: Filters
  readonly notices: readonly string[]
  /** Names of custom properties that were given without `property-`, and do not resemble a field. */
  readonly assumed: readonly string[]
}

/** The names of all filters, except those of custom properties, in any version of the Image API. */
const FILTER_NAMES: readonly string[] = filterNames(2)

/**
 * Parses `field=value` arguments. A name that is not a field filters by a custom property, as does
 * `property-NAME=value`, whatever the name.
 * @throws Failure of kind usage for an invalid value, and for a field that is not a filter
 */
export function parseFilters(args: readonly string[]): FiltersWithNotices {
  const filters: Record<string, unknown> = {}
  // As a map, in which `__proto__` is a name like any other.
  const properties = new Map<string, string>()
  const notices: string[] = []
  const assumed: string[] = []
  for (const arg of parseFieldArgs(args)) {
    const filter = filterFromArg(arg)
    if (filter !== undefined) filters[filter.key] = parseFilterValue(filter, arg.value)
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
 * @throws Failure of kind usage for an unknown name or an invalid value
 */
export function toFilters(values: Readonly<Record<string, string | number | boolean>>): Filters {
  const filters: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(values)) {
    const filter = findFilter(name)
    if (filter === undefined) throw unknownFilterError(name)
    filters[filter.key] = parseFilterValue(filter, String(value))
  }
  return filters
}

/** Flags of lists that are easily mistaken for filters. */
const LIST_FLAGS = ['limit', 'page-size', 'marker', 'sort-key', 'sort-dir', 'max-items', 'force']

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

function parseFilterValue({name}: Filter, text: string): unknown {
  if (name === 'is_public' && /^(none|all)$/i.test(text)) return 'any'
  if (name === 'size_min' || name === 'size_max') return parseCount(name, text)
  if (name === 'changes-since') return parseTime(name, text)
  if (name === 'visibility') return parseChoice([...VISIBILITIES, 'all'], name, text)
  if (name === 'tag') return parseList(text)
  const choices = EXTRA_FILTERS.find(filter => filter.name === name)?.choices
  if (choices) return parseChoice(choices, name, text)
  const field = findField(name)
  if (field?.known) return parseKnown(field.known, name, text)
  if (field?.kind === 'boolean') return parseBoolean(name, text)
  if (field?.kind === 'time') return parseTimeComparison(name, text)
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
