/** The image service: constructs its parts and ties them together. */
import {randomUUID} from 'node:crypto'
import type {AddressInfo} from 'node:net'
import {describeError, toHttpError} from './api/v1/errors.js'
import {addV1Routes} from './api/v1/routes.js'
import {TASK_MESSAGES} from './api/v2/imports.js'
import {addV2Routes} from './api/v2/routes.js'
import {addVersionRoutes, canonicalPath} from './api/versions.js'
import {addIdentification} from './auth/authenticate.js'
import {openIdentification} from './auth/open-identification.js'
import type {ServerSettings} from './config.js'
import {type App, createApp} from './http/app.js'
import {isLoopback} from './http/host-check.js'
import {listen, portFailure} from './http/listen.js'
import {Access} from './images/access.js'
import {createInspector} from './images/content.js'
import {ImageData} from './images/data.js'
import {Images} from './images/images.js'
import {Members} from './images/members.js'
import {Quotas, toLimits} from './images/quotas.js'
import {RemoteData} from './images/remote-data.js'
import {UnusedData} from './images/unused-data.js'
import {Uploads} from './images/uploads.js'
import {PendingCleanups} from './jobs/cleanups.js'
import {CopyJobs} from './jobs/copies.js'
import {ImportJobs} from './jobs/imports.js'
import {LocationJobs} from './jobs/location-imports.js'
import {startMaintenance} from './jobs/maintenance.js'
import {JobQueue} from './jobs/queue.js'
import {recover} from './jobs/recovery.js'
import {Scrubber} from './jobs/scrubber.js'
import type {Reporter} from './log/reporter.js'
import type {Steps} from './log/steps.js'
import {createHeartbeats} from './processes.js'
import type {ImageRecord, Registry} from './registry/registry.js'
import {readSettings} from './settings/setting.js'
import {NOTHING_GIVEN} from './settings/sources.js'
import {QUOTAS, SCRUBBER, STORES} from './settings/tables.js'
import {shutDown} from './shut-down.js'
import type {RemoteStore, Store} from './stores/store.js'

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
   */
  close(): Promise<void>
}

/** Registry and stores, which outlive a request; tests may pass any implementation of the contracts. */
export interface Backends {
  readonly registry: Registry
  readonly store: Store
  /** Store of data that waits for its import. */
  readonly staging: Store
  /** Stores for reading data from other servers. */
  readonly remoteStores: readonly RemoteStore[]
  /** Closes all of them. */
  close(): Promise<void>
}

/**
 * Creates a service on a data directory, which is created if absent, and recovers the work of a service that died.
 * @throws Failure `conflict` when another service uses the directory, `failed` when it cannot be used at all
 */
export async function createServer(settings: ServerSettings, reporter: Reporter): Promise<ImageServer> {
  const backends = await openBackends(settings, reporter)
  try {
    return await createServerWith(backends, settings, reporter)
  } catch (error) {
    await backends.close()
    throw error
  }
}

async function openBackends(
  {dataDir, pid, registry: url, fetchFromAnywhere, given = NOTHING_GIVEN}: ServerSettings,
  reporter: Reporter,
): Promise<Backends> {
  const {openDataDirectory} = await import('./data-dir.js')
  const directory = await openDataDirectory(dataDir, pid, line => reporter.warn(line))
  try {
    const {openChosenRegistry} = await import('./registry/open-registry.js')
    const {openStore} = await import('./stores/open-store.js')
    const {FilesystemStore} = await import('./stores/filesystem-store.js')
    const {HttpStore} = await import('./stores/http-store.js')
    const {ANYWHERE, PUBLIC_WEB} = await import('./stores/fetch-policy.js')
    const registry = await openChosenRegistry(
      {url, find: given.in(), file: directory.registry},
      {logStep: reporter.steps?.log, warn: line => reporter.warn(line)},
    )
    const close = () => registry.close().finally(() => directory.close())
    const {default_store: kind} = readSettings(STORES, given.in())
    const store = await openStore(kind, given.in(), directory.images)
    // Other processes import it, so that it is where they find it.
    const staging = kind === 'file' ? new FilesystemStore(directory.staging) : store
    const webStore = new HttpStore(fetchFromAnywhere ? ANYWHERE : PUBLIC_WEB)
    const backends = {registry, store, staging, remoteStores: [webStore], close}
    return reporter.steps === undefined ? backends : await logSteps(backends, reporter.steps)
  } catch (error) {
    directory.close()
    throw error
  }
}

