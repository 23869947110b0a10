/** The digests that the user announces for the data, and their comparison. */
import type {Digests} from '../../data/digest.js'
import type {Draft} from '../../model/draft.js'

/** The digests that the user announces, by algorithm. */
export function announcedDigests({checksum, sha256, sha512}: Draft): Digests {
  const entries = Object.entries({md5: checksum, sha256, sha512})
  return Object.fromEntries(
    entries.flatMap(([name, digest]) => (digest === undefined ? [] : [[name, digest.toLowerCase()]])),
  )
}

/** The difference of computed digests from announced ones, for the reason of a failure; undefined without one. */
export function compareDigests(computed: Digests, announced: Digests): string | undefined {
  for (const [algorithm, expected] of Object.entries(announced)) {
    const own = computed[algorithm]
    if (own !== undefined && own !== expected)
      return `its ${toLabel(algorithm)} is ${own}, expected ${expected}`
  }
  return undefined
}

/** The name of a digest in messages. */
export function toLabel(algorithm: string): string {
  return algorithm === 'md5' ? 'checksum' : algorithm
}
