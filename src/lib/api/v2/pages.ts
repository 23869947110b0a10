/** Pages of a list in version 2 of the API: the server links to the next one. */
import {Failure} from '../../model/errors.js'
import type {Image, Page} from '../../model/image.js'
import type {ListQuery} from '../../model/list-query.js'
import {fetchMatches} from '../keep-images.js'
import {explainListError, LIST_HINTS} from '../list-hints.js'
import {imageFrom, requireList, requireMapping} from './documents.js'
import {listRequest} from './list-request.js'
import {IMAGES} from './paths.js'
import type {ServiceClient} from './service-client.js'

/** One page of the images that match a query. */
export async function fetchList(client: ServiceClient, query: ListQuery): Promise<Page<Image>> {
  const {query: parameters, predicates} = listRequest(query, client.level)
  const fetchPage = async (limit: number | undefined) => {
    if (limit !== undefined) parameters.set('limit', String(limit))
    return pageFrom(await request(client, parameters), item => imageFrom(item, client.url))
  }
  if (!query.sort?.some(({key}) => key === 'size')) return fetchMatches({predicates}, query.limit, fetchPage)
  const fetchSized = (limit: number | undefined) => fetchWithSizedEnd(limit, fetchPage)
  return fetchMatches({predicates, canEnd: hasSize}, query.limit, fetchSized)
}

const hasSize = ({size}: Image): boolean => size !== null

/** The most images that services return by default. */
const WIDE_PAGE = 1000

/**
 * A page that ends with an image that has a size, unless it is the last one. After any other image, Glance on SQLite
 * repeats a list that is sorted by size, or ends it. The page may be longer than the limit.
 * @throws Failure of kind `failed` if no image of a wide page has a size
 */
async function fetchWithSizedEnd(
  limit: number | undefined,
  fetchPage: (limit: number | undefined) => Promise<Page<Image>>,
): Promise<Page<Image>> {
  const isComplete = ({images, next}: Page<Image>) => next === undefined || images.slice(-1).every(hasSize)
  const narrow = await fetchPage(limit)
  if (isComplete(narrow)) return narrow
  const wide = await fetchPage(WIDE_PAGE)
  if (isComplete(wide)) return wide
  const last = wide.images.findLastIndex(hasSize)
  const next = wide.images[last]?.id
  if (next !== undefined) return {images: wide.images.slice(0, last + 1), next}
  throw new Failure('failed', 'the list is not complete', {
    why: `the service cannot continue it: it is sorted by size, and ${wide.images.length} images have none`,
    advice: "Leave these images out by 'size>=1', or sort by another key.",
  })
}

/** Before 18.0.0, `visibility=all` is unknown: the list without it lacks the community images of other projects. */
async function request(client: ServiceClient, query: URLSearchParams): Promise<unknown> {
  try {
    return await client.json('GET', `${IMAGES}?${query}`, LIST_HINTS)
  } catch (error) {
    const isUnknown = error instanceof Failure && error.status === 400 && /visibility/i.test(error.why ?? '')
    if (!isUnknown || query.get('visibility') !== 'all') throw explainListError(error)
    query.delete('visibility')
    return client.json('GET', `${IMAGES}?${query}`, LIST_HINTS)
  }
}

/**
 * The page of a list document. Its `next` is a path with a query, of which only the marker is used: scheme, host and
 * prefix are ours. It is present for every full page, even if nothing follows.
 */
export function pageFrom<T extends {readonly id: string}>(
  body: unknown,
  parseImage: (item: unknown) => T,
): Page<T> {
  const images = requireList(body, 'images').map(parseImage)
  const {next: link} = requireMapping(body, 'images')
  const last = images.at(-1)?.id
  if (typeof link !== 'string' || last === undefined) return {images}
  const next = new URLSearchParams(link.split('?')[1]).get('marker') ?? last
  return {images, next}
}
