/** Refuses keys that the library does not know: plain JavaScript has no compiler that does. */
import {didYouMean} from '../model/did-you-mean.js'
import {usageError} from '../model/errors.js'

/**
 * @param what the kind of object, for the message
 * @throws Failure of kind `usage` for the first key that is not known
 */
export function rejectUnknownKeys(
  given: object,
  known: readonly string[],
  what: string,
  hint?: string,
): void {
  const key = Object.keys(given).find(name => !known.includes(name))
  if (key === undefined) return
  const advice = [hint, didYouMean(key, known).trim()].filter(Boolean).join(' ') || undefined
  throw usageError(`unknown key '${key}' in ${what}`, {advice})
}
