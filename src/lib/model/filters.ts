/** Filters of a list, from the words of the command line. */
import {usageError} from './errors.js'
import {type FieldArg, parseFieldArgs} from './field-args.js'
import {EXTRA_FILTERS, FIELDS, fieldNamed} from './fields.js'
import {didYouMean} from './hints.js'
import type {Filters} from './image.js'
import {parseBoolean, parseCount, parseTime, parseValue} from './values.js'

export interface FiltersWithNotices {
  readonly filters: Filters
  readonly notices: readonly string[]
}

/** The names a filter can have beside those of custom properties. */
export const FILTER_NAMES: readonly string[] = [
  ...FIELDS.filter(field => field.filter).map(field => field.name),
  ...EXTRA_FILTERS.map(filter => filter.name),
]

/**
 * Reads `field=value` words as filters. A word that names no field filters by a custom property;
 * `property-NAME=value` says so outright.
 * @throws Failure of kind usage for a value that cannot be understood or a field no list can be filtered by
 */
export function parseFilters(words: readonly string[]): FiltersWithNotices {
  const fields: Record<string, string> = {}
  const properties: Record<string, string> = {}
  const notices: string[] = []
  for (const arg of parseFieldArgs(words)) {
    const name = filterName(arg)
    if (name !== undefined) fields[name] = filterValue(name, arg.value)
    else {
      const property = arg.key.replace(/^property-/i, '')
      properties[property] = arg.value
      const hint = property === arg.key ? didYouMean(property, FILTER_NAMES) : ''
      if (hint)
        notices.push(
          `note: '${property}' is not an image field; only images with such a property match.${hint}`,
        )
    }
  }
  return {filters: {fields, properties}, notices}
}

function filterName({key}: FieldArg): string | undefined {
  const name = key === 'changes_since' ? 'changes-since' : key
  if (FILTER_NAMES.includes(name)) return name
  if (fieldNamed(key) === undefined) return undefined
  throw usageError(`Images cannot be listed by ${key}`, {
    advice: `Filters are ${FILTER_NAMES.join(' ')}, and any custom property.`,
  })
}

/** The value in the one spelling that every server understands. */
function filterValue(name: string, text: string): string {
  if (name === 'is_public' && /^(none|all)$/i.test(text)) return 'none'
  if (name === 'size_min' || name === 'size_max') return String(parseCount(name, text))
  if (name === 'changes-since') return parseTime(name, text)
  const field = fieldNamed(name)
  if (field?.kind === 'boolean') return String(parseBoolean(name, text))
  return field === undefined ? text : String(parseValue(field.kind, name, text))
}
