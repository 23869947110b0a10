/** Decompresses imported data, as it arrives. */
import type {Readable} from 'node:stream'
import {decompressData} from '../../../lib/data/decompress.js'
import {type Compression, detectFormat} from '../../../lib/data/detect-format.js'
import {Failure} from '../../../lib/model/errors.js'
import {ServiceError} from '../../images/errors.js'
import {readThrough} from '../../images/upload/read-through.js'

/** Bytes that tell every compression. */
const HEAD = 6

/** Data, and the compression that it had. */
export interface Decompressed {
  readonly data: Readable
  readonly compression?: Compression
}

/** Decompresses data in gzip, xz, zstd or bzip2; other data is passed on. Damaged data fails with `plugin-failed`. */
export async function decompress(source: Readable): Promise<Decompressed> {
  const {head, data} = await readHead(source)
  const compression = detectFormat(head)?.compression
  if (compression === undefined) return {data}
  const decompressed = decompressData({repeatable: false, open: () => data}, compression).open()
  const named = readThrough(decompressed, async function* (chunks) {
    try {
      yield* chunks
    } catch (error) {
      throw source.errored ?? toServiceError(error, compression)
    }
  })
  return {data: named, compression}
}

/** The first bytes, and data that still has them. */
async function readHead(source: Readable): Promise<{readonly head: Buffer; readonly data: Readable}> {
  const chunks = (source as Readable & AsyncIterable<Buffer>)[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  let isDone = false
  while (head.length < HEAD && !isDone) {
    const {value, done = false} = await chunks.next()
    if (!done) head = Buffer.concat([head, value])
    isDone = done
  }
  const rest: AsyncIterable<Buffer> = {[Symbol.asyncIterator]: () => chunks}
  const data = readThrough(source, async function* () {
    if (head.length > 0) yield head
    if (!isDone) yield* rest
  })
  return {head, data}
}

function toServiceError(error: unknown, compression: Compression): ServiceError {
  const {message} = error as Error
  const why =
    error instanceof Failure ? (error.why ?? message) : `the data (${compression}) is damaged: ${message}`
  return new ServiceError('plugin-failed', {plugin: 'image_decompression', reason: why}, error)
}
