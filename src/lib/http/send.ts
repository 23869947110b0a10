/** Sends requests over pooled connections. */
import type {Dispatcher} from 'undici'
import {nextTurn, readClock} from '../io/clock.js'
import {type AgentOptions, Agents, MAX_SILENCE, type Route} from './agents.js'
import type {DirectRoute} from './direct/direct-route.js'
import {Exchange, releaseBody} from './exchange.js'
import {encodeHeaderText} from './header-text.js'
import type {Reply, Request, Send} from './message.js'
import type {HttpProxy} from './proxy/proxy-from-env.js'

/** Bytes of a body that are worth a connection of its own. */
const MIN_DIRECT_BYTES = 16 * 1024 * 1024

/** Options of a transport, and the texts of its failures. */
export interface TransportOptions extends AgentOptions {
  /** Name of the peer in messages. Default: 'the Image service'. */
  readonly service?: string | undefined
  /** Origin of the address in hints, if not the command line. */
  readonly addressFrom?: string | undefined
  /** Replaces the connections, for tests. */
  readonly dispatcher?: Dispatcher | undefined
  /** The time in milliseconds, for tests. */
  readonly now?: (() => number) | undefined
}

/** A `Send` with its connections. */
export interface Transport {
  readonly send: Send
  /** Closes every connection. Idle ones do not keep the process alive, so a program may also simply end. */
  close(): Promise<void>
}

/**
 * Creates a transport; the first request loads the HTTP library.
 * `send` and the bodies of its replies fail with a `Failure`, or with the reason of the request's signal.
 */
export function createTransport(options: TransportOptions = {}): Transport {
  const {dispatcher} = options
  const agents = new Agents(options)
  let isFirst = true
  return {
    async send(request) {
      // A connection counts as free one turn after its response ended: without the wait, the next request opens another.
      if (!isFirst) await nextTurn()
      isFirst = false
      if (dispatcher) return dispatch({dispatcher}, request, options)
      return dispatch(await resolveRoute(request, agents), request, options)
    },
    async close() {
      await Promise.all([agents.close(), dispatcher?.destroy()])
    },
  }
}

async function resolveRoute(request: Request, agents: Agents): Promise<Route | DirectRoute> {
  try {
    const url = new URL(request.url)
    const isLarge = (request.expectedBytes ?? 0) >= MIN_DIRECT_BYTES
    const isDirect = isLarge && !request.signal?.aborted
    return (isDirect && (await agents.openDirect(url))) || (await agents.forUrl(url))
  } catch (error) {
    releaseBody(request, error)
    throw error
  }
}

async function dispatch(
  route: Route | DirectRoute,
  request: Request,
  {
    service = 'the Image service',
    addressFrom,
    timeoutSeconds = MAX_SILENCE,
    now = readClock,
  }: TransportOptions,
): Promise<Reply> {
  const {dispatcher, forwardProxy} = route
  const direct = 'receive' in route ? route : undefined
  const limits = {timeout: timeoutSeconds * 1000, now, direct}
  const running = new Exchange(request, service, {proxy: forwardProxy?.url, addressFrom}, limits)
  if (request.signal?.aborted) return running.cancel()
  const {origin, host, pathname, search} = new URL(request.url)
  const path = pathname + search
  const target = forwardProxy ? {origin: forwardProxy.url, path: origin + path} : {origin, path}
  const headers = {...(forwardProxy && {host, ...forwardProxy.headers}), ...toWireHeaders(request)}
  dispatcher.dispatch({...target, method: request.method, headers, body: request.body ?? null}, running)
  if (direct) void direct.dispatcher.close()
  const reply = await running.reply
  return forwardProxy && reply.status === 407 ? throwProxyError(reply, forwardProxy, host) : reply
}

/** Throws for a 407, which comes from the proxy and not from the service. */
async function throwProxyError(reply: Reply, proxy: HttpProxy, host: string): Promise<never> {
  reply.body.destroy()
  const {proxyError} = await import('./proxy/proxy-connector.js')
  throw proxyError(reply.status, proxy, host)
}

function toWireHeaders({headers = {}, contentLength}: Request): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, encodeHeaderText(value)])
  if (contentLength !== undefined) entries.push(['content-length', String(contentLength)])
  return Object.fromEntries(entries)
}
