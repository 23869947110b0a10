/** A network between a program and a server, which tests cut, silence and restore. */
import {once} from 'node:events'
import net, {type AddressInfo} from 'node:net'

/** A network to one address. */
export interface Network {
  /** The URL of the back end, with the address of this network. */
  readonly url: string
  /** Ends all connections, and refuses new ones. */
  cut(): Promise<void>
  /** Accepts connections again. */
  restore(): Promise<void>
  /** Delivers nothing from now on, without a word to either side. */
  silence(): void
  /**
   * Ends the connection that commits the next transaction with a statement, in place of the answer to the commit.
   * @returns when that has happened
   */
  loseCommit(statement: RegExp): Promise<void>
  /** Ends the connection of the next request that has this text, in place of the answer to it. @returns when that has happened */
  loseAnswer(request: RegExp): Promise<void>
  close(): Promise<void>
}

/** @param target URL of the back end */
export async function createNetwork(target: string): Promise<Network> {
  const {hostname, port: targetPort} = new URL(target)
  const sockets = new Set<net.Socket>()
  let isSilent = false
  let loss:
    | {readonly statement: RegExp; readonly of: 'commit' | 'answer'; readonly tell: () => void}
    | undefined
  const server = net.createServer(client => {
    const upstream = net.connect(Number(targetPort), hostname)
    /** What the connection is about to lose. */
    let awaited: 'commit' | 'answer' | undefined
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => {}))
    client.on('data', data => {
      const text = loss === undefined ? '' : data.toString('latin1')
      if (loss?.statement.test(text)) awaited = loss.of
      if (awaited === 'commit' && /\bcommit\b/.test(text)) awaited = 'answer'
      if (!isSilent) upstream.write(data)
    })
    upstream.on('data', data => {
      if (isSilent) return
      if (awaited !== 'answer' || loss === undefined) return void client.write(data)
      const {tell} = loss
      loss = undefined
      client.destroy()
      tell()
    })
    const join = (from: net.Socket, to: net.Socket) =>
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    join(client, upstream)
    join(upstream, client)
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  await listen(0)
  const {port} = server.address() as AddressInfo
  const url = new URL(target)
  url.host = `127.0.0.1:${port}`
  const cut = async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
    isSilent = false
  }
  const lose = (of: 'commit' | 'answer') => (statement: RegExp) =>
    new Promise<void>(resolve => {
      loss = {statement, of, tell: resolve}
    })
  return {
    url: url.href,
    cut,
    restore: () => listen(port),
    silence: () => {
      isSilent = true
    },
    loseCommit: lose('commit'),
    loseAnswer: lose('answer'),
    close: async () => {
      if (server.listening) await cut()
    },
  }
}
