/** A socket that goes on reading when it can no longer write, so that a server's early answer is heard. */
import type {Socket} from 'node:net'

type WriteCallback = (error?: Error | null) => void

const BROKEN_PIPE_CODES = new Set(['EPIPE', 'ECONNRESET', 'ECONNABORTED'])

/**
 * A server may answer before it has read everything (413, 409, 401) and close. The next write then fails, and Node
 * would destroy the socket together with the answer that waits in it. Here the failed write is left pending
 * instead: nothing more is written, what has arrived is read, and the end of the connection follows at once,
 * because the other side is gone.
 */
export function keepReadingAfterWriteError(socket: Socket): void {
  const write = socket._write.bind(socket)
  const writev = socket._writev?.bind(socket)
  socket._write = (chunk, encoding, done) => write(chunk, encoding, ignoreBrokenPipe(done))
  if (writev) socket._writev = (chunks, done) => writev(chunks, ignoreBrokenPipe(done))
}

function ignoreBrokenPipe(done: WriteCallback): WriteCallback {
  return error => {
    if (!error || !BROKEN_PIPE_CODES.has((error as NodeJS.ErrnoException).code ?? '')) done(error)
  }
}
