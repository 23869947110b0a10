/** Sets up the web framework for a service whose bodies are images: routing, responses, errors and the log. */
import {randomUUID} from 'node:crypto'
import {type IncomingMessage, METHODS, type ServerOptions, type ServerResponse} from 'node:http'
import type {SecureContextOptions} from 'node:tls'
import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  type RouteHandlerMethod,
} from 'fastify'
import {logAccess} from './access-log.js'
import {type ConnectionTracker, trackConnections} from './connection-tracker.js'
import {withDrain} from './early-response.js'
import {renderError} from './error-body.js'
import {addCorsHeaders} from './front/cors.js'
import {Front} from './front/front.js'
import {createHostCheck} from './host-check.js'
import {HttpError} from './http-error.js'
import {expectContinue, hasBody, mayContinue} from './request-body.js'
import {MAX_HEADER_COUNT, validateRequest} from './request-limits.js'
import {takeTurns} from './request-turns.js'
import {encodeHeader} from './text.js'

/** Bytes of all headers together with the request line. */
const MAX_HEADER_BYTES = 65_536
/** Characters of a URL in the report of a defect; the access log has the whole URL. */
const MAX_REPORTED_URL = 200
/** Milliseconds without a byte after which a connection is closed. */
const IDLE_TIMEOUT = 900_000
/**
 * Milliseconds without progress after which the reader of a response is disconnected; twice as many if it took a part of the
 * last write before, because the runtime then waits once more.
 */
const READ_TIMEOUT = 120_000
/** Milliseconds for receiving the headers of a request; a body has no limit as long as bytes arrive. */
const HEADERS_TIMEOUT = 60_000

declare module 'fastify' {
  interface FastifyRequest {
    /** The URL of the service as the client addressed it, without a final slash. */
    readonly serviceUrl: string
    /** The address of the client, also with trusted proxies between; undefined for a connection that is closed. */
    readonly clientAddress: string | undefined
  }
}

/** Parts of the app that depend on the service. */
export interface AppOptions {
  /** The canonical path of a request, for routing. */
  readonly rewriteUrl: (request: IncomingMessage) => string
  /** The HTTP error for an error of a handler; undefined for a defect. */
  readonly toHttpError: (error: unknown) => HttpError | undefined
  /** Name or address to listen on. */
  readonly host: string
  readonly log: (line: string, facts: Readonly<Record<string, string | number>>) => void
  readonly warn: (line: string, facts: {readonly level: 'ERROR'; readonly request_id: string}) => void
  /** What is in front of the service; absent: nothing. */
  readonly front?: Front
  /** Certificate and key for TLS; absent: plain HTTP. */
  readonly tls?: SecureContextOptions | undefined
  /** Sees each request when it begins, and of the error of each that fails. */
  readonly watcher?: RequestWatcher | undefined
  /** Does the work of a request, whose id is given; absent: the work is done directly. */
  readonly runRequest?: ((id: string, work: () => void) => void) | undefined
  /** Milliseconds for receiving the headers of a request. */
  readonly headersTimeout?: number
  /** Milliseconds without progress after which the reader of a response is disconnected. */
  readonly readTimeout?: number
}

/** Counts requests and errors. */
export interface RequestWatcher {
  watchRequest(request: FastifyRequest, reply: FastifyReply): void
  watchError(error: unknown): void
}

/** The framework, and the connections of its server. */
export interface App {
  readonly fastify: FastifyInstance
  readonly connections: ConnectionTracker
}

/** Creates the framework without routes. It reads no bodies: handlers read `request.raw` themselves. */
export function createApp(options: AppOptions): App {
  const {front = new Front()} = options
  const app = fastify({
    logger: false,
    ...toServerOptions(options),
    connectionTimeout: IDLE_TIMEOUT,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: {maxParamLength: MAX_HEADER_BYTES},
    genReqId: () => `req-${randomUUID()}`,
    rewriteUrl: options.rewriteUrl,
    clientErrorHandler: (error, socket) => connections.onClientError(error, socket),
  })
  const connections = trackConnections(app.server)
  takeTurns(app.server)
  for (const method of METHODS) app.addHttpMethod(method, {hasBody: false, overrideExisting: true})
  supportLegacyClients(app)
  app.decorateRequest('serviceUrl', {
    getter() {
      return front.findUrl(this.raw)
    },
  })
  app.decorateRequest('clientAddress', {
    getter() {
      return front.findClient(this.raw)
    },
  })
  app.addHook('onRoute', route => {
    route.handler = trackHandler(route.handler, connections)
  })
  const {runRequest} = options
  if (runRequest) app.addHook('onRequest', (request, _reply, done) => runRequest(request.id, done))
  const check = createCheck(app, front, options.host)
  app.addHook('onRequest', async (request, reply) => {
    connections.begin(request.raw, reply.raw)
    request.raw.socket.setTimeout(IDLE_TIMEOUT)
    options.watcher?.watchRequest(request, reply)
    logAccess(request, reply, front, options.log)
    reply.header('x-openstack-request-id', request.id)
    return check(request, reply)
  })
  app.addHook('onSend', async (request, reply, payload) => {
    if (!app.server.listening) reply.header('connection', 'close')
    request.raw.socket.setTimeout(options.readTimeout ?? READ_TIMEOUT)
    return drainBeforeClose(request, reply, payload)
  })
  handleErrors(app, options)
  return {fastify: app, connections}
}

