/** What is under way on the connections of the server, and what becomes of it when a connection breaks. */
import type {IncomingMessage, Server, ServerResponse} from 'node:http'
import type {Socket} from 'node:net'
import {abortBody} from './request-body.js'

export interface ConnectionTracker {
  /** A request has begun; it ends when its answer is closed. */
  begin(request: IncomingMessage, response: ServerResponse): void
  /** The connection broke, half-closed, or what came over it is no HTTP. */
  onClientError(error: Error & {readonly code?: string}, socket: Socket): void
  /** Work for a request, which may go on when its connection is gone. */
  track(work: Promise<unknown>): void
  /** Resolves when nothing is under way any more. */
  whenIdle(): Promise<void>
  /** Cuts every connection. */
  closeAll(): void
}

/** Watches the requests of that server. */
export function trackConnections(server: Server): ConnectionTracker {
  const openResponses = new Map<ServerResponse, Socket>()
  const pending = new Set<Promise<unknown>>()
  let waiters: (() => void)[] = []
  const notifyIfIdle = () => {
    if (openResponses.size + pending.size > 0) return
    for (const notify of waiters) notify()
    waiters = []
  }
  return {
    begin(request, response) {
      openResponses.set(response, request.socket)
      response.once('close', () => {
        openResponses.delete(response)
        notifyIfIdle()
      })
    },
    track(work) {
      const onSettled = () => {
        pending.delete(work)
        notifyIfIdle()
      }
      pending.add(work)
      work.then(onSettled, onSettled)
    },
    onClientError(error, socket) {
      const open = [...openResponses.keys()].filter(response => openResponses.get(response) === socket)
      abortBody(socket)
      for (const response of open) response.shouldKeepAlive = false
      if (open.length === 0) rejectConnection(error, socket)
    },
    whenIdle: () =>
      new Promise(resolve => {
        waiters.push(resolve)
        notifyIfIdle()
      }),
    closeAll: () => server.closeAllConnections(),
  }
}

const STATUS_LINES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '400 Header Line Too Long',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** No request could be made out: the connection is closed without ceremony (wire/v1.md#l32). */
function rejectConnection(error: Error & {readonly code?: string}, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const status = STATUS_LINES[error.code ?? ''] ?? '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
