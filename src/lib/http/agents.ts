/** One connection pool per route: direct or proxied, plain or TLS. */
import type {Client, Dispatcher} from 'undici'
import {stopBackgroundWork} from '../io/code/engine-flags.js'
import {type BuildConnector, type Connector, plainConnector} from './connector.js'
import type {DirectRoute} from './direct/direct-route.js'
import type {HttpProxy} from './proxy/proxy-from-env.js'
import type {TlsOptions} from './tls/tls-files.js'

/** Options of connections. */
export interface AgentOptions extends TlsOptions {
  /**
   * Seconds to wait for a connection, for a response once all is sent, and for each next part of either, of at least
   * 1 KiB. Never a limit for a transfer as a whole. Default: 30 for the connection, 300 for the rest. 0: no limit.
   */
  readonly timeoutSeconds?: number | undefined
  /**
   * The program ends soon: V8 then does not optimise WebAssembly in the background, which would delay the exit.
   * Sets flags of the whole process, so only a program may ask for it.
   */
  readonly shortLived?: boolean | undefined
  /**
   * Variables that name proxies (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, also in lower case) and the authorities
   * of the system (SSL_CERT_FILE). Without it no proxy is used.
   */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Largest number of connections to a server. Default: as many as there are requests at the same time. */
  readonly connections?: number | undefined
  /** Uses the proxy for this machine too. */
  readonly proxyLoopback?: boolean | undefined
}

/** Seconds to wait for a response, and for each next part of it. */
export const MAX_SILENCE = 300

/** The connection pool for a request, and the proxy that forwards it. */
export interface Route {
  readonly dispatcher: Dispatcher
  /** Forwards plain requests, and needs their whole URL. */
  readonly forwardProxy?: HttpProxy | undefined
}

/** A line of v1 metadata may be 16 KiB long and an image may have 128 properties (wire/v1.md#l32, #l34). */
const MAX_HEADER_BYTES = 4 * 1024 * 1024

const PROXY_VARIABLE = /^(https?|all)_proxy$/i

/** Creates each route on its first use, and loads the modules that it needs then. */
export class Agents {
  readonly #options: AgentOptions
  readonly #routes = new Map<string, Promise<Route>>()
  readonly #direct = new Set<Client>()
  readonly #hasProxy: boolean

  constructor(options: AgentOptions) {
    this.#options = options
    this.#hasProxy = Object.keys(options.env ?? {}).some(name => PROXY_VARIABLE.test(name))
  }

  /**
   * The route for a URL.
   * @throws Failure of kind usage for unusable TLS files and proxies
   */
  async forUrl(url: URL): Promise<Route> {
    const proxy = this.#hasProxy ? await this.#findProxy(url) : undefined
    const key = `${url.protocol} ${proxy?.url ?? ''}`
    const existing = this.#routes.get(key)
    if (existing) return existing
    const route = this.#createRoute(url.protocol === 'https:', proxy)
    this.#routes.set(key, route)
    route.catch(() => this.#routes.delete(key))
    return route
  }

  /**
   * A route for one request with a large response, which the caller closes; undefined for a URL that is not reached
   * by a plain connection.
   */
  async openDirect(url: URL): Promise<DirectRoute | undefined> {
    if (url.protocol !== 'http:' || (this.#hasProxy && (await this.#findProxy(url)))) return undefined
    const [{createDirectRoute}, {default: createClient}, {default: build}] = await Promise.all([
      import('./direct/direct-route.js'),
      import('undici/lib/dispatcher/client.js'),
      import('undici/lib/core/connect.js'),
    ])
    const connectTimeout = this.#milliseconds(30)
    const clientOptions = this.#clientOptions()
    const route = createDirectRoute(url.origin, {createClient, build, connectTimeout, clientOptions})
    this.#direct.add(route.dispatcher)
    const forget = () => this.#direct.delete(route.dispatcher)
    route.dispatcher.once('disconnect', forget).once('connectionError', forget)
    return route
  }

  /** Closes every connection, also one in use. */
  async close(): Promise<void> {
    const routes = await Promise.allSettled(this.#routes.values())
    await Promise.all([
      ...routes.map(route => route.status === 'fulfilled' && route.value.dispatcher.destroy()),
      ...Array.from(this.#direct, client => client.destroy()),
    ])
  }

  async #findProxy(url: URL): Promise<HttpProxy | undefined> {
    const {proxyFromEnv} = await import('./proxy/proxy-from-env.js')
    return proxyFromEnv(url, this.#options.env ?? {}, this.#options.proxyLoopback)
  }

  /** Loads only a third of the HTTP library, which takes 22 ms instead of 67 ms. */
  async #createRoute(secure: boolean, proxy: HttpProxy | undefined): Promise<Route> {
    const [{default: Agent}, {default: build}] = await Promise.all([
      import('undici/lib/dispatcher/agent.js'),
      import('undici/lib/core/connect.js'),
    ])
    const connect = await this.#createConnector(build, secure, proxy)
    const dispatcher = new Agent({
      connect: this.#options.shortLived ? callConnected(connect, stopBackgroundWork) : connect,
      connections: this.#options.connections ?? null,
      ...this.#clientOptions(),
    })
    return {dispatcher, forwardProxy: secure ? undefined : proxy}
  }

  /** The body of a response has a `StallGuard` in place of a limit of the HTTP library. */
  #clientOptions(): Client.Options {
    const headersTimeout = this.#milliseconds(MAX_SILENCE)
    return {headersTimeout, bodyTimeout: 0, maxHeaderSize: MAX_HEADER_BYTES}
  }

  async #createConnector(
    build: BuildConnector,
    secure: boolean,
    proxy: HttpProxy | undefined,
  ): Promise<Connector> {
    const timeout = this.#milliseconds(30)
    if (!secure && !proxy) return plainConnector(build, timeout)
    const {env = {}, insecure, cacert} = this.#options
    const options = {build, timeout, env, tls: this.#options}
    if (!proxy) return (await import('./tls/tls-connector.js')).tlsConnector(options)
    const {proxyConnector, tunnelOpener} = await import('./proxy/proxy-connector.js')
    const connectToProxy = await proxyConnector(proxy, {...options, tls: {insecure, cacert}})
    if (!secure) return connectToProxy
    const {tlsConnector} = await import('./tls/tls-connector.js')
    return tlsConnector({...options, openTunnel: tunnelOpener(proxy, connectToProxy, timeout)})
  }

  #milliseconds(fallback: number): number {
    return (this.#options.timeoutSeconds ?? fallback) * 1000
  }
}

/**
 * The connector, which calls a function when there is a connection. By then Node's modules for connections are loaded: V8 uses
 * what Node compiled of them in advance only with the flags of the start.
 */
function callConnected(connect: Connector, act: () => void): Connector {
  return (target, callback) =>
    connect(target, (...outcome) => {
      if (outcome[1] !== null) act()
      callback(...outcome)
    })
}
