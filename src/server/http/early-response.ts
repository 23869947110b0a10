/** Early answers: what is said before the client has sent everything must still reach it. */
import type {IncomingMessage} from 'node:http'
import {Readable} from 'node:stream'
import {mayContinue} from './request-body.js'

/** How much more of an unwanted body is taken in, and for how many milliseconds the connection is kept at most. */
const MAX_BYTES = 16 * 1024 * 1024
const DRAIN_TIMEOUT = 3000

/**
 * The answer, ended only when the client has stopped sending. Closing a socket with unread bytes resets it, and a reset
 * can take the answer from the client before it was read.
 */
export function withDrain(body: Buffer, request: IncomingMessage): Readable {
  async function* parts(): AsyncGenerator<Buffer> {
    yield body
    await drainRequest(request)
  }
  return Readable.from(parts(), {objectMode: false})
}

/** A client that has gone, or sends no more, ends the socket and not the request, of which a part is missing. */
async function drainRequest(request: IncomingMessage): Promise<void> {
  if (!mayContinue(request)) return
  const {socket} = request
  await new Promise<void>(resolve => {
    let left = MAX_BYTES
    const count = (chunk: Buffer) => {
      left -= chunk.length
      if (left < 0) request.pause()
    }
    const done = () => {
      clearTimeout(timer)
      request.off('data', count).off('end', done).off('close', done).pause()
      socket.off('end', done).off('close', done)
      resolve()
    }
    const timer = setTimeout(done, DRAIN_TIMEOUT)
    request.on('data', count).once('end', done).once('close', done)
    socket.once('end', done).once('close', done)
    request.resume()
  })
}
