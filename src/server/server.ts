/** The image service: constructs its parts and ties them together. */
import type net from 'node:net'
import {toHttpError} from './api/v1/errors.js'
import {addV1Routes} from './api/v1/routes.js'
import {addV2Routes} from './api/v2/routes.js'
import {addVersionRoutes, canonicalPath} from './api/versions.js'
import {addIdentification} from './auth/authenticate.js'
import {openReloadableIdentification} from './auth/open-identification.js'
import {type Backends, openBackends} from './backends.js'
import type {ServerSettings} from './config.js'
import {prepareAll, prepareQuotas} from './control/reload.js'
import type {ServiceControl} from './control/service-control.js'
import {type App, createApp} from './http/app.js'
import {isLoopback} from './http/host-check.js'
import {listen, listenOnSockets, listListeners, portFailure} from './http/listen.js'
import {ServiceError} from './images/errors.js'
import {Members} from './images/members.js'
import {requireImportSettings} from './import-settings.js'
import type {Heartbeats} from './jobs/heartbeats.js'
import {startMaintenance} from './jobs/maintenance.js'
import {recover} from './jobs/recovery.js'
import {Scrubber} from './jobs/scrubber.js'
import type {Reporter} from './log/reporter.js'
import {type Notifications, openNotifications} from './notifications/open-notifications.js'
import {createHeartbeats} from './processes.js'
import {createServices, type Services} from './services.js'
import {unsharedFailure} from './shared-folders.js'
import {drain, shutDown} from './shut-down.js'

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
    return await createServerWith(backends, settings, reporter, control?.sockets)
  } catch (error) {
    await backends.close()
    throw error
  }
}

/** Creates a service on open backends, which it closes with itself. @param sockets on which to listen, if there are any */
export async function createServerWith(
  backends: Backends,
  settings: ServerSettings,
  reporter: Reporter,
  sockets: readonly number[] = [],
): Promise<ImageServer> {
  const [log, warn] = [(line: string) => reporter.log(line), (line: string) => reporter.warn(line)]
  const notifications = await openNotifications(backends.registry, settings, {log, warn})
  const services = createServices({...backends, ...notifications}, settings, warn)
  const heartbeats = createHeartbeats({...services, folders: backends.folders}, settings, warn)
  const identification = await openReloadableIdentification(settings, reporter)
  const leave = () => leaveOthers(heartbeats, notifications).finally(() => identification.close())
  const joining = joinOthers(heartbeats, services, notifications)
  await joining.catch(error => leave().finally(() => Promise.reject(error)))
  const runRequest = reporter.steps?.run
  const app = createApp({rewriteUrl: canonicalPath, toHttpError, host: settings.host, log, warn, runRequest})
  addVersionRoutes(app.fastify, backends.stores.hasCopies)
  const authenticate = addIdentification(app.fastify, identification.identify)
  const {showLocations = false} = settings
  const createMembers = (sharedOnly: boolean) => new Members({...services, sharedOnly})
  addV1Routes(app.fastify, {...services, members: createMembers(false), authenticate, showLocations})
  addV2Routes(app.fastify, {...services, members: createMembers(true), authenticate, showLocations})
  const endMaintenance = startMaintenance({...services, scrubber: new Scrubber(services), log, warn})
  const interrupt = () => {
    services.uploads.abortAll()
    services.stopping.abort(new ServiceError('shutting-down', {}))
  }
  const stop = async (isReplaced: boolean) => {
    endMaintenance()
    if (isReplaced) await drain(app)
    await shutDown(app, interrupt, services.queue, settings.shutdownSeconds)
    await leave()
    await backends.close()
  }
  let stopped: Promise<void> | undefined
  const close = (isReplaced = false) => {
    stopped ??= stop(isReplaced)
    return stopped
  }
  const fail = (error: unknown) => close().then(() => Promise.reject(error))
  return {
    listen: () => startListening(app, settings, sockets, warn).catch(fail),
    close,
    prepareReload: next =>
      prepareAll(
        [prepareQuotas(services.quotas), backends.prepareReload, identification.prepareReload],
        next,
      ),
    listListeners: () => listListeners(app.fastify),
  }
}

/**
 * Joins the processes of the registry, and recovers what dead ones left. Heartbeats begin before, because the search for
 * unused data may take longer than others wait for one.
 */
async function joinOthers(
  heartbeats: Heartbeats,
  services: Services,
  notifications: Notifications,
): Promise<void> {
  const stranger = await heartbeats.join()
  if (stranger) throw unsharedFailure(stranger)
  heartbeats.start()
  notifications.start(services.holder)
  const {killed, removed} = await recover(services)
  if (killed + removed === 0) return
  services.warn(
    `recovered from a crash: ${killed} unfinished images killed, ${removed} partial files removed`,
  )
}

/** Never rejects. */
async function leaveOthers(heartbeats: Heartbeats, notifications: Notifications): Promise<void> {
  await notifications.stop()
  await heartbeats.leave()
}

async function startListening(
  {fastify}: App,
  {host, port, auth}: ServerSettings,
  sockets: readonly number[],
  warn: (line: string) => void,
): Promise<string> {
  const listening = sockets.length > 0 ? listenOnSockets(fastify, sockets) : listen(fastify, host, port)
  const boundPort = await listening.catch(error => {
    throw portFailure(error, host, port)
  })
  const {address} = fastify.server.address() as net.AddressInfo
  if (!isLoopback(address) && auth !== 'keystone') {
    warn(`listening on ${host}: everyone who can reach it may read, change and delete every image`)
  }
  return `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`
}
