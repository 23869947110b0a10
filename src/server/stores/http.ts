/** Foreign web servers as a store that is only read. */
import http, {type ClientRequest, type IncomingMessage} from 'node:http'
import https from 'node:https'
import {lookupWithin, type Reach, requireReachable, requireReachableName} from './reachable.js'
import {Slice} from './slice.js'
import {
  type ByteRange,
  type ForeignStore,
  StoreForbidden,
  StoreMissing,
  StoreUnreachable,
  type Stream,
} from './store.js'

export interface HttpStoreOptions {
  /** Milliseconds until a connection must stand. */
  readonly connectTimeout?: number
  /** Milliseconds in which at least something must arrive. */
  readonly idleTimeout?: number
  readonly maxRedirects?: number
}

type Limits = Required<HttpStoreOptions> & {readonly reach: Reach}

type Method = 'GET' | 'HEAD'

const GONE: ReadonlySet<number | undefined> = new Set([404, 410])
const REDIRECTS: ReadonlySet<number | undefined> = new Set([301, 302, 303, 307, 308])

export class HttpStore implements ForeignStore {
  readonly schemes = ['http', 'https']
  readonly #options: Limits

  /** @param reach where it may fetch from, by whatever redirects it gets there */
  constructor(reach: Reach, options: HttpStoreOptions = {}) {
    this.#options = {connectTimeout: 10_000, idleTimeout: 60_000, maxRedirects: 5, ...options, reach}
  }

  async get(location: string, range?: ByteRange): Promise<Stream> {
    const reply = await this.#fetch('GET', location, range)
    if (range === undefined) return {data: reply, size: lengthOf(reply)}
    if (reply.statusCode === 206) return {data: reply, size: wholeOf(reply)}
    const data = reply.pipe(new Slice(range))
    reply.on('error', error => data.destroy(error))
    data.on('end', () => reply.destroy()).on('close', () => reply.destroy())
    return {data, size: lengthOf(reply)}
  }

  /** Asks with HEAD; with GET where a server refuses that or keeps the length to itself. */
  async sizeOf(location: string): Promise<number> {
    const size = (await this.#askSize('HEAD', location)) ?? (await this.#askSize('GET', location))
    if (size === undefined) throw new StoreUnreachable(`${shown(location)} does not tell its size`)
    return size
  }

  async check(location: string): Promise<void> {
    const url = webAddress(location)
    requireReachable(url, this.#options.reach)
    await requireReachableName(url, this.#options.reach)
  }

  async #askSize(method: Method, location: string): Promise<number | undefined> {
    try {
      const reply = await this.#fetch(method, location)
      reply.destroy()
      return lengthOf(reply)
    } catch (error) {
      if (method === 'HEAD' && error instanceof UnexpectedStatus) return undefined
      throw error
    }
  }

  async #fetch(method: Method, location: string, range?: ByteRange): Promise<IncomingMessage> {
    const reply = await this.#follow(method, location, range)
    if (reply.statusCode === 200 || (range && reply.statusCode === 206)) return reply
    reply.destroy()
    if (GONE.has(reply.statusCode)) throw new StoreMissing(`There is nothing at ${shown(location)}`)
    throw new UnexpectedStatus(`${shown(location)} answered ${reply.statusCode}`)
  }

  async #follow(method: Method, location: string, range?: ByteRange): Promise<IncomingMessage> {
    const headers = range === undefined ? {} : {range: `bytes=${range.first}-${range.last}`}
    let url = webAddress(location)
    for (let hops = 0; hops <= this.#options.maxRedirects; hops++) {
      requireReachable(url, this.#options.reach)
      const reply = await send(method, url, headers, this.#options)
      const {location: next} = reply.headers
      if (!REDIRECTS.has(reply.statusCode) || next === undefined) return reply
      reply.destroy()
      url = webAddress(next, url)
    }
    throw new StoreUnreachable(`${shown(location)} redirects too often`)
  }
}

class UnexpectedStatus extends StoreUnreachable {}

function send(
  method: Method,
  url: URL,
  headers: Readonly<Record<string, string>>,
  limits: Limits,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const {request} = url.protocol === 'https:' ? https : http
    // No agent: a connection that was kept may be closed by the other side while we ask again.
    const lookup = lookupWithin(limits.reach)
    const asked = request(url, {method, headers, agent: false, timeout: limits.idleTimeout, lookup})
    const late = () => asked.destroy(new Error(`no connection within ${limits.connectTimeout} ms`))
    const timer = setTimeout(late, limits.connectTimeout)
    asked.once('socket', socket => socket.once('connect', () => clearTimeout(timer)))
    asked.once('close', () => clearTimeout(timer))
    asked.on('error', error => reject(unreachable(url, error)))
    asked.once('response', reply => {
      clearTimeout(timer)
      resolve(reply)
    })
    watch(asked, url, limits.idleTimeout)
    asked.end()
  })
}

/** Ends a silent exchange, but not one whose reader is the slow side. */
function watch(asked: ClientRequest, url: URL, idleTimeout: number): void {
  let reply: IncomingMessage | undefined
  asked.once('response', response => {
    reply = response
  })
  asked.on('timeout', () => {
    if (reply !== undefined && reply.readableLength > 0) asked.setTimeout(idleTimeout)
    else (reply ?? asked).destroy(unreachable(url, new Error(`nothing came for ${idleTimeout} ms`)))
  })
}

function unreachable(url: URL, cause: Error): Error {
  if (cause instanceof StoreUnreachable || cause instanceof StoreForbidden) return cause
  return new StoreUnreachable(`Cannot read ${shown(url)}: ${cause.message}`, {cause})
}

function webAddress(location: string, from?: URL): URL {
  const url = URL.canParse(location, from?.href) ? new URL(location, from) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new StoreUnreachable(`${shown(location)} is no web address`)
}

/** Bytes of the whole that the reply is a part of. */
function wholeOf(reply: IncomingMessage): number | undefined {
  return countOf(/\/(\d+)$/.exec(reply.headers['content-range'] ?? '')?.[1])
}

function lengthOf(reply: IncomingMessage): number | undefined {
  return countOf(reply.headers['content-length'])
}

/** What is no exact number of bytes tells nothing. */
function countOf(text: string | undefined): number | undefined {
  const count = text === undefined ? Number.NaN : Number(text)
  return Number.isSafeInteger(count) ? count : undefined
}

/** Without what may be secret: a password, or the signature in a query. */
function shown(location: string | URL): string {
  if (!URL.canParse(String(location))) return 'The location'
  const {protocol, host, pathname} = new URL(location)
  return `${protocol}//${host}${pathname}`
}
