/** Searches on top of the list of a service, for every version of the API. */
import type {Image, Page} from '../model/image.js'
import type {ListQuery} from '../model/list-query.js'

type FetchPage<T> = (query: ListQuery) => Promise<Page<T>>

/** The images of all pages, each fetched when it is needed. */
export async function* allImages<T>(fetchPage: FetchPage<T>, query: ListQuery): AsyncGenerator<T> {
  let {marker} = query
  do {
    const {images, next} = await fetchPage({...query, marker})
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

/** Pages of the images of a project, each after the last image before it that still exists. */
export async function* ownPages(
  fetchPage: FetchPage<Image>,
  query: ListQuery,
  {project, remains = () => true}: OwnPagesOptions,
): AsyncGenerator<readonly Image[]> {
  let marker: string | undefined
  for (;;) {
    const {images, next} = await fetchPage({...query, limit: PAGE_SIZE, marker})
    yield images.filter(({owner}) => project === undefined || owner === project)
    if (next === undefined) return
    marker = images.findLast(remains)?.id ?? marker
  }
}
