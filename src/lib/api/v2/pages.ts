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
  return fetchMatches(predicates, query.limit, async limit => {
    if (limit !== undefined) parameters.set('limit', String(limit))
    return pageFrom(await request(client, parameters), item => imageFrom(item, client.url))
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
