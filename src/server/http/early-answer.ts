/** Early answers: what is said before the client has sent everything must still reach it. */
import type {IncomingMessage} from 'node:http'
import {Readable} from 'node:stream'
import {mayContinue} from './request-body.js'

/** How much more of an unwanted body is taken, and for how long, before the connection is cut. */
const MAX_BYTES = 4 * 1024 * 1024
const MAX_MILLISECONDS = 3000

/**
 * The answer, ended only when the client has stopped sending. Closing a socket with unread bytes resets it, and a reset
 * can take the answer from the client before it was read.
 */
export function withDrain(answer: Buffer, request: IncomingMessage): Readable {
  async function* parts(): AsyncGenerator<Buffer> {
    yield answer
    await drained(request)
  }
  return Readable.from(parts(), {objectMode: false})
}

async function drained(request: IncomingMessage): Promise<void> {
  if (!mayContinue(request)) return
  await new Promise<void>(resolve => {
    let left = MAX_BYTES
    const count = (chunk: Buffer) => {
      left -= chunk.length
      if (left < 0) done()
    }
    const done = () => {
      clearTimeout(timer)
      request.off('data', count).pause()
      resolve()
    }
    const timer = setTimeout(done, MAX_MILLISECONDS)
    request.on('data', count).once('end', done).once('close', done)
    request.resume()
  })
}
