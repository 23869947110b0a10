/** Suggests the known word for a misspelt one. */
import {distance} from 'fastest-levenshtein'

/** Number of letters that may differ: few enough that another word does not count as misspelt. */
const defaultTolerance = (word: string) => Math.min(2, Math.floor(word.length / 3))

/**
 * The closest known word; undefined if none is close enough.
 * @param tolerance number of letters that may differ
 */
export function findClosest(
  word: string,
  known: readonly string[],
  tolerance = defaultTolerance(word),
): string | undefined {
  const typed = word.toLowerCase()
  const candidates = known
    .map(candidate => ({candidate, edits: distance(typed, candidate)}))
    .filter(({edits}) => edits > 0 && edits <= tolerance)
    .sort((a, b) => a.edits - b.edits)
  return candidates[0]?.candidate
}

/** ` Did you mean 'name'?`, or nothing. */
export function didYouMean(word: string, known: readonly string[], tolerance?: number): string {
  const match = findClosest(word, known, tolerance)
  return match === undefined ? '' : ` Did you mean '${match}'?`
}
