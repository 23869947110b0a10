/** Suggests the known word for a misspelt one. */
import {distance} from 'fastest-levenshtein'

/** Number of letters that may differ: few enough that another word does not count as misspelt. */
const defaultTolerance = (word: string) => Math.min(2, Math.floor(word.length / 3))

/**
 * The closest other known word; undefined if none is close enough. The case of letters does not count, and two adjacent letters in the wrong order count as one.
 * @param tolerance number of letters that may differ
 */
export function findClosest(
  word: string,
  known: readonly string[],
  tolerance = defaultTolerance(word),
): string | undefined {
  const typed = word.toLowerCase()
  const candidates = known
    // Each letter more or less is an edit.
    .filter(({length}) => Math.abs(length - typed.length) <= tolerance)
    .map(candidate => ({candidate, edits: countEdits(typed, candidate.toLowerCase())}))
    .filter(({candidate, edits}) => candidate !== word && edits <= tolerance)
    .sort((a, b) => a.edits - b.edits)
  return candidates[0]?.candidate
}

function countEdits(typed: string, candidate: string): number {
  const swapped = [...typed.slice(1)].map(
    (letter, index) => typed.slice(0, index) + letter + typed[index] + typed.slice(index + 2),
  )
  return Math.min(distance(typed, candidate), ...swapped.map(word => distance(word, candidate) + 1))
}

/** ` Did you mean 'name'?`, or nothing. */
export function didYouMean(word: string, known: readonly string[], tolerance?: number): string {
  const match = findClosest(word, known, tolerance)
  return match === undefined ? '' : ` Did you mean '${match}'?`
}

/** Fields by other names that people expect for them. */
const SYNONYMS: Readonly<Record<string, string>> = {
  container: 'container_format',
  disk: 'min_disk',
  format: 'disk_format',
  hidden: 'os_hidden',
  image_name: 'name',
  memory: 'min_ram',
  private: 'visibility',
  project: 'owner',
  public: 'is_public',
  ram: 'min_ram',
  source: 'copy_from',
  state: 'status',
  tenant: 'owner',
  title: 'name',
  url: 'copy_from',
}

/** ` Did you mean 'disk_format'?` for `format`: by meaning, or by spelling; or nothing. @param known names of fields */
export function suggestField(word: string, known: readonly string[], tolerance?: number): string {
  const synonym = SYNONYMS[word.toLowerCase().replaceAll('-', '_')]
  return synonym !== undefined && known.includes(synonym)
    ? ` Did you mean '${synonym}'?`
    : didYouMean(word, known, tolerance)
}
