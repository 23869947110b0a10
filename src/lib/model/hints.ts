/** Hints for misspelt words: the known word that was probably meant. */
import {distance} from 'fastest-levenshtein'

/** How many letters may differ in a word that was probably misspelt: few enough that a word of its own is left alone. */
const likely = (word: string) => Math.min(2, Math.floor(word.length / 3))

/** The nearest of the known words, or undefined when none is near enough to have been meant. */
export function nearest(
  word: string,
  known: readonly string[],
  tolerance = likely(word),
): string | undefined {
  const typed = word.toLowerCase()
  const candidates = known
    .map(candidate => ({candidate, steps: distance(typed, candidate)}))
    .filter(({steps}) => steps > 0 && steps <= tolerance)
    .sort((a, b) => a.steps - b.steps)
  return candidates[0]?.candidate
}

/** ` Did you mean 'name'?`, or nothing. */
export function didYouMean(word: string, known: readonly string[], tolerance?: number): string {
  const meant = nearest(word, known, tolerance)
  return meant === undefined ? '' : ` Did you mean '${meant}'?`
}
