/** Listens on one address, or on all addresses of `localhost`, which a client may try in any order. */
import {lookup} from 'node:dns/promises'
import net, {type AddressInfo} from 'node:net'
import type {FastifyInstance} from 'fastify'
import {Failure} from '../../lib/model/errors.js'

/** Error codes for an address that the machine does not have, for example without IPv6. */
const ADDRESS_UNAVAILABLE: ReadonlySet<unknown> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])

/**
 * Binds a port on a host. Connections to further addresses of `localhost` are handed to the server of the first.
 * @param port 0 selects a free one
 * @param resolveHost returns all addresses of a name
 * @returns the port number
 * @throws the error of the runtime when the host is unknown or the port cannot be bound
 */
export async function listen(
  app: FastifyInstance,
  host: string,
  port: number,
  resolveHost = lookupAll,
): Promise<number> {
  const listeners: net.Server[] = []
  app.addHook('preClose', async () => {
    for (const listener of listeners) listener.close()
  })
  const [first = host, ...others] = isLocalhost(host) ? await resolveHost(host) : [host]
  await app.listen({host: first, port})
  const boundPort = (app.server.address() as AddressInfo).port
  for (const address of new Set(others)) {
    const listener = net.createServer({allowHalfOpen: true, noDelay: true})
    listener.on('connection', socket => app.server.emit('connection', socket))
    if (await tryListen(listener, address, boundPort)) listeners.push(listener)
  }
  return boundPort
}

/** The only name for which all addresses are bound. */
function isLocalhost(host: string): boolean {
  return host.toLowerCase() === 'localhost'
}

async function lookupAll(host: string): Promise<readonly string[]> {
  return (await lookup(host, {all: true})).map(({address}) => address)
}

/**
 * Returns false if the machine does not have the address. A port in use is an error: the program that has it would
 * receive requests for this service.
 */
async function tryListen(listener: net.Server, host: string, port: number): Promise<boolean> {
  try {
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject).listen({host, port}, resolve)
    })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && ADDRESS_UNAVAILABLE.has(error.code)) return false
    throw error
  }
}

const LISTEN_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there already',
  EACCES: 'permission denied',
  EADDRNOTAVAIL: 'the address does not belong to this machine',
  ENOTFOUND: 'unknown host',
}

/** The failure for a port that cannot be bound, for the operator. */
export function portFailure(
  error: unknown,
  host: string,
  port: number,
  advice = 'Choose another address with --host or --port; port 0 selects a free one.',
): Failure {
  const {code = '', message} = error as NodeJS.ErrnoException
  return new Failure('failed', `cannot listen on ${host} port ${port}`, {
    why: LISTEN_ERRORS[code] ?? message,
    advice,
    cause: error,
  })
}
