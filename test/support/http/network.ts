/** A network that can be cut, or deliver nothing. */
import {once} from 'node:events'
import net, {type AddressInfo} from 'node:net'

/** A network between a program and a server. */
export interface Network {
  /** The URL of the server through it. */
  readonly url: string
  /** Ends all connections, and refuses new ones. */
  cut(): Promise<void>
  /** Accepts connections again. */
  restore(): Promise<void>
  /** Delivers nothing from now on, without a word to either side. */
  silence(): void
  close(): Promise<void>
}

/** @param server URL of the server */
export async function createNetwork(server: string): Promise<Network> {
  const {hostname: host, port: target} = new URL(server)
  const sockets = new Set<net.Socket>()
  let isSilent = false
  const listener = net.createServer(client => {
    const upstream = net.connect(Number(target), host)
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => {}))
    const forward = (from: net.Socket, to: net.Socket) => {
      from.on('data', data => !isSilent && to.write(data))
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
    forward(client, upstream)
    forward(upstream, client)
  })
  const listen = async (port: number) => {
    listener.listen(port, '127.0.0.1')
    await once(listener, 'listening')
  }
  await listen(0)
  const {port} = listener.address() as AddressInfo
  const url = new URL(server)
  url.host = `127.0.0.1:${port}`
  const cut = async () => {
    const closed = once(listener, 'close')
    listener.close()
    for (const socket of sockets) socket.destroy()
    await closed
    isSilent = false
  }
  return {
    url: url.href,
    cut,
    restore: () => listen(port),
    silence: () => {
      isSilent = true
    },
    close: async () => {
      if (listener.listening) await cut()
    },
  }
}
