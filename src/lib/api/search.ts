/** Searches on top of the list of a service, for every version of the API. */
import type {Image, Page} from '../model/image.js'
import type {ListQuery} from '../model/list-query.js'
import {PageGuard} from './page-guard.js'

type FetchPage<T> = (query: ListQuery) => Promise<Page<T>>

/** The images of all pages, each fetched when it is needed. */
export async function* allImages<T extends {readonly id: string}>(
  fetchPage: FetchPage<T>,
  query: ListQuery,
): AsyncGenerator<T> {
  let {marker} = query
  const guard = new PageGuard()
  do {
    const {images, next} = guard.check(await fetchPage({...query, marker}))
    yield* images
    marker = next
  } while (marker !== undefined)
}

/** Maximum number of images of one name. */
const MAX_MATCHES = 10

/** The images of a list that have exactly this name, at most ten. */
export async function imagesNamed(
  fetchPage: FetchPage<Image>,
  query: ListQuery,
  name: string,
): Promise<readonly Image[]> {
  const {images} = await fetchPage({...query, name, limit: MAX_MATCHES})
  return images.filter(image => image.name === name)
}

/** Images per page while images are deleted: few requests, and little memory. */
const PAGE_SIZE = 100

/** Options of `ownPages`. */
export interface OwnPagesOptions {
  /** Id of the project whose images are returned; without it, all are. */
  readonly project: string | undefined
  /** True for an image of an earlier page that still exists. Default: always. */
  readonly remains?: ((image: Image) => boolean) | undefined
}

/**
 * Pages of the images of a project, each after the last image before it that still exists. While the marker stays where
 * it is, the same images may be listed again: the caller tries to delete them, and judges that itself.
 */
export async function* ownPages(
  fetchPage: FetchPage<Image>,
  query: ListQuery,
  {project, remains = () => true}: OwnPagesOptions,
): AsyncGenerator<readonly Image[]> {
  const guard = new PageGuard()
  let marker: string | undefined
  let hasMoved = true
  for (;;) {
    const page: Page<Image> = await fetchPage({...query, limit: PAGE_SIZE, marker})
    if (hasMoved) guard.check(page)
    const {images, next} = page
    yield images.filter(({owner}) => project === undefined || owner === project)
    if (next === undefined) return
    const last = images.findLast(remains)?.id ?? marker
    hasMoved = last !== marker
    marker = last
  }
}
