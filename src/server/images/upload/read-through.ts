/** Passes data through a generator, which counts or checks it. */
import {Readable} from 'node:stream'

/**
 * Reads data through a generator.
 * @param pass yields the chunks that it is given; what it throws is the error of the data
 * @returns data whose end, at whatever point, is that of the source too
 */
export function readThrough(
  data: Readable,
  pass: (chunks: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>,
): Readable {
  const passed = Readable.from(pass(data as AsyncIterable<Buffer>), {objectMode: false})
  passed.once('close', () => data.destroy())
  return passed
}
