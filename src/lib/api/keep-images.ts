/** Filters that a service does not have: they are applied to its reply. */
import type {Image, Page} from '../model/image.js'
import type {Comparison, TimeLimit} from '../model/list-query.js'
import {toUtcTime} from '../model/utc-time.js'

/** True for an image that the list keeps. */
export type KeepImage = (image: Image) => boolean

/** Default page size; less than the cap of every server that keeps the default of 1000. */
export const PAGE_SIZE = 500

/** Which images a page has. */
export interface PageRules {
  /** An image is kept if all of them hold. */
  readonly predicates: readonly KeepImage[]
  /** True for an image after which the service can continue. Default: any. */
  readonly canEnd?: KeepImage
}

/**
 * A page of the images that match all predicates. With a predicate it requests at least `PAGE_SIZE` images, since few of
 * them may match; the next page starts after the last image that was returned.
 * @param limit number of images after which the page ends as soon as the service can continue
 * @param fetchPage one page of the service with this limit
 */
export async function fetchMatches(
  {predicates, canEnd = () => true}: PageRules,
  limit: number | undefined,
  fetchPage: (limit: number | undefined) => Promise<Page<Image>>,
): Promise<Page<Image>> {
  if (predicates.length === 0) return fetchPage(limit)
  const page = await fetchPage(Math.max(limit ?? 0, PAGE_SIZE))
  const matches = page.images.filter(image => predicates.every(keep => keep(image)))
  const end = matches.findIndex((image, i) => i + 1 >= (limit ?? PAGE_SIZE) && canEnd(image))
  const last = matches[end]
  const isCut = last !== undefined && end + 1 < matches.length
  return isCut ? {images: matches.slice(0, end + 1), next: last.id} : {...page, images: matches}
}

/** Predicates for limits of a time; an image without the time does not meet any. */
export function keepByTime(
  attribute: 'createdAt' | 'updatedAt',
  limits: readonly TimeLimit[] = [],
): KeepImage[] {
  return limits.map(({comparison, time}) => {
    const limit = Date.parse(toUtcTime(time))
    return image => {
      const own = image[attribute]
      return own !== null && COMPARE[comparison](Date.parse(toUtcTime(own)), limit)
    }
  })
}

const COMPARE: Readonly<Record<Comparison, (time: number, limit: number) => boolean>> = {
  eq: (time, limit) => time === limit,
  neq: (time, limit) => time !== limit,
  gt: (time, limit) => time > limit,
  gte: (time, limit) => time >= limit,
  lt: (time, limit) => time < limit,
  lte: (time, limit) => time <= limit,
}
