/** The data of a download that goes on when its connection breaks. */
import {Readable} from 'node:stream'
import type {Reply} from '../../../lib/http/message.js'
import {StoreUnavailable} from '../store.js'
import {toUnavailable} from './container.js'

/** Bytes that are read ahead of the reader. */
const AHEAD_BYTES = 256 * 1024

/**
 * The body of a reply, followed by the bodies of further ones from where it broke.
 * @param reopen requests the data from an offset in the body
 * @param retries how often it may break
 */
export function resumeBody(
  first: Reply,
  reopen: (offset: number) => Promise<Reply>,
  retries: number,
): Readable {
  let reply = first
  async function* readAll(): AsyncGenerator<Buffer> {
    let offset = 0
    for (let left = retries; ; left -= 1) {
      try {
        if (left < retries) reply = await reopen(offset)
        for await (const chunk of reply.body as AsyncIterable<Buffer>) {
          offset += chunk.length
          yield chunk
        }
        return
      } catch (cause) {
        const error = toUnavailable(cause)
        if (left === 0 || !(error instanceof StoreUnavailable)) throw error
      }
    }
  }
  const data = Readable.from(readAll(), {objectMode: false, highWaterMark: AHEAD_BYTES})
  // A generator that has not begun does not end its reply.
  return data.once('close', () => reply.body.destroy())
}
