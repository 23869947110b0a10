/** Words of the command line as fields: `min_ram=512` becomes a key and a value. */
import {usageError} from './errors.js'
import {fieldNamed} from './fields.js'
import {EXTRA_FILTERS} from './filter-names.js'

export interface FieldArg {
  /** Name of a known field in its one spelling, or of a custom property as it was typed. */
  readonly key: string
  readonly value: string
}

const OTHER_NAMES = ['copy_from', 'store', ...EXTRA_FILTERS.map(filter => filter.name.replaceAll('-', '_'))]

/**
 * Splits each word at its first `=`, so that values may hold more of them. A comma at the end of a word is dropped:
 * people type lists. Of two words with the same key the last one counts, except that `tag=a tag=b` is `tag=a,b`.
 * @throws Failure of kind usage for a word without `=` or without a name
 */
export function parseFieldArgs(words: readonly string[]): FieldArg[] {
  const args = new Map<string, FieldArg>()
  for (const word of words) {
    const arg = parseFieldArg(word)
    const before = arg.key === 'tag' ? args.get(arg.key) : undefined
    args.set(arg.key, before ? {...arg, value: `${before.value},${arg.value}`} : arg)
  }
  return [...args.values()]
}

function parseFieldArg(word: string): FieldArg {
  const text = word.replace(/,+$/, '')
  const split = text.indexOf('=')
  if (split <= 0) {
    throw usageError(`Arguments should be in the form of field=value. You specified '${word}'.`, {
      advice: 'Quote values that hold blanks: name="My Image".',
    })
  }
  return {key: knownSpelling(text.slice(0, split)), value: text.slice(split + 1)}
}

/** `Min-RAM` is the field `min_ram`; what is no field keeps its spelling. */
function knownSpelling(name: string): string {
  const known = name.toLowerCase().replaceAll('-', '_')
  return fieldNamed(known) || OTHER_NAMES.includes(known) ? known : name
}
