/** What is under way on the connections of the server, and what becomes of it when a connection breaks. */
import type {IncomingMessage, Server, ServerResponse} from 'node:http'
import type {Socket} from 'node:net'
import {breakBody} from './request-body.js'

export interface ConnectionTracker {
  /** A request has begun; it ends when its answer is closed. */
  begin(request: IncomingMessage, response: ServerResponse): void
  /** The connection broke, half-closed, or what came over it is no HTTP. */
  onClientError(error: Error & {readonly code?: string}, socket: Socket): void
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>
  /** Cuts every connection. */
  cut(): void
}

/** Watches the requests of that server. */
export function trackConnections(server: Server): ConnectionTracker {
  const current = new Map<Socket, ServerResponse>()
  let whenIdle: (() => void)[] = []
  const end = (socket: Socket) => {
    current.delete(socket)
    if (current.size > 0) return
    for (const tell of whenIdle) tell()
    whenIdle = []
  }
  return {
    begin(request, response) {
      current.set(request.socket, response)
      response.once('close', () => end(request.socket))
    },
    onClientError(error, socket) {
      const response = current.get(socket)
      breakBody(socket)
      if (response) response.shouldKeepAlive = false
      else refuse(error, socket)
    },
    idle: () => (current.size === 0 ? Promise.resolve() : new Promise(resolve => whenIdle.push(resolve))),
    cut: () => server.closeAllConnections(),
  }
}

/** No request could be made out: the connection is closed without ceremony (v1-wire L32). */
function refuse(error: Error & {readonly code?: string}, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const title = error.code === 'HPE_HEADER_OVERFLOW' ? 'Header Line Too Long' : 'Bad Request'
  socket.end(`HTTP/1.1 400 ${title}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
