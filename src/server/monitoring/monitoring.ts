/** Health and metrics of a service, as the settings ask for them. */
import {once} from 'node:events'
import type {Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import type {FastifyInstance} from 'fastify'
import {portFailure} from '../http/listen.js'
import {toUrlHost} from '../http/text.js'
import type {Reporter} from '../log/reporter.js'
import type {Registry} from '../registry/registry.js'
import {type FindValue, readSettings} from '../settings/setting.js'
import {exists} from '../settings/setting-file.js'
import {MONITORING} from '../settings/tables/monitoring.js'
import type {StoreSet} from '../stores/set/store-set.js'
import {Health} from './health.js'
import {checkHealth} from './health-response.js'
import type {CountedParts, Metrics} from './metrics.js'
import {listProbes} from './probes.js'

/** What is monitored. */
export interface MonitoredParts {
  readonly registry: Registry
  readonly stores: StoreSet
  readonly dataDir: string
  readonly find: FindValue
  /** The text of an error for the reporter. */
  readonly describe: (error: unknown) => string
}

/** The monitoring of a service. */
export class Monitoring {
  /** Present if the metrics have an address. */
  readonly metrics: Metrics | undefined
  readonly #health: Health
  readonly #describe: MonitoredParts['describe']
  readonly #settings
  #server: Server | undefined

  private constructor(parts: MonitoredParts, metrics: Metrics | undefined) {
    this.metrics = metrics
    this.#describe = parts.describe
    this.#settings = readSettings(MONITORING, parts.find)
    const {disable_by_file_path: file, healthcheck_min_free_space: minFree} = this.#settings
    const isDrained = async () => file !== undefined && (await exists(file))
    this.#health = new Health({probes: listProbes({...parts, minFree}), isDrained, describe: parts.describe})
  }

  /** Prepares the monitoring. @throws Failure `usage` for an invalid setting */
  static async open(parts: MonitoredParts): Promise<Monitoring> {
    const {monitoring_bind_port: port} = readSettings(MONITORING, parts.find)
    if (port === undefined) return new Monitoring(parts, undefined)
    const {Metrics: Loaded} = await import('./metrics.js')
    return new Monitoring(parts, new Loaded())
  }

  /** Adds the health check to the resources for clients (wire/glance-25.md#healthcheck). */
  addRoute(app: FastifyInstance): void {
    const {healthcheck_detailed: isDetailed} = this.#settings
    app.all('/healthcheck', {config: {forAnyHost: true}}, async (request, reply) => {
      const {status, contentType, body} = await checkHealth(this.#health, request.headers.accept, isDetailed)
      return reply.code(status).header('content-type', contentType).send(body)
    })
  }

  /**
   * Binds the port for metrics, if there is one, and logs its URL.
   * @param predecessor the end of a process that has the port until then; what fails after it is a warning
   * @throws Failure `failed` when the port cannot be bound
   */
  async listen(counted: CountedParts, reporter: Reporter, predecessor?: Promise<void>): Promise<void> {
    const {monitoring_bind_port: port} = this.#settings
    if (port === undefined || this.metrics === undefined) return
    this.metrics.addCounts(counted)
    const bind = async () => reporter.log(`metrics on ${await this.#bind(port, this.metrics!)}/metrics`)
    if (predecessor === undefined) await bind()
    else void predecessor.then(bind).catch(error => reporter.warn(this.#describe(error)))
  }

  async #bind(port: number, metrics: Metrics): Promise<string> {
    const {monitoring_bind_host: host} = this.#settings
    const {createMonitorServer} = await import('./monitor-server.js')
    this.#server = createMonitorServer(this.#health, metrics).listen({host, port})
    await once(this.#server, 'listening').catch(error => {
      throw portFailure(
        error,
        host,
        port,
        'Choose another with monitoring_bind_host or monitoring_bind_port.',
      )
    })
    const {port: boundPort} = this.#server.address() as AddressInfo
    return `http://${toUrlHost(host)}:${boundPort}`
  }

  /** Closes the port. */
  close(): void {
    this.#server?.close()
    this.#server?.closeAllConnections()
  }
}
