/** Checks single values that programs pass: plain JavaScript has no compiler that does. */
import {didYouMean} from '../model/did-you-mean.js'
import {type Failure, usageError} from '../model/errors.js'

/**
 * @param what the kind of object, for the message
 * @throws Failure of kind `usage` for anything but an object, and for the first key that is not known
 */
export function rejectUnknownKeys(
  given: object,
  known: readonly string[],
  what: string,
  hint?: string,
): void {
  requireObject(given, what)
  const key = Object.keys(given).find(name => !known.includes(name))
  if (key === undefined) return
  const advice = [hint, didYouMean(key, known).trim()].filter(Boolean).join(' ') || undefined
  throw usageError(`unknown key '${key}' in ${what}`, {advice})
}

/** @throws Failure of kind `usage` for anything but an object */
export function requireObject(given: unknown, what: string): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw usageError(`cannot read ${what}: expected an object, not ${describeType(given)}`)
}

/**
 * The id, name or URI of an image, as text.
 * @throws Failure of kind `usage` for anything else: `undefined` must not become the name of an image
 */
export function toImageText(image: unknown): string {
  if (typeof image === 'number' || (typeof image === 'string' && image !== '')) return String(image)
  throw usageError(`invalid image: expected its id, name or uri, not ${describeType(image)}`, {
    advice: typeof image === 'object' && image !== null ? 'Pass the id of the object.' : undefined,
  })
}

/** @throws Failure of kind `usage` for anything but a text that is not empty */
export function requireText(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw typeError(name, 'a text', value)
}

/** @throws Failure of kind `usage` for anything but a function or `undefined` */
export function requireFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw typeError(name, 'a function', value)
}

/** @throws Failure of kind `usage` for anything but a signal or `undefined` */
export function requireSignal(value: unknown): void {
  if (value !== undefined && !(value instanceof AbortSignal))
    throw usageError('invalid signal: expected an AbortSignal')
}

/** @throws Failure of kind `usage` for anything but a whole number of at least `least`, or `undefined` */
export function requireCount(name: string, value: unknown, least = 0): void {
  if (value === undefined || (Number.isSafeInteger(value) && Number(value) >= least)) return
  throw usageError(`invalid ${name} '${value}': expected a whole number of at least ${least}`)
}

/** @throws Failure of kind `usage` for anything but a number of seconds, or `undefined` */
export function requireSeconds(name: string, value: unknown): void {
  if (value === undefined || (typeof value === 'number' && value >= 0)) return
  throw usageError(`invalid ${name} '${value}': expected a number of seconds`)
}

/** `an empty text`, `null`, `a number` */
export function describeType(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (value === '') return 'an empty text'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`
}

function typeError(name: string, expected: string, value: unknown): Failure {
  return usageError(`invalid ${name}: expected ${expected}, not ${describeType(value)}`)
}
