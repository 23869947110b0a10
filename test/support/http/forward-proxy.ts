/** A proxy on loopback that forwards plain requests, opens tunnels, and finds every host on this machine. */
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import type {Duplex} from 'node:stream'
import {ownFiles} from '../tls.js'
import {listen, type Served} from './serve.js'

export interface ForwardProxy extends Served {
  /** The received requests: `GET http://host/path`, `CONNECT host:443`. */
  readonly asked: readonly string[]
}

export interface ProxyOptions {
  /** `user:password`; without them every request is refused. */
  readonly credentials?: string
  /** The port on loopback where every host is found. */
  readonly port: number
  /** The response to CONNECT instead of a tunnel; `hang`: none. */
  readonly refuses?: number | 'hang'
  /** True if the proxy itself uses TLS. */
  readonly secure?: boolean
}

/** A proxy on a free port. */
export async function startForwardProxy(options: ProxyOptions): Promise<ForwardProxy> {
  const asked: string[] = []
  const sockets = new Set<Duplex>()
  const handle: http.RequestListener = (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    if (isLetThrough(request, options)) forward(request, response, options.port)
    else response.writeHead(407, {'proxy-authenticate': 'Basic realm="x"'}).end('who are you?')
  }
  const server = options.secure ? https.createServer(ownFiles('server'), handle) : http.createServer(handle)
  server.on('connection', socket => sockets.add(socket))
  server.on('connect', (request: http.IncomingMessage, socket: Duplex) => {
    asked.push(`CONNECT ${request.url}`)
    socket.on('error', () => {})
    if (options.refuses === 'hang') return
    const status = isLetThrough(request, options) ? options.refuses : 407
    if (status) socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`)
    else sockets.add(tunnel(socket, options.port))
  })
  const served = await listen(server)
  return {
    ...served,
    url: options.secure ? served.url.replace('http:', 'https:') : served.url,
    asked,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await served.close()
    },
  }
}

function isLetThrough({headers}: http.IncomingMessage, {credentials}: ProxyOptions): boolean {
  if (credentials === undefined) return true
  return headers['proxy-authorization'] === `Basic ${Buffer.from(credentials).toString('base64')}`
}

function forward(request: http.IncomingMessage, response: http.ServerResponse, port: number): void {
  const {pathname, search} = new URL(request.url ?? '')
  const {'proxy-authorization': _, ...headers} = request.headers
  const onward = http.request({
    host: '127.0.0.1',
    port,
    path: pathname + search,
    method: request.method,
    headers,
  })
  onward.on('response', answer => answer.pipe(response.writeHead(answer.statusCode ?? 0, answer.headers)))
  onward.on('error', () => response.headersSent || response.writeHead(502).end())
  request.pipe(onward)
}

function tunnel(socket: Duplex, port: number): net.Socket {
  const onward = net.connect(port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    socket.pipe(onward).pipe(socket)
  })
  onward.on('error', () => socket.destroy())
  return onward
}
