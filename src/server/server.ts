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
import {type Backends, openBackends} from './backends.js'
import type {ServerSettings} from './config.js'
import {type App, createApp} from './http/app.js'
import {isLoopback} from './http/host-check.js'
import {listen, portFailure} from './http/listen.js'
import {Access} from './images/access.js'
import {createInspector} from './images/content.js'
import {ImageData} from './images/data.js'
import {ServiceError} from './images/errors.js'
import {Images} from './images/images.js'
import {Members} from './images/members.js'
import {Quotas, toLimits} from './images/quotas.js'
import {RemoteData} from './images/remote-data.js'
import {UnusedData} from './images/unused-data.js'
import {Uploads} from './images/uploads.js'
import {PendingCleanups} from './jobs/cleanups.js'
import {CopyJobs} from './jobs/copies.js'
import {createQueue, type JobRunners} from './jobs/create-queue.js'
import type {Heartbeats} from './jobs/heartbeats.js'
import {ImportJobs} from './jobs/imports.js'
import {LocationJobs} from './jobs/location-imports.js'
import {startMaintenance} from './jobs/maintenance.js'
import {recover} from './jobs/recovery.js'
import {Scrubber, toDelay} from './jobs/scrubber.js'
import type {Reporter} from './log/reporter.js'
import {createHeartbeats} from './processes.js'
import {readSettings} from './settings/setting.js'
import {NOTHING_GIVEN} from './settings/sources.js'
import {QUOTAS, SCRUBBER} from './settings/tables.js'
import {unsharedFailure} from './shared-folders.js'
import {shutDown} from './shut-down.js'

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

/**
 * Creates a service on a data directory, which is created if absent, and recovers the work of a service that died.
 * @throws Failure as `openBackends`
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

/** Creates a service on open backends, which it closes with itself. */
export async function createServerWith(
  backends: Backends,
  settings: ServerSettings,
  reporter: Reporter,
): Promise<ImageServer> {
  const [log, warn] = [(line: string) => reporter.log(line), (line: string) => reporter.warn(line)]
  const services = createServices(backends, settings, warn)
  const heartbeats = createHeartbeats({...services, folders: backends.folders}, settings, warn)
  const identification = await openIdentification(settings, reporter)
  const leave = () => heartbeats.leave().finally(() => identification.close())
  await joinOthers(heartbeats, services).catch(error => leave().finally(() => Promise.reject(error)))
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
  const stop = async () => {
    endMaintenance()
    await shutDown(app, interrupt, services.queue, settings.shutdownSeconds)
    await leave()
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

/**
 * Joins the processes of the registry, and recovers what dead ones left. Heartbeats begin before, because the search for
 * unused data may take longer than others wait for one.
 */
async function joinOthers(
  heartbeats: Heartbeats,
  services: ReturnType<typeof createServices>,
): Promise<void> {
  const stranger = await heartbeats.join()
  if (stranger) throw unsharedFailure(stranger)
  heartbeats.start()
  const {killed, removed} = await recover(services)
  if (killed + removed === 0) return
  services.warn(
    `recovered from a crash: ${killed} unfinished images killed, ${removed} partial files removed`,
  )
}

/** Creates the services that both API versions share. */
function createServices(
  {registry, stores, staging, remoteStores}: Backends,
  {checkContent = false, given = NOTHING_GIVEN}: ServerSettings,
  warn: (line: string) => void,
) {
  const holder = randomUUID()
  const report = (error: unknown) => warn(`cannot take jobs, will try again: ${describeError(error)}`)
  const queue = createQueue({registry, holder, report}, () => runners)
  const remote = new RemoteData(remoteStores)
  const unused = new UnusedData({
    registry,
    holder,
    stores: [...new Set([...stores.writable.map(({store}) => store), staging])],
    describe: describeError,
    warn,
  })
  const cleanups = new PendingCleanups()
  const quotas = new Quotas(registry, toLimits(readSettings(QUOTAS, given.in())))
  const uploads = new Uploads({registry, holder, unused, cleanups, quotas})
  const inspect = createInspector(stores, checkContent)
  const copies = new CopyJobs({stores, uploads, remote, inspect, describe: describeError, warn})
  const parts = {
    registry,
    holder,
    access: new Access(registry),
    queue,
    stores,
    staging,
    remote,
    uploads,
    unused,
    quotas,
    cleanups,
    stopping: new AbortController(),
    ...toDelay(readSettings(SCRUBBER, given.in())),
    inspect,
    describe: describeError,
    warn,
  }
  const data = new ImageData(parts)
  const images = new Images(parts)
  const imports = new ImportJobs({...parts, openData: image => data.open(image), messages: TASK_MESSAGES})
  const locations = new LocationJobs({...parts, images, messages: TASK_MESSAGES})
  const runners: JobRunners = {
    runTask: task => (task.type === 'location_import' ? locations : imports).run(task),
    runCopy: image => copies.run(image),
  }
  return {...parts, data, images, imports, locations}
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
