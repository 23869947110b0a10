/** Values as users type them: one parser for each kind of field. */
import {usageError} from './errors.js'
import type {FieldKind} from './fields.js'

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

/** Gives the text back when it names a point in time as ISO 8601 does: a date, or a date and a time, with or without zone. */
export function parseTime(name: string, text: string): string {
  const iso = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/
  if (iso.test(text) && !Number.isNaN(Date.parse(text.slice(0, 10)))) return text
  throw usageError(`'${text}' is not a time, which ${name} must be`, {
    advice: `Write it as ${name}=2026-11-21T10:00:00Z (UTC).`,
  })
}

/** The text as the kind of a field demands it. */
export function parseValue(kind: FieldKind, name: string, text: string): string | number | boolean {
  if (kind === 'boolean') return parseBoolean(name, text)
  if (kind === 'count') return parseCount(name, text)
  return kind === 'time' ? parseTime(name, text) : text
}
