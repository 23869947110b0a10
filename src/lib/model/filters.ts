/** Filters of a list, from the words of the command line. */

import {didYouMean} from './did-you-mean.js'
import {usageError} from './errors.js'
import {type FieldArg, parseFieldArgs} from './field-args.js'
import {findField, VISIBILITIES} from './fields.js'
import {EXTRA_FILTERS, filterNames} from './filter-names.js'
import type {Filters} from './image.js'
import {parseBoolean, parseChoice, parseCount, parseTime, parseTimeComparison, parseValue} from './values.js'

export interface FiltersWithNotices {
  readonly filters: Filters
  readonly notices: readonly string[]
  /** Names that were taken for custom properties only because no field is called so, and no field was probably meant. */
  readonly assumed: readonly string[]
}

/** The names a filter can have beside those of custom properties, on any version of the Image API. */
const FILTER_NAMES: readonly string[] = filterNames(2)

/**
 * Reads `field=value` words as filters. A word that names no field filters by a custom property;
 * `property-NAME=value` says so outright.
 * @throws Failure of kind usage for a value that cannot be understood or a field no list can be filtered by
 */
export function parseFilters(args: readonly string[]): FiltersWithNotices {
  const fields: Record<string, string> = {}
  // As a map, in which `__proto__` is a name like any other.
  const properties = new Map<string, string>()
  const notices: string[] = []
  const assumed: string[] = []
  for (const arg of parseFieldArgs(args)) {
    const name = toFilterName(arg)
    if (name !== undefined) fields[name] = normalizeFilterValue(name, arg.value)
    else {
      const property = arg.key.replace(/^property-/i, '')
      properties.set(property, arg.value)
      const hint = property === arg.key ? suggestFilter(property) : ''
      if (hint)
        notices.push(`'${property}' is not an image field; only images with such a property match.${hint}`)
      else if (property === arg.key) assumed.push(property)
    }
  }
  return {filters: {fields, properties: Object.fromEntries(properties)}, notices, assumed}
}

/** Flags of lists that are easily written as a filter. */
const LIST_FLAGS = ['limit', 'marker', 'sort-key', 'sort-dir', 'max-items', 'force']

function suggestFilter(property: string): string {
  const flag = property.replaceAll('_', '-')
  return LIST_FLAGS.includes(flag) ? ` Did you mean --${flag}?` : didYouMean(property, FILTER_NAMES)
}

function toFilterName({key}: FieldArg): string | undefined {
  const name = key === 'changes_since' ? 'changes-since' : key
  if (FILTER_NAMES.includes(name)) return name
  const field = findField(key)
  if (field === undefined || field.draftOnly) return undefined
  throw usageError(`Images cannot be listed by ${key}`, {
    advice: `Filters are ${FILTER_NAMES.join(' ')}, and any custom property.`,
  })
}

/** The value in the one spelling that every server understands. */
function normalizeFilterValue(name: string, text: string): string {
  if (name === 'is_public' && /^(none|all)$/i.test(text)) return 'none'
  if (name === 'size_min' || name === 'size_max') return String(parseCount(name, text))
  if (name === 'changes-since') return parseTime(name, text)
  if (name === 'visibility') return parseChoice([...VISIBILITIES, 'all'], name, text)
  const choices = EXTRA_FILTERS.find(filter => filter.name === name)?.choices
  if (choices) return parseChoice(choices, name, text)
  const field = findField(name)
  if (field?.kind === 'boolean') return String(parseBoolean(name, text))
  if (field?.kind === 'time') return parseTimeComparison(name, text)
  return field === undefined ? text : String(parseValue(field.kind, name, text))
}
