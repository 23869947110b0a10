/** Pages of a list: version 1 of the API has no link to the next one, only a marker. */
import type {Page} from '../../model/image.js'
import type {ListQuery} from '../../model/list-query.js'

/** Images in a page when the caller does not say; less than the cap of every server that keeps the default of 1000. */
const PAGE_SIZE = 500

/** What every server gives when it is not asked for a number (wire/v1.md#page-size); none is capped below this. */
const SMALLEST_CAP = 25

export function addLimit(query: ListQuery): ListQuery {
  return {...query, limit: query.limit ?? PAGE_SIZE}
}

/**
 * The page, with the marker of the next one when there may be one.
 *
 * Servers cut `limit` to a cap that they do not tell, so a short page proves the end only when it is shorter than any
 * cap. Beyond that one more request is made, which gives an empty page: at most one for a whole list.
 */
export function toPage<T extends {readonly id: string}>(images: readonly T[], query: ListQuery): Page<T> {
  const {limit = PAGE_SIZE} = addLimit(query)
  const last = images.at(-1)?.id
  const isLast = images.length < Math.min(limit, SMALLEST_CAP) || last === query.marker
  return isLast || last === undefined ? {images} : {images, next: last}
}
