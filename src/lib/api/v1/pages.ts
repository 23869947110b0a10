/** Pages of a list: version 1 of the API has no link to the next one, only a marker. */
import type {Page} from '../../model/image.js'
import type {ListQuery} from '../../model/list-query.js'

/** Default page size; less than the cap of every server that keeps the default of 1000. */
const PAGE_SIZE = 500

/** The query with the default page size, unless it has a limit. */
export function addLimit(query: ListQuery): ListQuery {
  return {...query, limit: query.limit ?? PAGE_SIZE}
}

/**
 * The page, with the marker of the next one. Servers cut `limit` to a cap that they do not report, so only an empty page
 * proves the end.
 */
export function toPage<T extends {readonly id: string}>(images: readonly T[]): Page<T> {
  const last = images.at(-1)?.id
  return last === undefined ? {images} : {images, next: last}
}
