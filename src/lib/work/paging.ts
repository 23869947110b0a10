/** Pages of a long list: fetched one ahead of the reader, or with a question in between on a terminal. */
import {PageGuard} from '../api/page-guard.js'
import {nextTurn} from '../io/clock.js'
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
 * The pages of a list that are not empty. Without a question in between, the next page is requested before a page is read,
 * so that the service works meanwhile; a page that the list does not need is never requested.
 * @throws Failure of kind `failed` when the service returns a page again
 */
export async function* fetchPages<T extends {readonly id: string}>({
  fetch,
  query,
  maxItems,
  askForNext,
}: PagingOptions<T>): AsyncIterable<readonly T[]> {
  const guard = new PageGuard()
  let left = maxItems ?? Number.POSITIVE_INFINITY
  const request = (marker: string | undefined) =>
    keepRejection(fetch({...query, marker, limit: Math.min(query.limit, left)}))
  let coming = left > 0 ? request(query.marker) : undefined
  while (coming !== undefined) {
    const page: Page<T> = guard.check(await coming)
    const images = page.images.slice(0, left)
    left -= images.length
    const isLast = page.next === undefined || left <= 0
    coming = isLast || askForNext !== undefined ? undefined : request(page.next)
    if (coming !== undefined) await requestsAreSent()
    if (images.length > 0) yield images
    if (isLast || askForNext === undefined) continue
    if (images.length >= query.limit && !(await askForNext())) return
    coming = request(page.next)
  }
}

/** The promise, whose rejection is not an error of the process if the reader of a list stops before it. */
function keepRejection<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

/**
 * Turns of the event loop until a request leaves: one until its connection counts as free, one until it is used again. If
 * something waits before `send`, for example for a new token, the page is read before the request leaves.
 */
const TURNS_OF_A_REQUEST = 2

/** Without this, the reader would use the processor before the request has left. */
async function requestsAreSent(): Promise<void> {
  for (let turn = 0; turn < TURNS_OF_A_REQUEST; turn++) await nextTurn()
}
