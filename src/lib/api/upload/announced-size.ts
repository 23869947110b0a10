/** Gives a pipe the length that the user has announced. */
import {Readable} from 'node:stream'
import type {Draft} from '../../model/draft.js'
import {Failure} from '../../model/errors.js'
import type {ImageData} from '../image-api.js'

/**
 * The data with the announced size, if its own is not known. The last bytes are passed on only once the source has
 * ended with that size, so that the service never has a complete image of other data.
 */
export function withAnnouncedSize(data: ImageData, {size}: Draft): ImageData {
  if (data.size !== undefined || size === undefined || size === 0) return data
  return {
    ...data,
    size,
    open: () => Readable.from(requireSize(data.open(), size), {objectMode: false, highWaterMark: 1}),
  }
}

async function* requireSize(source: Readable, size: number): AsyncGenerator<Buffer> {
  let count = 0
  let held: Buffer | undefined
  for await (const chunk of source as AsyncIterable<Buffer>) {
    count += chunk.length
    if (count > size) throw sizeError(`it has more than ${size} bytes, and size=${size} was given`)
    if (held) yield held
    held = chunk
  }
  if (count < size) throw sizeError(`it has ${count} bytes, and size=${size} was given`)
  if (held) yield held
}

function sizeError(why: string): Failure {
  return new Failure('unverified', 'the image data does not match the announced size', {why})
}
