/** Parses values in arguments, by the kind of the field. */

import {didYouMean} from './did-you-mean.js'
import {usageError} from './errors.js'
import type {FieldKind} from './field.js'

const TRUE = ['true', 'on', '1', 'yes', 'y', 't']
const FALSE = ['false', 'off', '0', 'no', 'n', 'f']

/** @throws Failure of kind usage unless the text is a boolean; it lists the accepted spellings */
export function parseBoolean(name: string, text: string): boolean {
  const word = text.trim().toLowerCase()
  if (TRUE.includes(word)) return true
  if (FALSE.includes(word)) return false
  throw usageError(`invalid ${name} '${text}': expected true or false`, {
    advice: `Write one of ${TRUE.join(' ')} or one of ${FALSE.join(' ')}.`,
  })
}

/** @throws Failure of kind usage unless the text is a whole number that is not negative */
export function parseCount(name: string, text: string): number {
  const digits = text.trim()
  const number = Number(digits)
  if (/^\d+$/.test(digits) && Number.isSafeInteger(number)) return number
  throw usageError(`invalid ${name} '${text}': expected a whole number`, {
    advice: `Write digits only, without a unit: ${name}=512`,
  })
}

/** @throws Failure of kind usage unless the text is an MD5 in hexadecimal */
export function parseMd5(text: string): string {
  if (/^[0-9a-f]{32}$/i.test(text)) return text.toLowerCase()
  throw usageError(`invalid checksum '${text}': expected an MD5 in hexadecimal`, {
    advice: 'Write 32 hexadecimal digits, as md5sum prints them.',
  })
}

/**
 * The text, if it is a date in ISO 8601, or a date and a time, with or without a zone.
 * @throws Failure of kind usage
 */
export function parseTime(name: string, text: string): string {
  const iso = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/
  if (iso.test(text) && !Number.isNaN(Date.parse(text.slice(0, 10)))) return text
  throw usageError(`invalid ${name} '${text}': expected a time in ISO 8601`, {
    advice: `Write it as ${name}=2026-11-21T10:00:00Z (UTC).`,
  })
}

/** @throws Failure of kind usage unless the text is one of these choices; it lists them */
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
 * A comparison with a time: `gte:2026-11-21T10:00:00Z`. Without an operator, the times must be equal.
 * @throws Failure of kind usage without a valid time
 */
export function parseTimeComparison(name: string, text: string): string {
  const operator = OPERATORS.exec(text)?.[0] ?? 'eq:'
  return operator + parseTime(name, text.replace(OPERATORS, ''))
}

/** The items of a list, without blanks around them, empty ones and repetitions. */
export function parseList(text: string): string[] {
  const items = text.split(',').map(word => word.trim())
  return [...new Set(items.filter(word => word !== ''))]
}

/** The value of a text for a kind of field. @throws Failure of kind usage for an invalid text */
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
