/** Checks of values that arrived as JSON, and their combinations. */

/** True for a value of the kind that the check is for. */
export type ValueCheck = (value: unknown) => boolean

export const isText: ValueCheck = value => typeof value === 'string'
export const isFlag: ValueCheck = value => typeof value === 'boolean'
/** Any number: an age may be negative. */
export const isNumber: ValueCheck = value => Number.isFinite(value)
export const isCount: ValueCheck = value => Number.isSafeInteger(value) && Number(value) >= 0

/** Null, or a value that meets the check. */
export const isNullOr =
  (check: ValueCheck): ValueCheck =>
  value =>
    value === null || check(value)

/** Absent, or a value that meets the check. */
export const isOptional =
  (check: ValueCheck): ValueCheck =>
  value =>
    value === undefined || check(value)

/** One of these texts. */
export const isOneOf =
  (...words: readonly string[]): ValueCheck =>
  value =>
    words.includes(value as string)

/** A list whose values all meet the check. */
export const isListOf =
  (check: ValueCheck): ValueCheck =>
  value =>
    Array.isArray(value) && value.every(check)

/** An object with any names, whose values all meet the check. */
export const isMapOf =
  (check: ValueCheck): ValueCheck =>
  value =>
    isObject(value) && Object.values(value).every(check)

/** An object with these members, and no others: a name that is not known may be one of a later release. */
export const isRecordOf =
  (members: Readonly<Record<string, ValueCheck>>): ValueCheck =>
  value =>
    isObject(value) &&
    Object.keys(value).every(name => Object.hasOwn(members, name)) &&
    Object.entries(members).every(([name, check]) => check((value as Record<string, unknown>)[name]))

/** The same members, which may all be absent. */
export function optionalMembers(
  members: Readonly<Record<string, ValueCheck>>,
): Readonly<Record<string, ValueCheck>> {
  return Object.fromEntries(Object.entries(members).map(([name, check]) => [name, isOptional(check)]))
}

/** As `isRecordOf`, but each member may be absent. */
export const isPartOf = (members: Readonly<Record<string, ValueCheck>>): ValueCheck =>
  isRecordOf(optionalMembers(members))

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
