/** The web framework, set up for a service whose bodies are images: routing, answers, errors and the log. */
import {randomUUID} from 'node:crypto'
import {type IncomingMessage, METHODS, type ServerOptions, type ServerResponse} from 'node:http'
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
import {createHostCheck} from './host-check.js'
import {HttpError} from './http-error.js'
import {expectContinue, hasBody, mayContinue} from './request-body.js'
import {MAX_HEADER_COUNT, validateRequest} from './request-limits.js'
import {encodeHeader} from './text.js'

/** Bytes of all headers together, the request line among them. */
const MAX_HEADER_BYTES = 65_536
/** Characters of a URL in the report of a defect; the access log has all of it. */
const MAX_REPORTED_URL = 200
/** Milliseconds without a byte after which a connection is given up. */
const IDLE_TIMEOUT = 900_000
/** Milliseconds until the headers of a request must have come; a body may take its time as long as it moves. */
const HEADERS_TIMEOUT = 60_000

export interface AppOptions {
  /** Canonical path of a request, before it is routed. */
  readonly rewriteUrl: (request: IncomingMessage) => string
  /** The answer to an error; undefined for a defect. */
  readonly toHttpError: (error: unknown) => HttpError | undefined
  /** Name or address it is told to listen on. */
  readonly host: string
  readonly log: (line: string) => void
  readonly warn: (line: string) => void
  /** Milliseconds until the headers of a request must have come. */
  readonly headersTimeout?: number
}

export interface App {
  readonly fastify: FastifyInstance
  readonly connections: ConnectionTracker
}

/** A framework without routes. No body is ever read by it: routes read `request.raw` when they want it. */
export function createApp(options: AppOptions): App {
  const app = fastify({
    logger: false,
    http: headerLimits(options.headersTimeout ?? HEADERS_TIMEOUT),
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
  for (const method of METHODS) app.addHttpMethod(method, {hasBody: false, overrideExisting: true})
  supportLegacyClients(app)
  const checkHost = createHostCheck(app.server, options.host)
  app.addHook('onRoute', route => {
    route.handler = trackHandler(route.handler, connections)
  })
  app.addHook('onRequest', async (request, reply) => {
    connections.begin(request.raw, reply.raw)
    logAccess(request, reply, options.log)
    reply.header('x-openstack-request-id', request.id)
    checkHost(request.raw)
    validateRequest(request, reply)
  })
  app.addHook('onSend', async (request, reply, payload) => {
    if (!app.server.listening) reply.header('connection', 'close')
    return drainBeforeClose(request, reply, payload)
  })
  app.setNotFoundHandler(() => {
    throw new HttpError(404)
  })
  app.setErrorHandler((error, request, reply) => {
    const known = options.toHttpError(error) ?? toClientError(error)
    return sendError(known ?? reportDefect(error, request, options.warn), request, reply)
  })
  return {fastify: app, connections}
}

function headerLimits(timeout: number): ServerOptions {
  return {maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: timeout, connectionsCheckingInterval: timeout / 2}
}

/** The handler, known to the tracker as long as it works. */
function trackHandler(handler: RouteHandlerMethod, connections: ConnectionTracker): RouteHandlerMethod {
  return function trackedHandler(request, reply) {
    const result: unknown = handler.call(this, request, reply)
    if (result instanceof Promise) connections.track(result)
    return result
  }
}

/**
 * Those that wait for `100 Continue` (wire/v1.md#f73), close their sending side early (wire/v1.md#j3), or send
 * headers without number.
 */
function supportLegacyClients(app: FastifyInstance): void {
  // One more header than may be: the runtime leaves out what is beyond.
  Object.assign(app.server, {httpAllowHalfOpen: true, maxHeadersCount: MAX_HEADER_COUNT + 1})
  app.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    expectContinue(request, response)
    app.server.emit('request', request, response)
  })
}

/** An answer that comes before the whole request did ends only when the client stops sending. */
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

/** JSON is UTF-8 by definition, and old clients compare the whole type (wire/v1.md#c1). */
function removeCharset(reply: FastifyReply): void {
  const type = String(reply.getHeader('content-type') ?? '')
  if (type.startsWith('application/json;')) reply.header('content-type', 'application/json')
}

/** HEAD gets no body, and says text/plain except for a wrong method (wire/v1.md#e8, #b3). */
function sendError(error: HttpError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const accept = request.method === 'HEAD' && error.status !== 405 ? undefined : request.headers.accept
  const page = renderError(error, accept)
  for (const [name, value] of Object.entries(error.headers)) reply.header(name, encodeHeader(value))
  reply.raw.statusMessage = error.title
  reply.code(error.status).header('content-type', page.contentType)
  return request.method === 'HEAD' ? reply.header('content-length', 0).send() : reply.send(page.body)
}

/** What the framework itself found wrong with a request. */
function toClientError(error: unknown): HttpError | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined
  const status = Number(error.statusCode)
  return status >= 400 && status < 500 ? new HttpError(status, {explanation: error.message}) : undefined
}

function reportDefect(error: unknown, request: FastifyRequest, warn: (line: string) => void): HttpError {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const url =
    request.url.length > MAX_REPORTED_URL ? `${request.url.slice(0, MAX_REPORTED_URL)}...` : request.url
  warn(`${request.id} ${request.method} ${url} failed: ${stack}`)
  return new HttpError(500)
}
