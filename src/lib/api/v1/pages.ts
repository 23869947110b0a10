/** Pages of a list: version 1 of the API has no link to the next one, only a marker. */
import type {Page} from '../../model/image.js'
import type {ListQuery} from '../../model/list-query.js'

/** Default page size; less than the cap of every server that keeps the default of 1000. */
const PAGE_SIZE = 500

/** Page size of every server by default (wire/v1.md#page-size); no cap is smaller. */
const SMALLEST_CAP = 25

/** The query with the default page size, unless it has a limit. */
export function addLimit(query: ListQuery): ListQuery {
  return {...query, limit: query.limit ?? PAGE_SIZE}
}

/**
 * The page, with the marker of the next one if there may be one.
 *
 * Servers cut `limit` to a cap that they do not report, so a short page proves the end only when it is shorter than any
 * cap. Beyond that one more request is made, which gives an empty page: at most one for a whole list.
 */
export function toPage<T extends {readonly id: string}>(images: readonly T[], query: ListQuery): Page<T> {
  const {limit = PAGE_SIZE} = addLimit(query)
  const last = images.at(-1)?.id
  const isLast = images.length < Math.min(limit, SMALLEST_CAP) || last === query.marker
  return isLast || last === undefined ? {images} : {images, next: last}
}
