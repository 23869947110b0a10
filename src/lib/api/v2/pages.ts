/** Pages of a list in version 2 of the API: the server links to the next one. */
import type {Page} from '../../model/image.js'
import {requireList, requireMapping} from './documents.js'

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
