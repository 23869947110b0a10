/** Listens on one address, or on all addresses of `localhost`, which a client may try in any order. */
import {lookup} from 'node:dns/promises'
import net, {type AddressInfo} from 'node:net'
import type {FastifyInstance, FastifyListenOptions} from 'fastify'
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
  const listeners = trackListeners(app)
  const [first = host, ...others] = isLocalhost(host) ? await resolveHost(host) : [host]
  await app.listen({host: first, port})
  const boundPort = (app.server.address() as AddressInfo).port
  for (const address of new Set(others)) {
    const listener = createListener(app)
    if (await tryListen(listener, {host: address, port: boundPort})) listeners.push(listener)
  }
  return boundPort
}

/**
 * Listens on sockets that this process was given. Connections to all of them are handed to one server.
 * @param sockets their descriptors, at least one
 * @returns the port number of the first
 * @throws the error of the runtime for a descriptor that is not a listening socket
 */
export async function listenOnSockets(
  app: FastifyInstance,
  [first, ...others]: readonly number[],
): Promise<number> {
  const listeners = trackListeners(app)
  await app.listen({fd: first} as FastifyListenOptions)
  for (const fd of others) {
    const listener = createListener(app)
    if (await tryListen(listener, {fd})) listeners.push(listener)
  }
  return (app.server.address() as AddressInfo).port
}

/** The servers besides that of the framework, which listen on further addresses. */
const further = new WeakMap<FastifyInstance, net.Server[]>()

/** All servers that listen for an app. */
export function listListeners(app: FastifyInstance): readonly net.Server[] {
  return [app.server, ...(further.get(app) ?? [])]
}

/** Accepts no more connections. Those that are open stay open, also without a request. */
export function stopListening(app: FastifyInstance): void {
  for (const listener of listListeners(app)) net.Server.prototype.close.call(listener)
}

function trackListeners(app: FastifyInstance): net.Server[] {
  const listeners: net.Server[] = []
  further.set(app, listeners)
  app.addHook('preClose', async () => {
    for (const listener of listeners) listener.close()
  })
  return listeners
}

function createListener(app: FastifyInstance): net.Server {
  const listener = net.createServer({allowHalfOpen: true, noDelay: true})
  return listener.on('connection', socket => app.server.emit('connection', socket))
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
async function tryListen(listener: net.Server, place: net.ListenOptions & {fd?: number}): Promise<boolean> {
  try {
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject).listen(place, resolve)
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
