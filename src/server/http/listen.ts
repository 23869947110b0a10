/** Listening: on one address, or on all that `localhost` has, which a client may try in any order. */
import {lookup} from 'node:dns/promises'
import net, {type AddressInfo} from 'node:net'
import type {FastifyInstance} from 'fastify'

/** What a machine without IPv6 says of an address of it. */
const ADDRESS_UNAVAILABLE: ReadonlySet<unknown> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])

/**
 * Takes the port on the host, and resolves to its number. Connections to all addresses are served alike: those of further
 * ones are handed to the server of the first.
 * @param resolveHost all addresses of a name
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
    const door = net.createServer({allowHalfOpen: true, noDelay: true})
    door.on('connection', socket => app.server.emit('connection', socket))
    if (await tryListen(door, address, boundPort)) listeners.push(door)
  }
  return boundPort
}

/** Only of this name it is known that all its addresses are meant. */
function isLocalhost(host: string): boolean {
  return host.toLowerCase() === 'localhost'
}

async function lookupAll(host: string): Promise<readonly string[]> {
  return (await lookup(host, {all: true})).map(({address}) => address)
}

/** False where the machine has no such address. Whoever has the port there already would answer in our name: an error. */
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
