/** Listening: on one address, or on all that `localhost` has, which a client may try in any order. */
import {lookup} from 'node:dns/promises'
import net, {type AddressInfo} from 'node:net'
import type {FastifyInstance} from 'fastify'

/** What a machine without IPv6 says of an address of it. */
const ABSENT: ReadonlySet<unknown> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])

/**
 * Takes the port on the host, and resolves to its number. Connections to all addresses are served alike: those of further
 * ones are handed to the server of the first.
 * @param addressesOf all addresses of a name
 */
export async function listen(
  app: FastifyInstance,
  host: string,
  port: number,
  addressesOf = everyAddressOf,
): Promise<number> {
  const doors: net.Server[] = []
  app.addHook('preClose', async () => {
    for (const door of doors) door.close()
  })
  const [first = host, ...others] = isThisMachine(host) ? await addressesOf(host) : [host]
  await app.listen({host: first, port})
  const taken = (app.server.address() as AddressInfo).port
  for (const address of new Set(others)) {
    const door = net.createServer({allowHalfOpen: true, noDelay: true})
    door.on('connection', socket => app.server.emit('connection', socket))
    if (await isOpened(door, address, taken)) doors.push(door)
  }
  return taken
}

/** Only of this name it is known that all its addresses are meant. */
function isThisMachine(host: string): boolean {
  return host.toLowerCase() === 'localhost'
}

async function everyAddressOf(host: string): Promise<readonly string[]> {
  return (await lookup(host, {all: true})).map(({address}) => address)
}

/** False where the machine has no such address. Whoever has the port there already would answer in our name: an error. */
async function isOpened(door: net.Server, host: string, port: number): Promise<boolean> {
  try {
    await new Promise<void>((resolve, reject) => {
      door.once('error', reject).listen({host, port}, resolve)
    })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && ABSENT.has(error.code)) return false
    throw error
  }
}
