/** A read-only store on web servers. */
import http, {type ClientRequest, type IncomingMessage} from 'node:http'
import https from 'node:https'
import {createLookup, type FetchPolicy, requireAllowedHost, requireAllowedUrl} from './fetch-policy.js'
import {RangeSlice} from './range-slice.js'
import {redactUrl} from './redact-url.js'
import {
  type ByteRange,
  type DataStream,
  type RemoteStore,
  StoreForbidden,
  StoreMissing,
  StoreUnreachable,
} from './store.js'

/** Limits of an `HttpStore`; absent ones have defaults. */
export interface HttpStoreOptions {
  /** Milliseconds for establishing a connection. */
  readonly connectTimeout?: number
  /** Milliseconds without receiving anything after which a transfer fails. */
  readonly idleTimeout?: number
  /** Milliseconds in which at least `minBytes` must arrive; in the first of them, the response. */
  readonly paceTimeout?: number
  readonly minBytes?: number
  readonly maxRedirects?: number
}

type HttpLimits = Required<HttpStoreOptions> & {readonly policy: FetchPolicy}

const DEFAULT_LIMITS = {
  connectTimeout: 10_000,
  idleTimeout: 60_000,
  paceTimeout: 120_000,
  minBytes: 131_072,
  maxRedirects: 5,
}

type Method = 'GET' | 'HEAD'

/** A request, which is the same for all hops of a redirect chain. */
interface WebRequest {
  readonly method: Method
  readonly headers: {readonly range?: string}
  /** Ends the wait for a response. */
  readonly signal?: AbortSignal | undefined
}

const NOT_FOUND: ReadonlySet<number | undefined> = new Set([404, 410])
const REDIRECTS: ReadonlySet<number | undefined> = new Set([301, 302, 303, 307, 308])

/** The `RemoteStore` contract over HTTP and HTTPS. */
export class HttpStore implements RemoteStore {
  readonly schemes = ['http', 'https']
  readonly #limits: HttpLimits

  /** @param policy rules for every hop of a redirect chain */
  constructor(policy: FetchPolicy, options: HttpStoreOptions = {}) {
    this.#limits = {...DEFAULT_LIMITS, ...options, policy}
  }

  /** Fetches the location; skips to the range if the server ignores `Range`. */
  async get(location: string, range?: ByteRange, signal?: AbortSignal): Promise<DataStream> {
    const headers = range === undefined ? {} : {range: `bytes=${range.first}-${range.last}`}
    const reply = await this.#fetch(location, {method: 'GET', headers, signal})
    if (range === undefined) return {data: reply, size: contentLength(reply)}
    if (reply.statusCode === 206) return {data: reply, size: totalLength(reply)}
    const data = reply.pipe(new RangeSlice(range))
    reply.on('error', error => data.destroy(error))
    data.on('end', () => reply.destroy()).on('close', () => reply.destroy())
    return {data, size: contentLength(reply)}
  }

