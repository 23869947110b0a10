/** Rejects foreign Host and Origin headers (DNS rebinding, cross-site requests). */
import type {IncomingMessage, Server} from 'node:http'
import {type AddressInfo, isIP} from 'node:net'
import {HttpError} from './http-error.js'

/** True for a loopback address or `localhost`, which only programs on this machine can reach. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host)
}

/** The names by which a service may be addressed, and the pages that may use it. */
export interface KnownNames {
  /** Name or address that the service listens on. */
  readonly listenHost: string
  /** Host names besides that; `*`: any. */
  readonly hostNames: readonly string[]
  /** True for the origin of foreign pages that may use the service. */
  readonly isAllowedOrigin: (origin: string) => boolean
  /** The URL of the service as the client of a request addressed it. */
  readonly findUrl: (request: IncomingMessage) => string
}

/**
 * Creates a check of requests, for services without authentication. Only browsers send `Origin`, and one that is neither the
 * service's own nor allowed is that of a foreign page. On loopback, `Host` must be an address, `localhost`, the configured
 * host or another known name; any other name has been pointed at this machine by its owner (DNS rebinding).
 * @returns the check, which throws HttpError 403 for a foreign origin and 421 for a foreign host
 */
export function createHostCheck(server: Server, known: KnownNames): (request: IncomingMessage) => void {
  let isLocal = false
  server.once('listening', () => {
    isLocal = isLoopback((server.address() as AddressInfo).address)
  })
  const {listenHost, hostNames, isAllowedOrigin, findUrl} = known
  const names = ['localhost', listenHost, ...hostNames].map(name => name.toLowerCase())
  const isAnyName = names.includes('*')
  return request => {
    const {host, origin} = request.headers
    const name = parseHostName(host ?? '')
    if (isLocal && !isAnyName && name !== '' && !isIP(name) && !names.includes(name)) {
      const explanation =
        `This service listens on ${listenHost} only. Use an address, localhost or the value of --host ` +
        `as its host name, not '${name}', or add that to allowed_hostnames.`
      throw new HttpError(421, {explanation})
    }
    if (origin === undefined || isAllowedOrigin(origin)) return
    const own = [host?.toLowerCase(), new URL(findUrl(request)).host]
    if (!own.includes(stripScheme(origin))) {
      throw new HttpError(403, {explanation: `Pages of ${origin} may not use this service from a browser.`})
    }
  }
}

/** Treats `http` and `https` alike: a proxy in front of the service may terminate TLS. */
function stripScheme(origin: string): string {
  return origin.toLowerCase().replace(/^https?:\/\//, '')
}

/** Removes the port, and the brackets of an IPv6 address. */
function parseHostName(host: string): string {
  const [, bracketed, name] = /^(?:\[(.*)\]|(.*?))(?::\d*)?$/.exec(host) ?? []
  return (bracketed ?? name ?? host).toLowerCase()
}
