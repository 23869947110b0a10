/** What is in front of the service: proxies, the names by which clients know it, and pages of other origins. */
import type {IncomingMessage} from 'node:http'
import type {TLSSocket} from 'node:tls'
import {usageError} from '../../../lib/model/errors.js'
import {type FindValue, readSettings} from '../../settings/setting.js'
import {CORS, FRONT} from '../../settings/tables/front.js'
import {toUrlHost} from '../text.js'
import {type CorsRules, isAllowedOrigin} from './cors.js'
import {createForwardedReader, type Forwarded} from './forwarded.js'

/** No setting is given. */
const NOTHING: FindValue = () => undefined

/** Tells how clients see the service. */
export class Front {
  /** Rules for pages of other origins; absent: there are none. */
  readonly cors: CorsRules | undefined
  readonly #publicUrl: string | undefined
  readonly #hostNames: readonly string[]
  readonly #readForwarded: (request: IncomingMessage) => Forwarded

  /** @throws Failure `usage` for an invalid setting */
  constructor(find: FindValue = NOTHING) {
    const settings = readSettings(FRONT, find)
    const {public_endpoint: url, allowed_hostnames: names, trusted_proxies: proxies} = settings
    this.#publicUrl = url
    this.#hostNames = url === undefined ? names : [...names, new URL(url).hostname]
    this.#readForwarded = settings.enable_proxy_headers_parsing ? createForwardedReader(proxies) : () => ({})
    this.cors = readCorsRules(find)
  }

  /** What the check of hosts and origins needs to know. */
  get names() {
    const {cors} = this
    return {
      hostNames: this.#hostNames,
      isAllowedOrigin: (origin: string) => cors !== undefined && isAllowedOrigin(cors, origin),
      findUrl: (request: IncomingMessage) => this.findUrl(request),
    }
  }

  /**
   * The URL of the service for the client of a request, without a final slash: the configured one, or that which the client
   * addressed; the local address for a client without a Host header.
   */
  findUrl(request: IncomingMessage): string {
    if (this.#publicUrl !== undefined) return this.#publicUrl
    const {protocol, host, prefix = ''} = this.#readForwarded(request)
    const socket = request.socket as TLSSocket
    const {localAddress = '127.0.0.1', localPort = 0} = socket
    const localHost = `${toUrlHost(localAddress)}:${localPort}`
    const ownProtocol = socket.encrypted ? 'https' : 'http'
    return `${protocol ?? ownProtocol}://${host ?? (request.headers.host || localHost)}${prefix}`
  }

  /** The address of the client; undefined for a connection that is closed. */
  findClient(request: IncomingMessage): string | undefined {
    return this.#readForwarded(request).client ?? request.socket.remoteAddress
  }
}

function readCorsRules(find: FindValue): CorsRules | undefined {
  const settings = readSettings(CORS, find)
  if (settings.cors_allowed_origin.length === 0) return undefined
  if (settings.cors_allow_credentials && settings.cors_allowed_origin.includes('*')) {
    throw usageError(
      'cors_allow_credentials requires the names of the origins in cors_allowed_origin, not *',
      {why: 'any page could act with the credentials of the user who opens it'},
    )
  }
  return {
    origins: settings.cors_allowed_origin,
    credentials: settings.cors_allow_credentials,
    methods: settings.cors_allow_methods,
    headers: settings.cors_allow_headers,
    exposed: settings.cors_expose_headers,
    maxAge: settings.cors_max_age,
  }
}
