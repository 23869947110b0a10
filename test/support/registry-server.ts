/** A registry server in the process of a test, and registries of API servers that use it. */

import type {Registry} from '../../src/server/registry/registry.js'
import {openRemoteRegistry} from '../../src/server/registry/remote/open.js'
import {openRegistry} from '../../src/server/registry/sqlite/open.js'
import {createRegistryServerWith} from '../../src/server/registry-server.js'
import {readSettings} from '../../src/server/settings/setting.js'
import {GivenSettings} from '../../src/server/settings/sources.js'
import {REGISTRY_CLIENT, REGISTRY_TOKEN} from '../../src/server/settings/tables/registry-server.js'

/** A registry server that listens. */
export interface TestRegistryServer {
  readonly url: string
  readonly port: number
  readonly log: readonly string[]
  readonly warnings: readonly string[]
  /** Opens the registry of an API server. */
  open(options?: RemoteOptions): Promise<Registry>
  close(): Promise<void>
}

/** How an API server reaches a registry server. */
export interface RemoteOptions {
  /** Another port, from which a network leads to the server. */
  readonly port?: number
  /** Environment with more settings. */
  readonly env?: Readonly<Record<string, string>>
  readonly warn?: (line: string) => void
}

/** Starts a server for a registry, which it closes. */
export async function startRegistryServer(
  registry?: Registry,
  env: Readonly<Record<string, string>> = {},
): Promise<TestRegistryServer> {
  const log: string[] = []
  const warnings: string[] = []
  const reporter = {log: (line: string) => log.push(line), warn: (line: string) => warnings.push(line)}
  const given = new GivenSettings({assignments: [], env})
  const settings = {host: '127.0.0.1', port: 0, shutdownSeconds: 5, given}
  const server = await createRegistryServerWith(
    registry ?? (await openRegistry(':memory:')),
    settings,
    reporter,
  )
  const url = await server.listen()
  const port = Number(new URL(url).port)
  return {
    url,
    port,
    log,
    warnings,
    open: options => openRemote({port, ...options}),
    close: () => server.close(),
  }
}

/** Opens the registry of an API server. */
export function openRemote({port = 0, env = {}, warn = () => {}}: RemoteOptions): Promise<Registry> {
  const find = new GivenSettings({
    assignments: [],
    env: {GLANCE_REGISTRY_PORT: String(port), ...env},
  }).in()
  return openRemoteRegistry('127.0.0.1', readSettings({...REGISTRY_CLIENT, ...REGISTRY_TOKEN}, find), warn)
}
