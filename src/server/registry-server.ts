/** The registry server: the registry API of the manual, and the methods of the registry for API servers. */
import type {IncomingMessage} from 'node:http'
import type {AddressInfo} from 'node:net'
import {Deletions} from './api/rpc/deletions.js'
import {addRpcRoutes} from './api/rpc/routes.js'
import {toHttpError} from './api/v1/errors.js'
import {addRegistryRoutes} from './api/v1/registry-api/routes.js'
import {canonicalPath} from './api/versions.js'
import {createSecretCheck} from './auth/shared-secret.js'
import type {ServerSettings} from './config.js'
import {type App, createApp} from './http/app.js'
import {isLoopback} from './http/host-check.js'
import {listen, portFailure} from './http/listen.js'
import type {Reporter} from './log/reporter.js'
import type {Registry} from './registry/registry.js'
import type {ImageServer} from './server.js'
import {readSettings} from './settings/setting.js'
import {NOTHING_GIVEN} from './settings/sources.js'
import {REGISTRY} from './settings/tables/registry.js'
import {REGISTRY_TOKEN} from './settings/tables/registry-server.js'
import {shutDown} from './shut-down.js'

/** What a registry server needs of the settings. */
export type RegistrySettings = Pick<
  ServerSettings,
  'host' | 'port' | 'dataDir' | 'pid' | 'shutdownSeconds' | 'given'
>

/**
 * Creates a registry server, which updates the schema of its database. Without `sql_connection`, the registry is in the data directory.
 * @throws Failure as `openChosenDatabase`, and as `openDataDirectory`
 */
export async function createRegistryServer(
  settings: RegistrySettings,
  reporter: Reporter,
): Promise<ImageServer> {
  return createRegistryServerWith(await openDatabase(settings, reporter), settings, reporter)
}

/** Creates a server for an open registry, which it closes with itself. */
export function createRegistryServerWith(
  registry: Registry,
  settings: Pick<RegistrySettings, 'host' | 'port' | 'shutdownSeconds' | 'given'>,
  reporter: Reporter,
): ImageServer {
  const {host, port, given = NOTHING_GIVEN} = settings
  const warn = (line: string) => reporter.warn(line)
  const {registry_token: token} = readSettings(REGISTRY_TOKEN, given.in())
  const app = createApp({
    rewriteUrl,
    toHttpError,
    host,
    log: line => reporter.log(line),
    warn,
    runRequest: reporter.steps?.run,
  })
  if (token) {
    const check = createSecretCheck(token)
    app.fastify.addHook('onRequest', async request => check(request))
  }
  const deletions = new Deletions()
  registry.watchDeletions(id => deletions.announce(id))
  addRpcRoutes(app.fastify, {registry, deletions, warn})
  addRegistryRoutes(app.fastify, registry, deletion => deletions.note(deletion))
  const stop = async () => {
    deletions.close()
    await shutDown(app, () => {}, {stop: () => {}, idle: async () => {}}, settings.shutdownSeconds)
    await registry.close()
  }
  let stopped: Promise<void> | undefined
  const close = () => {
    stopped ??= stop()
    return stopped
  }
  const listenOrClose = async () => {
    const bound = await listen(app.fastify, host, port).catch(async error => {
      await close()
      throw portFailure(error, host, port)
    })
    if (!token) warnIfOpen(app, host, warn)
    return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`
  }
  return {listen: listenOrClose, close}
}

function warnIfOpen({fastify}: App, host: string, warn: (line: string) => void): void {
  if (isLoopback((fastify.server.address() as AddressInfo).address)) return
  warn(
    `listening on ${host} without registry_token: everyone who can reach it may read and change every record`,
  )
}

/** The resources of the manual have no version in their paths. */
function rewriteUrl({url = '', headers}: IncomingMessage): string {
  if (url.startsWith('/rpc/')) return url
  return canonicalPath({url: /^\/+v1(\/|$)/.test(url) ? url : `/v1${url}`, headers: {host: headers.host}})
}

async function openDatabase(
  {given = NOTHING_GIVEN, dataDir, pid}: RegistrySettings,
  reporter: Reporter,
): Promise<Registry> {
  const {openChosenDatabase} = await import('./registry/open-registry.js')
  const listener = {logStep: reporter.steps?.log, warn: (line: string) => reporter.warn(line)}
  const find = given.in()
  if (readSettings(REGISTRY, find).sql_connection) return openChosenDatabase({find, file: ''}, listener)
  const {openDataDirectory} = await import('./data-dir.js')
  const directory = await openDataDirectory(dataDir, pid, listener.warn)
  try {
    const registry = await openChosenDatabase({find, file: directory.registry}, listener)
    const close = registry.close.bind(registry)
    return Object.assign(registry, {close: () => close().finally(() => directory.close())})
  } catch (error) {
    directory.close()
    throw error
  }
}
