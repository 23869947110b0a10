/** Sends requests over connections that are kept and reused. */
import {setImmediate} from 'node:timers/promises'
import type {Dispatcher} from 'undici'
import {Exchange, letGo} from './exchange.js'
import {headerBytes} from './header-text.js'
import type {Reply, Request, Send} from './message.js'
import type {HttpProxy} from './proxy.js'
import {type Way, type WayOptions, Ways} from './ways.js'

export interface TransportOptions extends WayOptions {
  /** What is at the other end, for the messages of failures. Default: 'the Image service'. */
  readonly service?: string | undefined
  /** Where its address comes from, for the advice of failures, if not from the command line. */
  readonly addressFrom?: string | undefined
  /** Replaces the connections, for tests. */
  readonly dispatcher?: Dispatcher | undefined
}

export interface Transport {
  readonly send: Send
  /** Drops every connection. Idle ones do not keep the process alive, so a program may also simply end. */
  close(): Promise<void>
}

/**
 * The transport; the HTTP library is loaded by the first request.
 * `send` and the bodies of its replies fail with a `Failure`, or with the reason of the request's signal.
 */
export function createTransport(options: TransportOptions = {}): Transport {
  const {dispatcher} = options
  const ways = new Ways(options)
  let isFirst = true
  return {
    async send(request) {
      // A connection counts as free one turn after its answer ended: without the wait, the next request opens another.
      if (!isFirst) await setImmediate()
      isFirst = false
      const way = dispatcher ? {dispatcher} : await wayOf(request, ways)
      return exchange(way, request, options)
    },
    async close() {
      await Promise.all([ways.close(), dispatcher?.destroy()])
    },
  }
}

async function wayOf(request: Request, ways: Ways): Promise<Way> {
  try {
    return await ways.to(new URL(request.url))
  } catch (error) {
    letGo(request, error)
    throw error
  }
}

async function exchange(
  {dispatcher, forwarder}: Way,
  request: Request,
  {service = 'the Image service', addressFrom}: TransportOptions,
): Promise<Reply> {
  const running = new Exchange(request, service, {proxy: forwarder?.url, addressFrom})
  if (request.signal?.aborted) return running.refuse()
  const {origin, host, pathname, search} = new URL(request.url)
  const path = pathname + search
  const target = forwarder ? {origin: forwarder.url, path: origin + path} : {origin, path}
  const headers = {...(forwarder && {host, ...forwarder.headers}), ...wireHeaders(request)}
  dispatcher.dispatch({...target, method: request.method, headers, body: request.body ?? null}, running)
  const reply = await running.reply
  return forwarder && reply.status === 407 ? refused(reply, forwarder, host) : reply
}

/** The proxy wants to know who we are: that is no answer of the service. */
async function refused(reply: Reply, proxy: HttpProxy, host: string): Promise<never> {
  reply.body.destroy()
  const {refusal} = await import('./proxy-connect.js')
  throw refusal(reply.status, proxy, host)
}

function wireHeaders({headers = {}, contentLength}: Request): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, headerBytes(value)])
  if (contentLength !== undefined) entries.push(['content-length', String(contentLength)])
  return Object.fromEntries(entries)
}
