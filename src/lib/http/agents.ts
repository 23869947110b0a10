/** The ways to servers: straight or by a proxy, plain or with TLS, each with connections of its own. */
import {setFlagsFromString} from 'node:v8'
import type {Dispatcher} from 'undici'
import {type BuildConnector, type Connector, plainConnector} from './connector.js'
import type {HttpProxy} from './proxy/proxy-from-env.js'
import type {TlsOptions} from './tls/tls-files.js'

export interface AgentOptions extends TlsOptions {
  /**
   * Seconds to wait for a connection, for an answer once all is sent, and for each next part of either.
   * Never a limit for a transfer as a whole. Default: 30 for the connection, 300 for the rest. 0: wait for ever.
   */
  readonly timeoutSeconds?: number | undefined
  /**
   * The program ends soon after: the engine then does not optimise in the background what is used once, which would hold up the
   * exit. Changes flags of the whole process, so only a program may ask for it.
   */
  readonly shortLived?: boolean | undefined
  /**
   * Where proxies (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, also in lower case) and the authorities of the system
   * (SSL_CERT_FILE) are named. Without it there is no proxy.
   */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** This machine is reached by the proxy too. */
  readonly proxyLoopback?: boolean | undefined
}

/** What a request travels by. */
export interface Route {
  readonly dispatcher: Dispatcher
  /** Passes requests on, and must be given their whole URL. */
  readonly forwardProxy?: HttpProxy | undefined
}

/** A line of v1 metadata may be 16 KiB long and an image may have 128 properties (wire/v1.md#l32, #l34). */
const MAX_HEADER_BYTES = 4 * 1024 * 1024

/** WebAssembly as it is compiled at first. `--liftoff-only` says the same, but later engines follow it only at their start. */
const NO_WASM_OPTIMISATION = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']

const PROXY_VARIABLE = /^(https?|all)_proxy$/i

/** Opens ways when they are first asked for; everything that a way needs is loaded then. */
export class Agents {
  readonly #options: AgentOptions
  readonly #routes = new Map<string, Promise<Route>>()
  readonly #hasProxy: boolean

  constructor(options: AgentOptions) {
    this.#options = options
    this.#hasProxy = Object.keys(options.env ?? {}).some(name => PROXY_VARIABLE.test(name))
  }

  /** @throws Failure of kind usage for TLS files and proxies that are of no use */
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

  async close(): Promise<void> {
    const routes = await Promise.allSettled(this.#routes.values())
    await Promise.all(routes.map(route => route.status === 'fulfilled' && route.value.dispatcher.destroy()))
  }

  async #findProxy(url: URL): Promise<HttpProxy | undefined> {
    const {proxyFromEnv} = await import('./proxy/proxy-from-env.js')
    return proxyFromEnv(url, this.#options.env ?? {}, this.#options.proxyLoopback)
  }

  /** Loads a third of the library, which takes 22 instead of 67 ms. */
  async #createRoute(secure: boolean, proxy: HttpProxy | undefined): Promise<Route> {
    if (this.#options.shortLived) for (const flag of NO_WASM_OPTIMISATION) setFlagsFromString(flag)
    const [{default: Agent}, {default: build}] = await Promise.all([
      import('undici/lib/dispatcher/agent.js'),
      import('undici/lib/core/connect.js'),
    ])
    const dispatcher = new Agent({
      connect: await this.#createConnector(build, secure, proxy),
      headersTimeout: this.#milliseconds(300),
      bodyTimeout: this.#milliseconds(300),
      maxHeaderSize: MAX_HEADER_BYTES,
    })
    return {dispatcher, forwardProxy: secure ? undefined : proxy}
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
