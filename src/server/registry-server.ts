/** The registry server: the registry API of the manual, and the methods of the registry for API servers. */
import type {IncomingMessage} from 'node:http'
import {Deletions} from './api/rpc/deletions.js'
import {addRpcRoutes} from './api/rpc/routes.js'
import {addRegistryRoutes} from './api/v1/registry-api/routes.js'
import {canonicalPath} from './api/versions.js'
import {createSecretCheck} from './auth/shared-secret.js'
import type {ServerSettings} from './config.js'
import {prepareAll} from './control/reload.js'
import type {ServiceControl} from './control/service-control.js'
import {listListeners} from './http/listen.js'
import type {Reporter} from './log/reporter.js'
import {openApp, prepareTls, startListening} from './open-app.js'
import type {Registry} from './registry/registry.js'
import type {ImageServer} from './server.js'
import {readSettings} from './settings/setting.js'
import {NOTHING_GIVEN} from './settings/sources.js'
import {REGISTRY} from './settings/tables/registry.js'
import {REGISTRY_TOKEN} from './settings/tables/registry-server.js'
import {drain, shutDown} from './shut-down.js'

/** What a registry server needs of the settings. */
export type RegistrySettings = Pick<
  ServerSettings,
  'host' | 'port' | 'dataDir' | 'pid' | 'shutdownSeconds' | 'given'
>

type Control = Pick<ServiceControl, 'sockets' | 'predecessor'>

/**
 * Creates a registry server, which updates the schema of its database. Without `sql_connection`, the registry is in the data directory.
 * @throws Failure as `openChosenDatabase`, and as `openDataDirectory`
 */
export async function createRegistryServer(
  settings: RegistrySettings,
  reporter: Reporter,
  control?: Control,
): Promise<ImageServer> {
  const registry = await openDatabase(settings, reporter, control?.predecessor)
  try {
    return await createRegistryServerWith(registry, settings, reporter, control)
  } catch (error) {
    await registry.close()
    throw error
  }
}

/**
 * Creates a server for an open registry, which it closes with itself.
 * @throws Failure `usage` as `openApp`
 */
export async function createRegistryServerWith(
  registry: Registry,
  settings: Pick<RegistrySettings, 'host' | 'port' | 'shutdownSeconds' | 'given'>,
  reporter: Reporter,
  {sockets = []}: Partial<Control> = {},
): Promise<ImageServer> {
  const warn = (line: string) => reporter.warn(line)
  const {registry_token: token} = readSettings(REGISTRY_TOKEN, (settings.given ?? NOTHING_GIVEN).in())
  const app = await openApp(settings, reporter, {rewriteUrl})
  if (token) {
    const check = createSecretCheck(token)
    app.fastify.addHook('onRequest', async request => check(request))
  }
  const deletions = new Deletions()
  registry.watchDeletions(id => deletions.announce(id))
  addRpcRoutes(app.fastify, {registry, deletions, warn})
  addRegistryRoutes(app.fastify, registry, deletion => deletions.note(deletion))
  const stop = async (isReplaced: boolean) => {
    deletions.close()
    if (isReplaced) await drain(app)
    await shutDown(app, () => {}, {stop: () => {}, idle: async () => {}}, settings.shutdownSeconds)
    await registry.close()
  }
  let stopped: Promise<void> | undefined
  const close = (isReplaced = false) => {
    stopped ??= stop(isReplaced)
    return stopped
  }
  const warnIfOpen = (host: string) => {
    if (!token) warn(`listening on ${host} without registry_token: ${OPEN}`)
  }
  return {
    listen: () =>
      startListening(app, settings, sockets, warnIfOpen).catch(error =>
        close().then(() => Promise.reject(error)),
      ),
    close,
    prepareReload: next => prepareAll([prepareTls(app, warn)], next),
    listListeners: () => listListeners(app.fastify),
  }
}

const OPEN = 'everyone who can reach it may read and change every record'

/** The resources of the manual have no version in their paths. */
function rewriteUrl({url = '', headers}: IncomingMessage): string {
  if (url.startsWith('/rpc/')) return url
  return canonicalPath({url: /^\/+v1(\/|$)/.test(url) ? url : `/v1${url}`, headers: {host: headers.host}})
}

async function openDatabase(
  {given = NOTHING_GIVEN, dataDir, pid}: RegistrySettings,
  reporter: Reporter,
  predecessor: Control['predecessor'],
): Promise<Registry> {
  const {chooseDatabase, openChosenDatabase} = await import('./registry/open-registry.js')
  const listener = {logStep: reporter.steps?.log, warn: (line: string) => reporter.warn(line)}
  const find = given.in()
  if (chooseDatabase({find, file: dataDir}).engine === 'sqlite') await predecessor?.stop()
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
