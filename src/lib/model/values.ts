/** Parses values as users type them: one parser for each kind of field. */
import {didYouMean} from './did-you-mean.js'
import {usageError} from './errors.js'
import type {FieldKind} from './field.js'

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

/**
 * Returns a time in ISO 8601 unchanged: a date, or a date and a time, with or without zone.
 * @throws Failure of kind usage for other text
 */
export function parseTime(name: string, text: string): string {
  const iso = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/
  if (iso.test(text) && !Number.isNaN(Date.parse(text.slice(0, 10)))) return text
  throw usageError(`invalid ${name} '${text}': expected a time`, {
    advice: `Write it as ${name}=2026-11-21T10:00:00Z (UTC).`,
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

const OPERATORS = /^(eq|neq|gt|gte|lt|lte):/

/**
 * Parses an operator and a time: `gte:2026-11-21T10:00:00Z`. The default operator is `eq`.
 * @throws Failure of kind usage for an invalid time
 */
export function parseTimeComparison(name: string, text: string): string {
  const operator = OPERATORS.exec(text)?.[0] ?? 'eq:'
  return operator + parseTime(name, text.replace(OPERATORS, ''))
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
