/** A proxy between the tool and a service that may change, hold or cut the traffic. */
import net from 'node:net'
import {type Served, serveSockets} from './serve.js'

/** The connection ends here: closed properly after `rest`, or reset, as by a router that went down. */
export interface Cut {
  readonly rest: Buffer
  readonly how: 'close' | 'reset'
}

/**
 * Returns the replacement of a chunk, or how the connection ends.
 * @param position bytes sent before in this direction, on all connections together
 */
export type Interfere = (chunk: Buffer, position: number) => Buffer | Cut

export interface Interference {
  /** Towards the service. */
  readonly watch?: Interfere
  /** Towards the client. */
  readonly down?: Interfere
}

export function startInterferingProxy(port: number, {watch, down}: Interference): Promise<Served> {
  const meddling = {up: countBytes(watch), down: countBytes(down)}
  return serveSockets(client => {
    const service = net.connect({port, host: '127.0.0.1', allowHalfOpen: true})
    const reset = () => {
      client.resetAndDestroy()
      service.resetAndDestroy()
    }
    service.on('error', reset)
    client.on('error', reset).on('close', () => service.destroy())
    relay(client, service, meddling.up, reset)
    relay(service, client, meddling.down, reset)
  })
}

function relay(
  from: net.Socket,
  to: net.Socket,
  meddle: (chunk: Buffer) => Buffer | Cut,
  reset: () => void,
): void {
  from.on('data', chunk => {
    const passed = meddle(chunk)
    if (!('how' in passed)) {
      if (!to.write(passed)) {
        from.pause()
        to.once('drain', () => from.resume())
      }
    } else if (passed.how === 'reset') reset()
    else {
      to.end(passed.rest, () => to.destroySoon())
      from.destroy()
    }
  })
  from.on('end', () => to.end())
}

function countBytes(meddle: Interfere = chunk => chunk): (chunk: Buffer) => Buffer | Cut {
  let position = 0
  return chunk => {
    const before = position
    position += chunk.length
    return meddle(chunk, before)
  }
}

/** Changes one byte. */
export function flip(at: number): Interfere {
  return (chunk, position) => {
    const offset = at - position
    if (offset < 0 || offset >= chunk.length) return chunk
    const changed = Buffer.from(chunk)
    changed[offset] = (changed[offset] ?? 0) ^ 1
    return changed
  }
}

/** Cuts one connection, once. */
export function cutAt(at: number, how: Cut['how'] = 'reset'): Interfere {
  let isDone = false
  return (chunk, position) => {
    if (isDone || position + chunk.length <= at) return chunk
    isDone = true
    return {rest: chunk.subarray(0, at - position), how}
  }
}

/** Acts instead of the first chunk whose head matches. */
export function atFirst(isIt: (head: string) => boolean, act: (chunk: Buffer) => Buffer | Cut): Interfere {
  let isDone = false
  return chunk => {
    if (isDone || !isIt(chunk.toString('latin1', 0, 20))) return chunk
    isDone = true
    return act(chunk)
  }
}