  /** Sends HEAD, and GET to a server that refuses HEAD or reports no length. */
  async getSize(location: string): Promise<number> {
    const size = (await this.#requestSize('HEAD', location)) ?? (await this.#requestSize('GET', location))
    if (size === undefined) throw new StoreUnreachable(`${redactUrl(location)} does not report its size`)
    return size
  }

  async check(location: string): Promise<void> {
    const url = parseWebUrl(location)
    requireAllowedUrl(url, this.#limits.policy)
    await requireAllowedHost(url, this.#limits.policy)
  }

  async #requestSize(method: Method, location: string): Promise<number | undefined> {
    try {
      const reply = await this.#fetch(location, {method, headers: {}})
      reply.destroy()
      return contentLength(reply)
    } catch (error) {
      if (method === 'HEAD' && error instanceof UnexpectedStatus) return undefined
      throw error
    }
  }

  async #fetch(location: string, request: WebRequest): Promise<IncomingMessage> {
    const reply = await this.#follow(location, request)
    if (reply.statusCode === 200 || (request.headers.range && reply.statusCode === 206)) return reply
    reply.destroy()
    if (NOT_FOUND.has(reply.statusCode)) throw new StoreMissing(`nothing found at ${redactUrl(location)}`)
    throw new UnexpectedStatus(`${redactUrl(location)} answered ${reply.statusCode}`)
  }

  async #follow(location: string, request: WebRequest): Promise<IncomingMessage> {
    let url = parseWebUrl(location)
    for (let hops = 0; hops <= this.#limits.maxRedirects; hops++) {
      requireAllowedUrl(url, this.#limits.policy)
      const reply = await send(url, request, this.#limits)
      const {location: next} = reply.headers
      if (!REDIRECTS.has(reply.statusCode) || next === undefined) return reply
      reply.destroy()
      url = parseWebUrl(next, url)
    }
    throw new StoreUnreachable(`${redactUrl(location)} redirects too often`)
  }
}

class UnexpectedStatus extends StoreUnreachable {}

function send(url: URL, {method, headers, signal}: WebRequest, limits: HttpLimits): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const {request} = url.protocol === 'https:' ? https : http
    // No agent: the server may close a kept connection just as it is used again.
    const lookup = createLookup(limits.policy)
    const outgoing = request(url, {method, headers, agent: false, timeout: limits.idleTimeout, lookup})
    const onTimeout = () => outgoing.destroy(new Error(`no connection within ${limits.connectTimeout} ms`))
    const timer = setTimeout(onTimeout, limits.connectTimeout)
    outgoing.once('socket', socket => socket.once('connect', () => clearTimeout(timer)))
    outgoing.once('close', () => clearTimeout(timer))
    outgoing.on('error', error => reject(toUnreachable(url, error)))
    outgoing.once('response', reply => {
      clearTimeout(timer)
      resolve(reply)
    })
    if (signal) endWith(signal, outgoing)
    watchIdle(outgoing, url, limits.idleTimeout)
    watchPace(outgoing, url, limits)
    outgoing.end()
  })
}

/** Ends a request that waits for its response. */
function endWith(signal: AbortSignal, outgoing: ClientRequest): void {
  const end = () => outgoing.destroy(new Error('the service stops'))
  if (signal.aborted) return void end()
  signal.addEventListener('abort', end)
  for (const event of ['response', 'close']) {
    outgoing.once(event, () => signal.removeEventListener('abort', end))
  }
}

/** Ends an exchange without incoming data, unless received data still waits for a slow reader. */
function watchIdle(outgoing: ClientRequest, url: URL, idleTimeout: number): void {
  let reply: IncomingMessage | undefined
  outgoing.once('response', response => {
    reply = response
  })
  outgoing.on('timeout', () => {
    if (reply !== undefined && reply.readableLength > 0) outgoing.setTimeout(idleTimeout)
    else (reply ?? outgoing).destroy(toUnreachable(url, new Error(`received nothing for ${idleTimeout} ms`)))
  })
}

/** Ends an exchange that is too slow to come to an end, unless received data still waits for a slow reader. */
function watchPace(outgoing: ClientRequest, url: URL, {paceTimeout, minBytes}: HttpLimits): void {
  let reply: IncomingMessage | undefined
  let before = 0
  const timer = setInterval(() => {
    const received = outgoing.socket?.bytesRead ?? 0
    const isSlow = received - before < minBytes
    before = received
    if (reply === undefined) outgoing.destroy(new Error(`no response within ${paceTimeout} ms`))
    else if (isSlow && reply.readableLength === 0) {
      const cause = new Error(`received less than ${minBytes} bytes in ${paceTimeout} ms`)
      reply.destroy(toUnreachable(url, cause))
    }
  }, paceTimeout)
  outgoing.once('response', response => {
    reply = response
  })
  outgoing.once('close', () => clearInterval(timer))
}

function toUnreachable(url: URL, cause: Error): Error {
  if (cause instanceof StoreUnreachable || cause instanceof StoreForbidden) return cause
  return new StoreUnreachable(`cannot read ${redactUrl(url)}: ${cause.message}`, {cause})
}

function parseWebUrl(location: string, base?: URL): URL {
  const url = URL.canParse(location, base?.href) ? new URL(location, base) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new StoreUnreachable(`${redactUrl(location)} is not a web address`)
}

/** Bytes of the whole resource, for a partial response. */
function totalLength(reply: IncomingMessage): number | undefined {
  return parseLength(/\/(\d+)$/.exec(reply.headers['content-range'] ?? '')?.[1])
}

function contentLength(reply: IncomingMessage): number | undefined {
  return parseLength(reply.headers['content-length'])
}

/** Undefined for anything but an exact number of bytes. */
function parseLength(text: string | undefined): number | undefined {
  const count = text === undefined ? Number.NaN : Number(text)
  return Number.isSafeInteger(count) ? count : undefined
}
