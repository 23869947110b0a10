/** Pages of a long list: fetched as they are read, with a question in between on a terminal. */
import {PageGuard} from '../api/page-guard.js'
import type {Page} from '../model/image.js'
import type {ListQuery} from '../model/list-query.js'

/** A list to fetch page by page. */
export interface PagingOptions<T> {
  readonly fetch: (query: ListQuery) => Promise<Page<T>>
  readonly query: ListQuery & {readonly limit: number}
  /** Maximum number of images in the whole list. */
  readonly maxItems?: number | undefined
  /** Asked after each full page that is not the last; absent when every page is wanted. */
  readonly askForNext?: (() => Promise<boolean>) | undefined
}

/**
 * The pages of a list that are not empty. A page is fetched only after the previous one was read.
 * @throws Failure of kind `failed` when the service returns a page again
 */
export async function* fetchPages<T extends {readonly id: string}>({
  fetch,
  query,
  maxItems,
  askForNext,
}: PagingOptions<T>): AsyncIterable<readonly T[]> {
  let left = maxItems ?? Number.POSITIVE_INFINITY
  let {marker} = query
  const guard = new PageGuard()
  while (left > 0) {
    const page = guard.check(await fetch({...query, marker, limit: Math.min(query.limit, left)}))
    const images = page.images.slice(0, left)
    if (images.length > 0) yield images
    left -= images.length
    marker = page.next
    if (marker === undefined) return
    const mayAsk = askForNext !== undefined && images.length >= query.limit && left > 0
    if (mayAsk && !(await askForNext())) return
  }
}
