/** The access log: one line for each request, however it ended. */
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {Front} from './front/front.js'

/**
 * Logs a request when its response has ended or its connection has closed: request id, client, request line, status,
 * bytes, milliseconds. The status is `-` if no response was sent.
 * @param front knows the client
 * @param log receives the line
 */
export function logAccess(
  request: FastifyRequest,
  reply: FastifyReply,
  front: Front,
  log: (line: string) => void,
): void {
  const startedAt = performance.now()
  const {socket, raw} = {socket: request.raw.socket, raw: reply.raw}
  const client = front.findClient(request.raw) ?? '-'
  const bytesBefore = socket.bytesWritten
  raw.once('close', () => {
    const status = raw.headersSent ? raw.statusCode : '-'
    const suffix = raw.writableFinished ? '' : ' (cut off)'
    const bytes = socket.bytesWritten - bytesBefore
    const milliseconds = (performance.now() - startedAt).toFixed(0)
    log(
      `${request.id} ${client} "${formatRequestLine(request)}" ${status} ${bytes} ${milliseconds}ms${suffix}`,
    )
  })
}

/** Escapes everything but printable ASCII, so that control characters do not reach a terminal. */
function formatRequestLine(request: FastifyRequest): string {
  const line = `${request.method} ${request.originalUrl} HTTP/${request.raw.httpVersion}`
  return line.replace(/[^\x20-\x7e]/g, char => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
