/** Parses values as users type them: one parser for each kind of field. */
import {didYouMean} from './did-you-mean.js'
import {usageError} from './errors.js'
import type {FieldKind} from './field.js'
import type {Comparison, TimeLimit} from './list-query.js'

const TRUE = ['true', 'on', '1', 'yes', 'y', 't']
const FALSE = ['false', 'off', '0', 'no', 'n', 'f']

/**
 * Parses `true`, `false` and their synonyms.
 * @throws Failure of kind usage for other text, listing the valid values
 */
export function parseBoolean(name: string, text: string): boolean {
  const word = text.trim().toLowerCase()
  if (TRUE.includes(word)) return true
  if (FALSE.includes(word)) return false
  throw usageError(`invalid ${name} '${text}': expected true or false`, {
    advice: `Write one of ${TRUE.join(' ')} or one of ${FALSE.join(' ')}.`,
  })
}

/**
 * Parses a whole number from 0.
 * @throws Failure of kind usage for other text
 */
export function parseCount(name: string, text: string): number {
  const digits = text.trim()
  const number = Number(digits)
  if (/^\d+$/.test(digits) && Number.isSafeInteger(number)) return number
  throw usageError(`invalid ${name} '${text}': expected a whole number`, {
    advice: `Leave out sign and unit: ${name}=512`,
  })
}

/** The fields for digests, by their number of hexadecimal digits. */
export const FIELD_BY_LENGTH: Readonly<Record<number, string>> = {32: 'checksum', 64: 'sha256', 128: 'sha512'}

/** True for a field with a digest of the data. */
export function isDigestName(name: string): boolean {
  return Object.values(FIELD_BY_LENGTH).includes(name)
}

/** The programs that print the digests of the fields. */
const PROGRAMS: Readonly<Record<string, string>> = {
  checksum: 'md5sum',
  sha256: 'sha256sum',
  sha512: 'sha512sum',
}

const DIGEST_NAMES = 'An MD5 is given as checksum, a SHA-256 as sha256, a SHA-512 as sha512.'

/**
 * Parses a digest, and returns it in lower case.
 * @param field `checksum`, `sha256` or `sha512`
 * @throws Failure of kind usage for other text
 */
export function parseDigest(field: string, text: string): string {
  const length = Number(Object.keys(FIELD_BY_LENGTH).find(key => FIELD_BY_LENGTH[Number(key)] === field))
  if (text.length === length && /^[0-9a-f]+$/i.test(text)) return text.toLowerCase()
  throw usageError(`invalid ${field} '${text}': expected ${length} hexadecimal digits`, {
    advice: `Write them as ${PROGRAMS[field]} prints them. ${DIGEST_NAMES}`,
  })
}

/** The failure for text whose length is not that of a digest, on a command line, where the length selects the field. */
export function invalidDigestLength(field: string, text: string): Error {
  return usageError(`invalid ${field} '${text}': expected an MD5, SHA-256 or SHA-512 checksum`, {
    advice: 'Write its hexadecimal digits, as md5sum, sha256sum and sha512sum print them.',
  })
}

/** Milliseconds in each unit of a relative time: minutes, hours, days and weeks. */
const TIME_UNITS: Readonly<Record<string, number>> = {m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000}

/**
 * Parses a time: ISO 8601, a date, or a date and a time, with or without zone, is returned unchanged; `-30d` is the time
 * of 30 days before now, in UTC.
 * @param now milliseconds since 1970
 * @param comparison that of the argument, for the advice
 * @throws Failure of kind usage for other text
 */
export function parseTime(
  name: string,
  text: string,
  now = Date.now(),
  comparison: Comparison = 'eq',
): string {
  const iso = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/
  if (iso.test(text) && !Number.isNaN(Date.parse(text.slice(0, 10)))) return text
  const [, count, unit = ''] = /^-(\d+)([mhdw])$/.exec(text) ?? []
  const time = now - Number(count) * (TIME_UNITS[unit] ?? Number.NaN)
  if (time >= 0) return new Date(time).toISOString().replace(/\.\d+/, '')
  throw usageError(`invalid ${name} '${text}': expected a time`, {
    advice: `Write it as ${formatExample(name, comparison, '2026-11-21T10:00:00Z')} (UTC), or before now: -90m, -12h, -30d or -2w.`,
  })
}

/**
 * Parses one of the choices, in any case of letters.
 * @throws Failure of kind usage for other text, listing the choices
 */
