/** Keeps a socket readable after a failed write, so that a server's early response is received. */
import type {Socket} from 'node:net'

type WriteCallback = (error?: Error | null) => void

const BROKEN_PIPE_CODES = new Set(['EPIPE', 'ECONNRESET', 'ECONNABORTED'])

/**
 * A server may respond before it has read everything (413, 409, 401) and close. The next write then fails, and Node
 * would destroy the socket together with the unread response. Here the failed write is left pending instead: nothing
 * more is written, the bytes that have arrived are read, and the end of the connection follows at once, because the
 * peer is gone.
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
