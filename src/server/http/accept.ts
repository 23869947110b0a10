/** Which of the types we can write a client would rather read, by its Accept header (RFC 9110, 12.5.1). */

interface Range {
  readonly type: string
  readonly quality: number
}

/**
 * The offer the client likes best; among equals the earlier offer.
 * Undefined when it accepts none, or sent no header at all (v1-wire M1, M6).
 */
export function preferred<T extends string>(accept: string | undefined, offers: readonly T[]): T | undefined {
  const ranges = (accept ?? '').split(',').map(rangeOf)
  let best: T | undefined
  let bestQuality = 0
  for (const offer of offers) {
    const quality = qualityOf(offer, ranges)
    if (quality <= bestQuality) continue
    best = offer
    bestQuality = quality
  }
  return best
}

function rangeOf(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map(part => part.trim().toLowerCase())
  const q = parameters.find(parameter => parameter.startsWith('q='))
  const quality = q === undefined ? 1 : Number(q.slice(2))
  return {type, quality: Number.isFinite(quality) ? quality : 0}
}

/** The most exact range that covers the offer decides. */
function qualityOf(offer: string, ranges: readonly Range[]): number {
  const family = `${offer.split('/')[0]}/*`
  for (const type of [offer, family, '*/*']) {
    const range = ranges.find(candidate => candidate.type === type)
    if (range) return range.quality
  }
  return 0
}