/** Converts errors of handlers to responses, those for unknown paths too. */
function handleErrors(app: FastifyInstance, {toHttpError, warn, watcher}: AppOptions): void {
  app.setNotFoundHandler(() => {
    throw new HttpError(404)
  })
  app.setErrorHandler((error, request, reply) => {
    const clientError = toClientError(error)
    watcher?.watchError(clientError ?? error)
    const known = toHttpError(error) ?? clientError
    return sendError(known ?? reportDefect(error, request, warn), request, reply)
  })
}

/** The options of Node's server, which has TLS of its own if there is a certificate. */
function toServerOptions({headersTimeout: timeout = HEADERS_TIMEOUT, tls}: AppOptions) {
  const limits: ServerOptions = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: timeout,
    connectionsCheckingInterval: timeout / 2,
  }
  if (tls === undefined) return {http: limits}
  // The framework has another type for such an instance, which differs in the class of the server only.
  return {https: {...limits, ...tls}} as unknown as {http: ServerOptions}
}

/** Creates the check of a request before it is routed, which answers preflights of allowed pages. */
function createCheck(app: FastifyInstance, front: Front, listenHost: string) {
  const {cors} = front
  const checkHost = createHostCheck(app.server, {listenHost, ...front.names})
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const isPreflight = cors !== undefined && addCorsHeaders(cors, request, reply)
    if (!request.routeOptions.config.forAnyHost) checkHost(request.raw)
    validateRequest(request, reply)
    return isPreflight ? reply.code(204).send() : undefined
  }
}

/** Reports a handler to the tracker while it runs. */
function trackHandler(handler: RouteHandlerMethod, connections: ConnectionTracker): RouteHandlerMethod {
  return function trackedHandler(request, reply) {
    const result: unknown = handler.call(this, request, reply)
    if (result instanceof Promise) connections.track(result)
    return result
  }
}

/**
 * Supports clients that wait for `100 Continue` (wire/v1.md#f73) or close their sending side early (wire/v1.md#j3), and
 * lets `validateRequest` see that there are too many headers.
 */
function supportLegacyClients(app: FastifyInstance): void {
  // One more than is allowed, because the runtime silently drops further ones.
  Object.assign(app.server, {httpAllowHalfOpen: true, maxHeadersCount: MAX_HEADER_COUNT + 1})
  app.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    expectContinue(request, response)
    app.server.emit('request', request, response)
  })
}

/** Keeps a response to an incomplete request open until the client stops sending. */
function drainBeforeClose(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  removeCharset(reply)
  const isBuffered = payload === undefined || payload === null || typeof payload === 'string'
  if (!isBuffered || !hasBody(request.raw) || !mayContinue(request.raw)) {
    return typeof payload === 'string' ? Buffer.from(payload) : payload
  }
  const body = Buffer.from(payload ?? '')
  reply.header('connection', 'close').header('content-length', body.length)
  return withDrain(body, request.raw)
}

/** Removes the charset from JSON types: old clients compare the whole type (wire/v1.md#c1). */
function removeCharset(reply: FastifyReply): void {
  const type = String(reply.getHeader('content-type') ?? '')
  if (type.startsWith('application/json;')) reply.header('content-type', 'application/json')
}

/** Sends an error; without a body to HEAD, as text/plain except for a wrong method (wire/v1.md#e8, #b3). */
function sendError(error: HttpError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const accept = request.method === 'HEAD' && error.status !== 405 ? undefined : request.headers.accept
  const page = renderError(error, accept)
  for (const [name, value] of Object.entries(error.headers)) reply.header(name, encodeHeader(value))
  reply.raw.statusMessage = error.title
  reply.code(error.status).header('content-type', page.contentType)
  return request.method === 'HEAD' ? reply.header('content-length', 0).send() : reply.send(page.body)
}

/** Converts an error by which the framework rejects a request. */
function toClientError(error: unknown): HttpError | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined
  const status = Number(error.statusCode)
  return status >= 400 && status < 500 ? new HttpError(status, {explanation: error.message}) : undefined
}

function reportDefect(error: unknown, request: FastifyRequest, warn: AppOptions['warn']): HttpError {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const url =
    request.url.length > MAX_REPORTED_URL ? `${request.url.slice(0, MAX_REPORTED_URL)}...` : request.url
  warn(`${request.method} ${url} failed: ${stack}`, {level: 'ERROR', request_id: request.id})
  return new HttpError(500)
}
