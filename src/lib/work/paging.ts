/** A long list, page by page: fetched as it is read, with a question in between when somebody is there to answer. */
import type {ListQuery, Page} from '../model/image.js'

export interface PagingOptions<T> {
  readonly fetch: (query: ListQuery) => Promise<Page<T>>
  readonly query: ListQuery & {readonly limit: number}
  /** The list ends after so many images. */
  readonly maxItems?: number | undefined
  /** Asked after each full page that is not the last; absent when every page is wanted. */
  readonly askForNext?: (() => Promise<boolean>) | undefined
}

/** The pages of a list that hold anything. Never fetches a page before the one ahead of it was read. */
export async function* fetchPages<T>({
  fetch,
  query,
  maxItems,
  askForNext,
}: PagingOptions<T>): AsyncIterable<readonly T[]> {
  let left = maxItems ?? Number.POSITIVE_INFINITY
  let {marker} = query
  while (left > 0) {
    const page = await fetch({...query, marker, limit: Math.min(query.limit, left)})
    const images = page.images.slice(0, left)
    if (images.length > 0) yield images
    left -= images.length
    marker = page.next
    if (marker === undefined) return
    const mayAsk = askForNext !== undefined && images.length >= query.limit && left > 0
    if (mayAsk && !(await askForNext())) return
  }
}
