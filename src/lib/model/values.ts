/** Values as users type them: one parser for each kind of field. */

import {didYouMean} from './did-you-mean.js'
import {usageError} from './errors.js'
import type {FieldKind} from './field.js'

const TRUE = ['true', 'on', '1', 'yes', 'y', 't']
const FALSE = ['false', 'off', '0', 'no', 'n', 'f']

/** @throws Failure of kind usage for any other word, naming those that are understood */
export function parseBoolean(name: string, text: string): boolean {
  const word = text.trim().toLowerCase()
  if (TRUE.includes(word)) return true
  if (FALSE.includes(word)) return false
  throw usageError(`'${text}' is neither yes nor no, which ${name} must be`, {
    advice: `Write one of ${TRUE.join(' ')} or one of ${FALSE.join(' ')}.`,
  })
}

/** @throws Failure of kind usage unless the text is a whole number that is not negative */
export function parseCount(name: string, text: string): number {
  const digits = text.trim()
  const number = Number(digits)
  if (/^\d+$/.test(digits) && Number.isSafeInteger(number)) return number
  throw usageError(`'${text}' is not a number that ${name} can have`, {
    advice: `Write a whole number, without a unit: ${name}=512`,
  })
}

/** @throws Failure of kind usage unless the text is an MD5 in hexadecimal */
export function parseMd5(text: string): string {
  if (/^[0-9a-f]{32}$/i.test(text)) return text.toLowerCase()
  throw usageError(`'${text}' is not an MD5 checksum`, {
    advice: 'Write its 32 hexadecimal digits, as md5sum prints them.',
  })
}

/** Gives the text back when it names a point in time as ISO 8601 does: a date, or a date and a time, with or without zone. */
export function parseTime(name: string, text: string): string {
  const iso = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/
  if (iso.test(text) && !Number.isNaN(Date.parse(text.slice(0, 10)))) return text
  throw usageError(`'${text}' is not a time, which ${name} must be`, {
    advice: `Write it as ${name}=2026-11-21T10:00:00Z (UTC).`,
  })
}

/** @throws Failure of kind usage for any other word than these, naming them */
export function parseChoice<T extends string>(choices: readonly T[], name: string, text: string): T {
  const word = text.trim().toLowerCase()
  const choice = choices.find(candidate => candidate === word)
  if (choice !== undefined) return choice
  throw usageError(`'${text}' is not a value that ${name} can have`, {
    advice: `Write one of ${choices.join(' ')}.${didYouMean(word, choices)}`,
  })
}

const OPERATORS = /^(eq|neq|gt|gte|lt|lte):/

/**
 * A time to compare with: `gte:2026-11-21T10:00:00Z`. Without an operator it must be that very time.
 * @throws Failure of kind usage when there is no time
 */
export function parseTimeComparison(name: string, text: string): string {
  const operator = OPERATORS.exec(text)?.[0] ?? 'eq:'
  return operator + parseTime(name, text.replace(OPERATORS, ''))
}

/** Parts of a list: blanks around them and empty ones are dropped, of equal ones the first stays. */
export function parseList(text: string): string[] {
  const items = text.split(',').map(word => word.trim())
  return [...new Set(items.filter(word => word !== ''))]
}

/** The text as the kind of a field demands it. */
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
