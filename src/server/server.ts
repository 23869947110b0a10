/** The image service: constructs its parts and ties them together. */
import type net from 'node:net'
import {describeError} from './api/v1/errors.js'
import {addV1Routes} from './api/v1/routes.js'
import {addV2Routes} from './api/v2/routes.js'
import {addVersionRoutes, canonicalPath} from './api/versions.js'
import {addIdentification, type Identify} from './auth/authenticate.js'
import {openReloadableIdentification} from './auth/open-identification.js'
import {type Backends, mapStores, openBackends} from './backends.js'
import type {ServerSettings} from './config.js'
import {prepareAll, prepareQuotas} from './control/reload.js'
import type {ServiceControl} from './control/service-control.js'
import type {App} from './http/app.js'
import {listListeners} from './http/listen.js'
import {ServiceError} from './images/errors.js'
import {Members} from './images/members.js'
import {requireImportSettings} from './import-settings.js'
import type {Heartbeats} from './jobs/heartbeats.js'
import {startMaintenance} from './jobs/maintenance.js'
import {recover} from './jobs/recovery.js'
import {Scrubber} from './jobs/scrubber.js'
import type {Reporter} from './log/reporter.js'
import type {Metrics} from './monitoring/metrics.js'
import {Monitoring} from './monitoring/monitoring.js'
import {type Notifications, openNotifications} from './notifications/open-notifications.js'
import {openApp, prepareTls, startListening} from './open-app.js'
import {createHeartbeats} from './processes.js'
import {createServices, type Services} from './services.js'
import {NOTHING_GIVEN} from './settings/sources.js'
import {unsharedFailure} from './shared-folders.js'
import {drain, shutDown, waitBriefly} from './shut-down.js'

/** A service that is ready to listen. */
export interface ImageServer {
  /**
   * Binds the port. If that fails, the service is closed.
   * @returns the URL of the service
   * @throws Failure `failed` when the port cannot be bound
   */
  listen(): Promise<string>
  /**
   * Accepts no more requests, waits for running ones until the deadline, aborts the rest with a defined status of their
   * images, and releases the data directory. Repeated calls return the same promise.
   * @param isReplaced another process accepts the connections: clients get time to leave those that they keep open
   */
  close(isReplaced?: boolean): Promise<void>
  /** Checks new settings. @returns what puts them into force @throws Failure `usage` for settings that are not valid */
  prepareReload(settings: ServerSettings): Promise<() => void>
  /** What listens, once it does. */
  listListeners(): readonly net.Server[]
}

/**
 * Creates a service on a data directory, which is created if absent, and recovers the work of a service that died.
 * @throws Failure as `requireImportSettings` and `openBackends`
 */
export async function createServer(
  settings: ServerSettings,
  reporter: Reporter,
  control?: Pick<ServiceControl, 'sockets' | 'predecessor'>,
): Promise<ImageServer> {
  await requireImportSettings(settings.given)
  const backends = await openBackends(settings, reporter, control?.predecessor)
  try {
    return await createServerWith(backends, settings, reporter, control)
  } catch (error) {
    await backends.close()
    throw error
  }
}

/**
 * Creates a service on open backends, which it closes with itself.
 * @param control the sockets on which to listen, if there are any, and the process before
 */
