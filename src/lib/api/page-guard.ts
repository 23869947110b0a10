/** Ends a list when the service returns a page again: without this, a service that ignores the marker is read forever. */
import {Failure} from '../model/errors.js'
import type {Page} from '../model/image.js'

/** Number of remembered keys at which the guard starts again, so that memory does not grow with the list. */
const MAX_KEYS = 10_000

/** Remembers the pages of one list, by the id of the first image and by the marker of the next page. */
export class PageGuard {
  readonly #seen = new Set<string>()

  /**
   * Remembers a page.
   * @returns the page
   * @throws Failure of kind `failed` if an earlier page of the list begins with the same image, or has the same `next`
   */
  check<P extends Page<{readonly id: string}>>(page: P): P {
    const [first] = page.images
    const keys = [...(first ? [`first ${first.id}`] : []), ...(page.next ? [`next ${page.next}`] : [])]
    if (keys.some(key => this.#seen.has(key))) throw repeatedPageError()
    if (this.#seen.size >= MAX_KEYS) this.#seen.clear()
    for (const key of keys) this.#seen.add(key)
    return page
  }
}

function repeatedPageError(): Failure {
  return new Failure('failed', 'the list is not complete', {
    why: 'the service returned the same page again',
  })
}
