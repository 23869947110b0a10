/** The ways to servers: straight or by a proxy, plain or with TLS, each with connections of its own. */
import {setFlagsFromString} from 'node:v8'
import type {Dispatcher} from 'undici'
import {type BuildConnector, type Connect, plainConnect} from './connect.js'
import type {HttpProxy} from './proxy.js'
import type {TlsOptions} from './tls-files.js'

export interface WayOptions extends TlsOptions {
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
export interface Way {
  readonly dispatcher: Dispatcher
  /** Passes requests on, and must be given their whole URL. */
  readonly forwarder?: HttpProxy | undefined
}

/** A line of v1 metadata may be 16 KiB long and an image may have 128 properties (v1-wire L32, L34). */
const LONGEST_HEAD = 4 * 1024 * 1024

/** WebAssembly as it is compiled at first. `--liftoff-only` says the same, but later engines follow it only at their start. */
const UNOPTIMISED = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']

const PROXY_VARIABLE = /^(https?|all)_proxy$/i

/** Opens ways when they are first asked for; everything that a way needs is loaded then. */
export class Ways {
  readonly #options: WayOptions
  readonly #open = new Map<string, Promise<Way>>()
  readonly #hasProxy: boolean

  constructor(options: WayOptions) {
    this.#options = options
    this.#hasProxy = Object.keys(options.env ?? {}).some(name => PROXY_VARIABLE.test(name))
  }

  /** @throws Failure of kind usage for TLS files and proxies that are of no use */
  async to(url: URL): Promise<Way> {
    const proxy = this.#hasProxy ? await this.#proxyFor(url) : undefined
    const key = `${url.protocol} ${proxy?.url ?? ''}`
    const known = this.#open.get(key)
    if (known) return known
    const way = this.#way(url.protocol === 'https:', proxy)
    this.#open.set(key, way)
    way.catch(() => this.#open.delete(key))
    return way
  }

  async close(): Promise<void> {
    const ways = await Promise.allSettled(this.#open.values())
    await Promise.all(ways.map(way => way.status === 'fulfilled' && way.value.dispatcher.destroy()))
  }

  async #proxyFor(url: URL): Promise<HttpProxy | undefined> {
    const {proxyFor} = await import('./proxy.js')
    return proxyFor(url, this.#options.env ?? {}, this.#options.proxyLoopback)
  }

  /** Loads a third of the library, which takes 22 instead of 67 ms. */
  async #way(secure: boolean, proxy: HttpProxy | undefined): Promise<Way> {
    if (this.#options.shortLived) for (const flag of UNOPTIMISED) setFlagsFromString(flag)
    const [{default: Agent}, {default: build}] = await Promise.all([
      import('undici/lib/dispatcher/agent.js'),
      import('undici/lib/core/connect.js'),
    ])
    const dispatcher = new Agent({
      connect: await this.#connect(build, secure, proxy),
      headersTimeout: this.#milliseconds(300),
      bodyTimeout: this.#milliseconds(300),
      maxHeaderSize: LONGEST_HEAD,
    })
    return {dispatcher, forwarder: secure ? undefined : proxy}
  }

  async #connect(build: BuildConnector, secure: boolean, proxy: HttpProxy | undefined): Promise<Connect> {
    const timeout = this.#milliseconds(30)
    if (!secure && !proxy) return plainConnect(build, timeout)
    const {env = {}, insecure, cacert} = this.#options
    const parts = {build, timeout, env, tls: this.#options}
    if (!proxy) return (await import('./secure-connect.js')).secureConnect(parts)
    const {proxyConnect, tunnel} = await import('./proxy-connect.js')
    const toProxy = await proxyConnect(proxy, {...parts, tls: {insecure, cacert}})
    if (!secure) return toProxy
    const {secureConnect} = await import('./secure-connect.js')
    return secureConnect({...parts, through: tunnel(proxy, toProxy, timeout)})
  }

  #milliseconds(fallback: number): number {
    return (this.#options.timeoutSeconds ?? fallback) * 1000
  }
}
