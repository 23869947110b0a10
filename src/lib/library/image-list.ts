/** The list that a program reads image by image, page by page, or as a whole. */
import {allImages} from '../api/search.js'
import type {Page} from '../model/image.js'
import type {ListQuery} from '../model/list-query.js'

/**
 * A list of images. Nothing is requested before it is read, and reading it again requests it again.
 *
 * @example
 * for await (const image of client.getImages()) console.log(image.id, image.name)
 *
 * @example
 * const {images, next} = await client.getImages({pageSize: 20}).page()
 * const more = await client.getImages({pageSize: 20, marker: next}).page()
 */
export interface ImageList<T> extends AsyncIterable<T> {
  /** Every image, over all pages; each page is requested when it is needed. */
  [Symbol.asyncIterator](): AsyncGenerator<T, void, undefined>
  /** One page, from `marker`: at most `pageSize` images, and the `next` marker unless it is the last page. */
  page(): Promise<Page<T>>
  /** All images, in memory. */
  toArray(): Promise<T[]>
}

/** A list of what `fetchPage` returns. */
export function createImageList<T extends {readonly id: string}>(
  fetchPage: (query: ListQuery) => Promise<Page<T>>,
  query: ListQuery,
): ImageList<T> {
  const readAll = () => allImages(fetchPage, query)
  return {
    [Symbol.asyncIterator]: readAll,
    page: () => fetchPage(query),
    async toArray() {
      const images: T[] = []
      for await (const image of readAll()) images.push(image)
      return images
    },
  }
}
