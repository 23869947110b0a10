/** Parses `field=value` arguments: `min_ram=512` becomes a key and a value. */
import {usageError} from './errors.js'
import {findField} from './fields.js'
import {COMPARED_FILTERS, EXTRA_FILTERS} from './filter-names.js'
import {FIELD_BY_LENGTH, invalidDigestLength} from './values.js'

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
  return mergeRepeated(args.map(parseFieldArg))
}

/**
 * Splits filters: as `parseFieldArgs`, but sizes and times may also be compared, several times each. `size>=1GiB` becomes
 * the value `gte:1GiB`.
 * @throws Failure of kind usage also for a comparison of another field
 */
export function parseFilterArgs(args: readonly string[]): FieldArg[] {
  const parsed = args.map(text => parseComparison(text) ?? parseFieldArg(text))
  const isCompared = ({key}: FieldArg) => COMPARED_FILTERS.includes(key)
  return [...mergeRepeated(parsed.filter(arg => !isCompared(arg))), ...parsed.filter(isCompared)]
}

/** Comparisons as they are typed, and as version 2 of the API writes them. */
const COMPARISONS: Readonly<Record<string, string>> = {'>=': 'gte', '<=': 'lte', '>': 'gt', '<': 'lt'}

/** A comparison; undefined for an argument that has a `=` before any `<`, `>` or `!`, and for `property-NAME=`. */
function parseComparison(arg: string): FieldArg | undefined {
  const [, name = '', symbol = '', value = ''] = /^([^<>=!]+)(>=|<=|!=|<|>)(.*?),*$/s.exec(arg) ?? []
  if (symbol === '' || /^property-/i.test(name)) return undefined
  const key = normalizeKey(name.trim())
  const comparison = COMPARISONS[symbol]
  if (COMPARED_FILTERS.includes(key) && comparison !== undefined)
    return {key, value: `${comparison}:${value.trim()}`}
  throw usageError(`cannot filter lists by '${name}${symbol}'`, {
    why: 'only size, created_at and updated_at are compared, by >=, <=, > and <',
    advice: `For an exact value write ${key}=VALUE`,
  })
}

function mergeRepeated(args: readonly FieldArg[]): FieldArg[] {
  const byKey = new Map<string, FieldArg>()
  for (const arg of args) {
    const previous = byKey.get(arg.key)
    if (previous && arg.key !== 'tag') {
      throw usageError(`${arg.key} is given twice: '${previous.value}' and '${arg.value}'`, {
        advice: arg.key === 'tags' ? 'Separate tags by commas: tags=a,b' : 'Give each field once.',
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
      advice: adviseOnArgument(text),
    })
  }
  return {key: normalizeKey(text.slice(0, separator)), value: text.slice(separator + 1)}
}

/** Advice by what the text resembles: a file, an output format, or a part of a value. */
function adviseOnArgument(text: string): string {
  const advice = adviseOnFormat(text) ?? adviseOnColumns(text)
  if (advice !== undefined) return advice
  if (/^[^=]*[./][^=]*$/.test(text))
    return `If this is the data, redirect the file: < ${text}, or write --file ${text}`
  return 'Quote values that contain blanks: name="My Image".'
}

/** Advice for the name of an output format, which other tools take after -f. */
export function adviseOnFormat(text: string): string | undefined {
  return /^(json|ndjson|jsonl|table|csv|tsv|yaml|value)$/.test(text)
    ? `Write -o ${text === 'jsonl' ? 'ndjson' : text}; -f is --force here.`
    : undefined
}

/** Advice for `id,name`, which `gh` takes after --json. */
function adviseOnColumns(text: string): string | undefined {
  const names = text.split(',')
  return names.length > 1 && names.every(name => findField(name.toLowerCase()))
    ? `To choose columns, write -c ${text}`
    : undefined
}

/** `Min-RAM` is the field `min_ram`; the name of a custom property keeps its spelling. */
function normalizeKey(key: string): string {
  const normalized = key.toLowerCase().replaceAll('-', '_')
  return findField(normalized) || NON_FIELD_KEYS.includes(normalized) ? normalized : key
}

/** The fields for digests, by the value of `os_hash_algo`. */
const FIELD_BY_ALGORITHM: Readonly<Record<string, string>> = {
  md5: 'checksum',
  sha256: 'sha256',
  sha512: 'sha512',
}

/**
 * Replaces the spellings of a digest by its field: `md5=`, `checksum=` with a digest of another length, and
 * `os_hash_value=` with or without `os_hash_algo=`.
 * @throws Failure of kind usage for an algorithm other than these, and for one without a value
 */
export function toDigestArgs(args: readonly FieldArg[]): FieldArg[] {
  const algorithm = args.find(({key}) => key === 'os_hash_algo')?.value
  const value = args.find(({key}) => key === 'os_hash_value')?.value
  if (algorithm !== undefined && value === undefined)
    throw usageError('os_hash_algo= is given without os_hash_value=')
  return args.flatMap(arg => {
    if (arg.key === 'os_hash_algo') return []
    if (arg.key === 'os_hash_value') return [{key: chooseField(arg.value, algorithm), value: arg.value}]
    if (arg.key === 'md5') return [{key: 'checksum', value: arg.value}]
    if (arg.key !== 'checksum') return [arg]
    return [{key: chooseByLength(arg), value: arg.value}]
  })
}

function chooseByLength({key, value}: FieldArg): string {
  const field = FIELD_BY_LENGTH[value.length]
  if (field === undefined) throw invalidDigestLength(key, value)
  return field
}

function chooseField(value: string, algorithm: string | undefined): string {
  const name = algorithm?.toLowerCase().replaceAll(/[-_]/g, '')
  const field = name === undefined ? FIELD_BY_LENGTH[value.length] : FIELD_BY_ALGORITHM[name]
  if (field !== undefined) return field
  if (algorithm === undefined) throw invalidDigestLength('os_hash_value', value)
  throw usageError(`cannot compare a digest of ${algorithm}`, {advice: 'Give md5=, sha256= or sha512=.'})
}
