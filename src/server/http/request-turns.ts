/** Turns of pipelined requests: one at a time on each connection, each only when its response has the connection. */
import type {IncomingMessage, Server, ServerResponse} from 'node:http'
import type {Socket} from 'node:net'

type RequestListener = (request: IncomingMessage, response: ServerResponse) => void

/**
 * Makes the server handle the requests of a connection one after the other. The runtime emits each as soon as it is
 * parsed, and queues the responses; when the connection closes first, requests are carried out that are never answered.
 * A request whose turn does not come is dropped with its connection. While requests wait, nothing more is received, so
 * that at most one packet of them is in memory.
 */
export function takeTurns(server: Server): void {
  const listeners = server.listeners('request') as RequestListener[]
  const waiting = new WeakMap<Socket, number>()
  const count = (socket: Socket, change: number) => {
    const left = (waiting.get(socket) ?? 0) + change
    waiting.set(socket, left)
    return left
  }
  const handle: RequestListener = (request, response) => {
    for (const listener of listeners) listener.call(server, request, response)
  }
  server.removeAllListeners('request')
  const keepPaused = (socket: Socket) => {
    // The runtime resumes it after each request of the packet.
    socket.on('resume', () => {
      if ((waiting.get(socket) ?? 0) > 0) socket.pause()
    })
  }
  // With TLS, requests are on the sockets of the second event.
  server.on('connection', keepPaused).on('secureConnection', keepPaused)
  server.on('request', (request, response) => {
    if (response.socket) return handle(request, response)
    const {socket} = request
    count(socket, 1)
    socket.pause()
    response.once('socket', () => {
      if (count(socket, -1) === 0) socket.resume()
      handle(request, response)
    })
  })
}
