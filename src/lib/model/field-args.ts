/** Parses `field=value` arguments: `min_ram=512` becomes a key and a value. */
import {usageError} from './errors.js'
import {findField} from './fields.js'
import {EXTRA_FILTERS} from './filter-names.js'

/** A parsed argument. */
export interface FieldArg {
  /** Name of a known field in its standard spelling, or of a custom property as typed. */
  readonly key: string
  readonly value: string
}

const NON_FIELD_KEYS = EXTRA_FILTERS.map(filter => filter.name.replaceAll('-', '_'))

/**
 * Splits each argument at its first `=`, so that values may contain others. A comma at the end of an argument is
 * dropped, because arguments may be typed as a list. `tag=a tag=b` is `tag=a,b`.
 * @throws Failure of kind usage for an argument without `=` or without a name, and for a name that is given twice
 */
export function parseFieldArgs(args: readonly string[]): FieldArg[] {
  const byKey = new Map<string, FieldArg>()
  for (const text of args) {
    const arg = parseFieldArg(text)
    const previous = byKey.get(arg.key)
    if (previous && arg.key !== 'tag') {
      throw usageError(`${arg.key} is given twice: '${previous.value}' and '${arg.value}'`, {
        advice: 'Give each field once.',
      })
    }
    byKey.set(arg.key, previous ? {...arg, value: `${previous.value},${arg.value}`} : arg)
  }
  return [...byKey.values()]
}

function parseFieldArg(arg: string): FieldArg {
  const text = arg.replace(/,+$/, '')
  const separator = text.indexOf('=')
  if (separator <= 0) {
    throw usageError(`invalid argument '${arg}': expected field=value`, {
      advice: 'Quote values that contain blanks: name="My Image".',
    })
  }
  return {key: normalizeKey(text.slice(0, separator)), value: text.slice(separator + 1)}
}

/** `Min-RAM` is the field `min_ram`; the name of a custom property keeps its spelling. */
function normalizeKey(key: string): string {
  const normalized = key.toLowerCase().replaceAll('-', '_')
  return findField(normalized) || NON_FIELD_KEYS.includes(normalized) ? normalized : key
}
