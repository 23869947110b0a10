/** Stands between the tool and a service, and may change or cut what goes through. */
import net from 'node:net'
import {type Served, serveSockets} from './serve.js'

/**
 * Gives what is passed on in the place of a chunk on its way to the service; undefined cuts the connection.
 * @param position bytes that went that way before, on all connections together
 */
export type Meddle = (chunk: Buffer, position: number) => Buffer | undefined

export function startProxy(port: number, meddle: Meddle): Promise<Served> {
  let position = 0
  return serveSockets(client => {
    const service = net.connect({port, host: '127.0.0.1', allowHalfOpen: true})
    const cut = () => {
      client.resetAndDestroy()
      service.resetAndDestroy()
    }
    service.on('error', cut)
    client.on('error', cut)
    client.on('data', chunk => {
      const passed = meddle(chunk, position)
      position += chunk.length
      if (passed === undefined) return cut()
      if (!service.write(passed)) {
        client.pause()
        service.once('drain', () => client.resume())
      }
    })
    client.on('end', () => service.end())
    service.pipe(client)
  })
}

/** Changes one byte. */
export function flip(at: number): Meddle {
  return (chunk, position) => {
    const place = at - position
    if (place < 0 || place >= chunk.length) return chunk
    const changed = Buffer.from(chunk)
    changed[place] = (changed[place] ?? 0) ^ 1
    return changed
  }
}

/** Cuts one connection, once. */
export function cut(at: number): Meddle {
  let isDone = false
  return (chunk, position) => {
    if (isDone || position + chunk.length <= at) return chunk
    isDone = true
    return undefined
  }
}
