/** What is under way on the connections of the server, and what becomes of it when a connection breaks. */
import type {IncomingMessage, Server, ServerResponse} from 'node:http'
import type {Socket} from 'node:net'
import {breakBody} from './request-body.js'

export interface ConnectionTracker {
  /** A request has begun; it ends when its answer is closed. */
  begin(request: IncomingMessage, response: ServerResponse): void
  /** The connection broke, half-closed, or what came over it is no HTTP. */
  onClientError(error: Error & {readonly code?: string}, socket: Socket): void
  /** Work for a request, which may go on when its connection is gone. */
  during(work: Promise<unknown>): void
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>
  /** Cuts every connection. */
  cut(): void
}

/** Watches the requests of that server. */
export function trackConnections(server: Server): ConnectionTracker {
  const answers = new Map<ServerResponse, Socket>()
  const works = new Set<Promise<unknown>>()
  let whenIdle: (() => void)[] = []
  const tellIfIdle = () => {
    if (answers.size + works.size > 0) return
    for (const tell of whenIdle) tell()
    whenIdle = []
  }
  return {
    begin(request, response) {
      answers.set(response, request.socket)
      response.once('close', () => {
        answers.delete(response)
        tellIfIdle()
      })
    },
    during(work) {
      const ended = () => {
        works.delete(work)
        tellIfIdle()
      }
      works.add(work)
      work.then(ended, ended)
    },
    onClientError(error, socket) {
      const open = [...answers.keys()].filter(response => answers.get(response) === socket)
      breakBody(socket)
      for (const response of open) response.shouldKeepAlive = false
      if (open.length === 0) refuse(error, socket)
    },
    idle: () =>
      new Promise(resolve => {
        whenIdle.push(resolve)
        tellIfIdle()
      }),
    cut: () => server.closeAllConnections(),
  }
}

const STATUS_LINES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '400 Header Line Too Long',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** No request could be made out: the connection is closed without ceremony (v1-wire L32). */
function refuse(error: Error & {readonly code?: string}, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const status = STATUS_LINES[error.code ?? ''] ?? '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
