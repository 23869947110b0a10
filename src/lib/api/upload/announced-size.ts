/** Gives a pipe the length that the user has announced. */
import {Readable} from 'node:stream'
import type {Draft} from '../../model/draft.js'
import {Failure} from '../../model/errors.js'
import type {ImageData} from '../image-api.js'
import {holdLastChunk} from './hold-last-chunk.js'

/** The data with the announced size, if its own is not known. The last chunk is sent only if the source has that size. */
export function withAnnouncedSize(data: ImageData, {size}: Draft): ImageData {
  if (data.size !== undefined || size === undefined || size === 0) return data
  return {
    ...data,
    size,
    open: () => Readable.from(requireSize(data.open(), size), {objectMode: false, highWaterMark: 1}),
  }
}

function requireSize(source: Readable, size: number): AsyncGenerator<Buffer> {
  let count = 0
  const countChunks = async function* () {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      count += chunk.length
      if (count > size) throw sizeError(`it has more than ${size} bytes, and size=${size} was given`)
      yield chunk
    }
  }
  return holdLastChunk(countChunks(), () => {
    if (count < size) throw sizeError(`it has ${count} bytes, and size=${size} was given`)
  })
}

function sizeError(why: string): Failure {
  return new Failure('unverified', 'the image data does not match the announced size', {why})
}