export function parseChoice<T extends string>(choices: readonly T[], name: string, text: string): T {
  const word = text.trim().toLowerCase()
  const choice = choices.find(candidate => candidate === word)
  if (choice !== undefined) return choice
  throw usageError(`invalid ${name} '${text}': expected one of ${choices.join(', ')}`, {
    advice: didYouMean(word, choices).trim() || undefined,
  })
}

/** Comparisons as arguments have them. */
const SYMBOLS: Readonly<Record<Comparison, string>> = {
  eq: '=',
  neq: '=neq:',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
}

/** Splits `gte:1GiB` into its comparison and its value. The default comparison is `eq`. */
function splitComparison(text: string): {comparison: Comparison; value: string} {
  const [, comparison = 'eq', value = ''] = /^(?:(eq|neq|gt|gte|lt|lte):)?(.*)$/s.exec(text) ?? []
  return {comparison: comparison as Comparison, value}
}

/** An argument with this comparison, quoted where a shell would read it. */
function formatExample(name: string, comparison: Comparison, value: string): string {
  const text = name + SYMBOLS[comparison] + value
  return /[<>]/.test(text) ? `'${text}'` : text
}

/**
 * Parses a comparison with a time: `gte:2026-11-21T10:00:00Z`, `lt:-30d`.
 * @param now milliseconds since 1970
 * @throws Failure of kind usage for an invalid time
 */
export function parseTimeLimit(name: string, text: string, now: number): TimeLimit {
  const {comparison, value} = splitComparison(text)
  return {comparison, time: parseTime(name, value, now, comparison)}
}

const SIZE_UNITS = 'KMGT'

/**
 * Parses a size: a whole number of bytes, or a number with a unit of 1024: `K` or `KiB`, `M`, `G`, `T`.
 * @param comparison that of the argument, for the advice
 * @returns bytes
 * @throws Failure of kind usage for other text
 */
export function parseSize(name: string, text: string, comparison: Comparison = 'eq'): number {
  const [, number, unit = ''] =
    /^(\d+|\d+\.\d+(?=\s*[KMGT]))\s*(?:([KMGT])(?:iB)?)?$/i.exec(text.trim()) ?? []
  const bytes = Math.round(Number(number) * 1024 ** (SIZE_UNITS.indexOf(unit.toUpperCase() || ' ') + 1))
  if (Number.isSafeInteger(bytes)) return bytes
  throw usageError(`invalid ${name} '${text}': expected a size`, {
    advice: `Write bytes, or a unit of 1024 (K, M, G, T or KiB, MiB, GiB, TiB): ${formatExample(name, comparison, '512M')}`,
  })
}

/**
 * Parses a comparison with a size: `gte:1GiB`.
 * @returns the smallest and the largest size in bytes that meet it
 * @throws Failure of kind usage for an invalid size, and for a comparison that is not a range
 */
export function parseSizeRange(name: string, text: string): {sizeMin?: number; sizeMax?: number} {
  const {comparison, value} = splitComparison(text)
  const bytes = parseSize(name, value, comparison)
  if (comparison === 'gte') return {sizeMin: bytes}
  if (comparison === 'gt') return {sizeMin: bytes + 1}
  if (comparison === 'lte') return {sizeMax: bytes}
  if (comparison === 'lt' && bytes > 0) return {sizeMax: bytes - 1}
  if (comparison === 'eq') return {sizeMin: bytes, sizeMax: bytes}
  if (comparison === 'lt')
    throw usageError(`cannot filter lists by a ${name} below 0`, {advice: `For empty images write ${name}=0`})
  throw usageError(`invalid ${name} '${text}': expected a range of sizes`, {
    advice: `Write '${name}>=${value}' or '${name}<=${value}', with the quotes.`,
  })
}

/** Splits a list at its commas; trims its items, and drops empty and repeated ones. */
export function parseList(text: string): string[] {
  const items = text.split(',').map(word => word.trim())
  return [...new Set(items.filter(word => word !== ''))]
}

/**
 * Parses the value of a field by its kind.
 * @throws Failure of kind usage for an invalid value
 */
export function parseValue(
  kind: FieldKind,
  name: string,
  text: string,
): string | number | boolean | readonly string[] {
  if (kind === 'boolean') return parseBoolean(name, text)
  if (kind === 'list') return parseList(text)
  if (kind === 'count') return parseCount(name, text)
  return kind === 'time' ? parseTime(name, text) : text
}
