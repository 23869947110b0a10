/** The metrics of the service for Prometheus. Labels have few values: never ids, names of images or users. */
import type {Socket} from 'node:net'
import type {FastifyReply, FastifyRequest} from 'fastify'
import prom from 'prom-client'
import {HttpError} from '../http/http-error.js'
import {BodyAborted} from '../http/request-body.js'
import {ServiceError} from '../images/errors.js'
import type {Registry} from '../registry/registry.js'
import type {ReadableStore} from '../stores/store.js'
import {type EndedCall, watchCalls} from '../stores/watch/watch-calls.js'

/** What is counted when metrics are read. */
export interface CountedParts {
  readonly registry: Pick<Registry, 'countBacklog' | 'countEvents'>
  /** Uploads and jobs of this process. */
  readonly uploads: {readonly runningCount: number}
  readonly queue: {readonly runningCount: number}
}

/** Seconds of a request or a call: from a look-up to the transfer of a large image. */
const BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60, 600]
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Counts requests, errors and calls of one service. */
export class Metrics {
  readonly #registers = [new prom.Registry()]
  readonly #requests = this.#counter('http_requests', 'Requests', ['method', 'route', 'status'])
  readonly #durations = this.#histogram('http_request_duration', 'Duration of requests', ['method', 'route'])
  readonly #received = this.#counter('http_received_bytes', 'Bytes received from clients')
  readonly #sent = this.#counter('http_sent_bytes', 'Bytes sent to clients')
  readonly #open = this.#gauge('http_requests_in_progress', 'Requests in progress')
  readonly #errors = this.#counter('errors', 'Errors of requests by kind', ['kind'])
  readonly #registryCalls = this.#histogram('registry_call_duration', 'Calls of the registry', [
    'call',
    'outcome',
  ])
  readonly #storeCalls = this.#histogram('store_call_duration', 'Calls of stores', [
    'store',
    'call',
    'outcome',
  ])
  /** Bytes of connections that were counted already. */
  readonly #counted = new WeakMap<Socket, {read: number; written: number}>()

  constructor() {
    prom.collectDefaultMetrics({register: this.#register})
  }

  get #register(): prom.Registry {
    return this.#registers[0]!
  }

  /** The format of the text. */
  get contentType(): string {
    return this.#register.contentType
  }

  /** All metrics as text. */
  read(): Promise<string> {
    return this.#register.metrics()
  }

  /** Counts a request when its response has ended or its connection has closed. */
  watchRequest(request: FastifyRequest, reply: FastifyReply): void {
    const startedAt = performance.now()
    const {socket} = request.raw
    this.#open.inc()
    reply.raw.once('close', () => {
      const method = METHODS.has(request.method) ? request.method : 'other'
      const route = request.routeOptions.url ?? 'none'
      const status = reply.raw.headersSent ? reply.raw.statusCode : 'none'
      this.#open.dec()
      this.#requests.inc({method, route, status})
      this.#durations.observe({method, route}, (performance.now() - startedAt) / 1000)
      this.#countBytes(socket)
    })
  }

  /** Counts the error of a request by the code of the service, or the status of the response. */
  watchError(error: unknown): void {
    this.#errors.inc({kind: toKind(error)})
  }

  /** The registry, whose calls are timed. */
  watchRegistry(registry: Registry): Registry {
    return watchCalls(registry, call => this.#registryCalls.observe(...timeCall({}, call)))
  }

  /** The store, whose calls are timed. @param name of the store */
  watchStore<S extends ReadableStore>(store: S, name: string): S {
    return watchCalls(store, call => this.#storeCalls.observe(...timeCall({store: name}, call)))
  }

  /** Adds what is counted when metrics are read. What cannot be counted then is shown as NaN. */
  addCounts({registry, uploads, queue}: CountedParts): void {
    const add = (name: string, help: string, read: () => number | Promise<number>) =>
      this.#gauge(name, help, async () => read())
    add('uploads_in_progress', 'Uploads, imports and copies that store data', () => uploads.runningCount)
    add('jobs_running', 'Jobs that this process runs', () => queue.runningCount)
    add(
      'jobs_waiting',
      'Jobs in the registry that wait',
      async () => (await registry.countBacklog()).waitingJobs,
    )
    add(
      'unused_data',
      'Unused data that is not deleted yet',
      async () => (await registry.countBacklog()).unusedData,
    )
    add('events_waiting', 'Events in the registry that were not sent yet', () => registry.countEvents())
  }

  #countBytes(socket: Socket): void {
    const {bytesRead: read, bytesWritten: written} = socket
    const before = this.#counted.get(socket) ?? {read: 0, written: 0}
    this.#counted.set(socket, {read, written})
    this.#received.inc(Math.max(0, read - before.read))
    this.#sent.inc(Math.max(0, written - before.written))
  }

  #counter(name: string, help: string, labelNames: string[] = []): prom.Counter {
    return new prom.Counter({name: `glance_${name}_total`, help, labelNames, registers: this.#registers})
  }

  #histogram(name: string, help: string, labelNames: string[]): prom.Histogram {
    const registers = this.#registers
    return new prom.Histogram({name: `glance_${name}_seconds`, help, labelNames, buckets: BUCKETS, registers})
  }

  /** @param read returns the value when metrics are read; absent: it is set elsewhere */
  #gauge(name: string, help: string, read?: () => Promise<number>): prom.Gauge {
    const registers = this.#registers
    const collect = async () => {
      gauge.set(await read!().catch(() => Number.NaN))
    }
    const gauge: prom.Gauge = new prom.Gauge({
      name: `glance_${name}`,
      help,
      registers,
      ...(read && {collect}),
    })
    return gauge
  }
}

function timeCall(labels: Record<string, string>, call: EndedCall): [Record<string, string>, number] {
  const outcome = 'error' in call ? 'error' : 'done'
  return [{...labels, call: call.method, outcome}, call.milliseconds / 1000]
}

function toKind(error: unknown): string {
  if (error instanceof ServiceError) return error.code
  if (error instanceof BodyAborted) return 'body-aborted'
  if (error instanceof HttpError)
    return error.cause === undefined ? `http-${error.status}` : toKind(error.cause)
  return 'defect'
}
