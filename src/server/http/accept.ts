/** Content negotiation by the Accept header (RFC 9110, 12.5.1). */

interface MediaRange {
  readonly type: string
  readonly quality: number
}

/**
 * Chooses the available type that the client prefers; of equally preferred ones the earlier one.
 * @returns undefined when the client accepts none, or sent no header (wire/v1.md#m1, #m6)
 */
export function negotiateType<T extends string>(
  accept: string | undefined,
  available: readonly T[],
): T | undefined {
  const ranges = (accept ?? '').split(',').map(parseMediaRange)
  let best: T | undefined
  let bestQuality = 0
  for (const candidate of available) {
    const quality = findQuality(candidate, ranges)
    if (quality <= bestQuality) continue
    best = candidate
    bestQuality = quality
  }
  return best
}

function parseMediaRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map(part => part.trim().toLowerCase())
  const q = parameters.find(parameter => parameter.startsWith('q='))
  const quality = q === undefined ? 1 : Number(q.slice(2))
  return {type, quality: Number.isFinite(quality) ? quality : 0}
}

/** The quality of the most specific range that matches. */
function findQuality(mediaType: string, ranges: readonly MediaRange[]): number {
  const family = `${mediaType.split('/')[0]}/*`
  for (const type of [mediaType, family, '*/*']) {
    const range = ranges.find(candidate => candidate.type === type)
    if (range) return range.quality
  }
  return 0
}
