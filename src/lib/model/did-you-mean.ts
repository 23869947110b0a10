/** Hints for misspelt words: the known word that was probably meant. */
import {distance} from 'fastest-levenshtein'

/** How many letters may differ in a word that was probably misspelt: few enough that a word of its own is left alone. */
const defaultTolerance = (word: string) => Math.min(2, Math.floor(word.length / 3))

/** The nearest of the known words, or undefined when none is near enough to have been meant. */
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
