/** Opens the registry on a registry server, by the settings of an API server. */
import {Failure} from '../../../lib/model/errors.js'
import type {ValuesOf} from '../../settings/setting.js'
import type {REGISTRY_CLIENT, REGISTRY_TOKEN} from '../../settings/tables/registry-server.js'
import type {Registry} from '../registry.js'
import {RegistryUnavailable} from '../unavailable.js'
import {RegistryConnection} from './connection.js'
import {PROTOCOL} from './procedures.js'
import {createRemoteRegistry} from './remote-registry.js'

/**
 * Opens the registry on this server, which must answer.
 * @param host name or address; an IPv6 address with or without brackets
 * @param warn receives a line when the server is away, and when it is there again
 * @throws Failure `unavailable` when it does not answer as a registry server does; `conflict` when it is of a release that this
 *   one does not understand
 */
export async function openRemoteRegistry(
  host: string,
  settings: Omit<ValuesOf<typeof REGISTRY_CLIENT & typeof REGISTRY_TOKEN>, 'registry_host'>,
  warn: (line: string) => void,
): Promise<Registry> {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  const url = `${settings.registry_client_protocol}://${name}:${settings.registry_port}`
  let isOpen = false
  const server = {
    url,
    token: settings.registry_token,
    caFile: settings.registry_client_ca_file,
    connections: settings.registry_client_connections,
    timeout: settings.registry_client_timeout,
  }
  // The failure to open it tells the same.
  const connection = new RegistryConnection(server, line => isOpen && warn(line))
  try {
    await requireSameProtocol(connection, url)
  } catch (error) {
    await connection.close()
    throw error
  }
  isOpen = true
  return createRemoteRegistry(connection)
}

async function requireSameProtocol(connection: RegistryConnection, url: string): Promise<void> {
  const description = await connection.call('describe', []).catch((error: unknown) => {
    if (!(error instanceof RegistryUnavailable)) throw error
    throw new Failure('unavailable', `cannot open the registry at ${url}`, {
      why: error.message,
      advice: 'Check that glance-registry runs, registry_host, registry_port and registry_token.',
      cause: error,
    })
  })
  const {protocol} = description as {readonly protocol: number}
  if (protocol === PROTOCOL) return
  throw new Failure('conflict', `cannot use the registry at ${url}`, {
    why: `it is of another release: it speaks version ${protocol} of the protocol, and this one speaks version ${PROTOCOL}`,
    advice: 'Update the registry server first, and the API servers after that.',
  })
}
