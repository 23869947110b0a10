/** Which of the types we can write a client would rather read, by its Accept header (RFC 9110, 12.5.1). */

interface MediaRange {
  readonly type: string
  readonly quality: number
}

/**
 * The offer the client likes best; among equals the earlier offer.
 * Undefined when it accepts none, or sent no header at all (wire/v1.md#m1, #m6).
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

/** The most exact range that covers the offer decides. */
function findQuality(mediaType: string, ranges: readonly MediaRange[]): number {
  const family = `${mediaType.split('/')[0]}/*`
  for (const type of [mediaType, family, '*/*']) {
    const range = ranges.find(candidate => candidate.type === type)
    if (range) return range.quality
  }
  return 0
}