/** The same backends, which log what their stores do. */
async function logSteps(backends: Backends, {log}: Steps): Promise<Backends> {
  const {withSteps} = await import('./stores/with-steps.js')
  const store = withSteps(backends.store, 'images', log)
  const isOneStore = backends.staging === backends.store
  return {
    ...backends,
    store,
    staging: isOneStore ? store : withSteps(backends.staging, 'staging', log),
    remoteStores: backends.remoteStores.map(store => withSteps(store, 'web', log)),
  }
}

/** Creates a service on open backends, which it closes with itself. */
export async function createServerWith(
  backends: Backends,
  settings: ServerSettings,
  reporter: Reporter,
): Promise<ImageServer> {
  const [log, warn] = [(line: string) => reporter.log(line), (line: string) => reporter.warn(line)]
  const identification = await openIdentification(settings, reporter)
  const services = createServices(backends, settings, warn)
  const {uploads, queue} = services
  const recovery = {...services, messages: TASK_MESSAGES}
  const heartbeats = createHeartbeats(recovery, settings, warn)
  await heartbeats.join()
  const {killed, removed} = await recover(recovery)
  if (killed + removed > 0) {
    warn(`recovered from a crash: ${killed} unfinished images killed, ${removed} partial files removed`)
  }
  heartbeats.start()
  const runRequest = reporter.steps?.run
  const app = createApp({rewriteUrl: canonicalPath, toHttpError, host: settings.host, log, warn, runRequest})
  addVersionRoutes(app.fastify)
  const authenticate = addIdentification(app.fastify, identification.identify)
  const {showLocations = false} = settings
  const createMembers = (sharedOnly: boolean) => new Members({...services, sharedOnly})
  addV1Routes(app.fastify, {...services, members: createMembers(false), authenticate, showLocations})
  addV2Routes(app.fastify, {...services, members: createMembers(true), authenticate, showLocations})
  const endMaintenance = startMaintenance({...services, log, warn})
  const stop = async () => {
    endMaintenance()
    await shutDown(app, uploads, queue, settings.shutdownSeconds)
    await heartbeats.leave()
    await identification.close()
    await backends.close()
  }
  let stopped: Promise<void> | undefined
  const close = () => {
    stopped ??= stop()
    return stopped
  }
  const listenOrClose = async () => {
    try {
      return await startListening(app, settings, warn)
    } catch (error) {
      await close()
      throw error
    }
  }
  return {listen: listenOrClose, close}
}

/** Creates the services that both API versions share. */
function createServices(
  {registry, store, staging, remoteStores}: Backends,
  {checkContent = false, given = NOTHING_GIVEN}: ServerSettings,
  warn: (line: string) => void,
) {
  const access = new Access(registry)
  const holder = randomUUID()
  const queue = new JobQueue()
  const remote = new RemoteData(remoteStores)
  const unused = new UnusedData({
    registry,
    stores: [...new Set([store, staging])],
    describe: describeError,
    warn,
  })
  const cleanups = new PendingCleanups()
  const quotas = new Quotas(registry, toLimits(readSettings(QUOTAS, given.in())))
  const uploads = new Uploads({registry, holder, unused, cleanups, quotas})
  const inspect = createInspector(store, checkContent)
  const copies = new CopyJobs({store, uploads, remote, inspect, queue, describe: describeError, warn})
  const startCopy = (image: ImageRecord) => copies.start(image)
  const requireJobRoom = (project: string | null) => queue.requireRoom(project)
  const {delayed_delete: delaysDeletion, scrub_time: scrubTime} = readSettings(SCRUBBER, given.in())
  const scrubber = new Scrubber({registry, unused, scrubTime})
  const parts = {
    registry,
    holder,
    access,
    queue,
    store,
    staging,
    remote,
    uploads,
    unused,
    quotas,
    cleanups,
    scrubber,
    delaysDeletion,
    inspect,
    startCopy,
    requireJobRoom,
  }
  const data = new ImageData(parts)
  const images = new Images(parts)
  const imports = new ImportJobs({...parts, messages: TASK_MESSAGES})
  const locations = new LocationJobs({...parts, images, messages: TASK_MESSAGES})
  return {...parts, copies, data, images, imports, locations}
}

async function startListening(
  {fastify}: App,
  {host, port, auth}: ServerSettings,
  warn: (line: string) => void,
): Promise<string> {
  const boundPort = await listen(fastify, host, port).catch(error => {
    throw portFailure(error, host, port)
  })
  const {address} = fastify.server.address() as AddressInfo
  if (!isLoopback(address) && auth !== 'keystone') {
    warn(`listening on ${host}: everyone who can reach it may read, change and delete every image`)
  }
  return `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`
}
