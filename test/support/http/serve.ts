/** Servers on loopback for tests: one that speaks HTTP, and one that is a bare socket and may misbehave. */
import http from 'node:http'
import net from 'node:net'

export interface Served {
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

/** An HTTP server on a free port. */
export async function serve(handler: http.RequestListener): Promise<Served> {
  const server = http.createServer(handler)
  const served = await listen(server)
  return {
    ...served,
    close: async () => {
      server.closeAllConnections()
      await served.close()
    },
  }
}

/** A server that passes each connection to the handler. */
export async function serveSockets(handler: (socket: net.Socket) => void): Promise<Served> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer({allowHalfOpen: true}, socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    handler(socket)
  })
  const served = await listen(server)
  return {
    ...served,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await served.close()
    },
  }
}

/** Starts any server on a free port. Rejects if the machine does not have the address. */
export async function listen(server: net.Server, host = '127.0.0.1'): Promise<Served> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve))
  const {port} = server.address() as net.AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
}
