/** Early responses: delivers a response to a client that is still sending its request. */
import type {IncomingMessage} from 'node:http'
import {Readable} from 'node:stream'
import {mayContinue} from './request-body.js'

/** Bytes of an unwanted body that are read and discarded at most. */
const MAX_BYTES = 16 * 1024 * 1024
/** Milliseconds for which the connection is kept open at most. */
const DRAIN_TIMEOUT = 3000

/**
 * A response body that ends only when the client has stopped sending. Closing a socket with unread bytes resets it, and a
 * reset can discard the response before the client has read it.
 */
export function withDrain(body: Buffer, request: IncomingMessage): Readable {
  async function* parts(): AsyncGenerator<Buffer> {
    yield body
    await drainRequest(request)
  }
  return Readable.from(parts(), {objectMode: false})
}

/** Discards the rest of a request. A client that stops early ends the socket, not the incomplete request. */
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