export async function createServerWith(
  backends: Backends,
  settings: ServerSettings,
  reporter: Reporter,
  {sockets = [], predecessor}: Partial<Pick<ServiceControl, 'sockets' | 'predecessor'>> = {},
): Promise<ImageServer> {
  const {log, warn} = reporter
  const monitoring = await openMonitoring(backends, settings)
  const app = await openApp(settings, reporter, {rewriteUrl: canonicalPath, watcher: monitoring.metrics})
  const services = await openServices(withMetrics(backends, monitoring.metrics), settings, reporter)
  const heartbeats = createHeartbeats({...services, folders: backends.folders}, settings, warn)
  const identification = await openReloadableIdentification(settings, reporter)
  const leave = () => leaveOthers(heartbeats, services).finally(() => identification.close())
  await joinOthers(heartbeats, services).catch(error => leave().finally(() => Promise.reject(error)))
  monitoring.addRoute(app.fastify)
  addRoutes(app, services, identification.identify, settings.showLocations)
  const endMaintenance = startMaintenance({...services, scrubber: new Scrubber(services), log, warn})
  const interrupt = () => interruptWork(services)
  const stop = async (isReplaced: boolean) => {
    const ended = endMaintenance()
    if (isReplaced) await drain(app)
    await shutDown(app, interrupt, services.queue, settings.shutdownSeconds)
    await waitBriefly(ended)
    await leave()
    monitoring.close()
    await backends.close()
  }
  let stopped: Promise<void> | undefined
  const close = (isReplaced = false) => {
    stopped ??= stop(isReplaced)
    return stopped
  }
  const fail = (error: unknown) => close().then(() => Promise.reject(error))
  const listenToAll = async () => {
    const isOpen = settings.auth !== 'keystone'
    const url = await startListening(app, settings, sockets, host => {
      if (isOpen)
        warn(`listening on ${host}: everyone who can reach it may read, change and delete every image`)
    })
    await monitoring.listen(services, reporter, predecessor?.ended)
    return url
  }
  const {prepareReload: identify} = identification
  const reloads = [prepareQuotas(services.quotas), backends.prepareReload, identify, prepareTls(app, warn)]
  return {
    listen: () => listenToAll().catch(fail),
    close,
    prepareReload: next => prepareAll(reloads, next),
    listListeners: () => listListeners(app.fastify),
  }
}

/** Aborts uploads and jobs. */
function interruptWork({uploads, stopping}: Services): void {
  uploads.abortAll()
  stopping.abort(new ServiceError('shutting-down', {}))
}

type OpenServices = Services & {readonly notifications: Notifications}

/** The services, on a registry that records what notifications tell. @throws Failure as `openNotifications` */
async function openServices(
  backends: Backends,
  settings: ServerSettings,
  {log, warn}: Reporter,
): Promise<OpenServices> {
  const notifications = await openNotifications(backends.registry, settings, {log, warn})
  return {...createServices({...backends, ...notifications}, settings, warn), notifications}
}

/** Adds the resources of all versions of the API. */
function addRoutes({fastify}: App, services: Services, identify: Identify, showLocations = false): void {
  addVersionRoutes(fastify, services.stores.hasCopies)
  const authenticate = addIdentification(fastify, identify)
  const createMembers = (sharedOnly: boolean) => new Members({...services, sharedOnly})
  addV1Routes(fastify, {...services, members: createMembers(false), authenticate, showLocations})
  addV2Routes(fastify, {...services, members: createMembers(true), authenticate, showLocations})
}

/** Prepares the health check and the metrics of the backends. @throws Failure `usage` for invalid settings */
function openMonitoring(
  {registry, stores}: Backends,
  {dataDir, given = NOTHING_GIVEN}: ServerSettings,
): Promise<Monitoring> {
  return Monitoring.open({registry, stores, dataDir, find: given.in(), describe: describeError})
}

/** The backends, with calls that are timed if there are metrics. */
function withMetrics(backends: Backends, metrics: Metrics | undefined): Backends {
  if (metrics === undefined) return backends
  const timed = mapStores(backends, (store, name) => metrics.watchStore(store, name))
  return {...timed, registry: metrics.watchRegistry(backends.registry)}
}

/**
 * Joins the processes of the registry, and recovers what dead ones left. Heartbeats begin before, so that what is taken over
 * has a holder that lives.
 */
async function joinOthers(heartbeats: Heartbeats, services: OpenServices): Promise<void> {
  const stranger = await heartbeats.join()
  if (stranger) throw unsharedFailure(stranger)
  heartbeats.start()
  services.notifications.start(services.holder)
  const {killed, removed} = await recover(services)
  if (killed + removed === 0) return
  services.warn(
    `recovered from a crash: ${killed} unfinished images killed, ${removed} partial files removed`,
  )
}

/** Never rejects. */
async function leaveOthers(heartbeats: Heartbeats, {notifications}: OpenServices): Promise<void> {
  await notifications.stop()
  await heartbeats.leave(waitBriefly)
}
