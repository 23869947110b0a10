/** Tracks running requests, and handles connections that break. */
import type {IncomingMessage, Server, ServerResponse} from 'node:http'
import type {Socket} from 'node:net'
import {TLSSocket} from 'node:tls'
import {abortBody} from './request-body.js'

/** The running requests of a server. */
export interface ConnectionTracker {
  /** Adds a request, until its response is closed. */
  begin(request: IncomingMessage, response: ServerResponse): void
  /** Handles a connection that broke, was half-closed, or sent malformed HTTP. */
  onClientError(error: Error & {readonly code?: string}, socket: Socket): void
  /** Adds work for a request, which may continue after its connection has closed. */
  track(work: Promise<unknown>): void
  /** Resolves once no request and no work is running. */
  whenIdle(): Promise<void>
  /** Closes every connection at once. */
  closeAll(): void
}

/** Creates the tracker of a server. */
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

/** Closes a connection without a readable request, with a bare status line (wire/v1.md#l32). */
function rejectConnection(error: Error & {readonly code?: string}, socket: Socket): void {
  const isHandshake = socket instanceof TLSSocket && !socket.getProtocol()
  if (!socket.writable || isHandshake || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const status = STATUS_LINES[error.code ?? ''] ?? '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
