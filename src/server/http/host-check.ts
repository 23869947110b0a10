/** Rejects foreign Host and Origin headers (DNS rebinding, cross-site requests). */
import type {IncomingMessage, Server} from 'node:http'
import {type AddressInfo, isIP} from 'node:net'
import {HttpError} from './http-error.js'

/** True for a loopback address or `localhost`, which only programs on this machine can reach. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host)
}

/**
 * Creates a check of requests, for services without authentication. Only browsers send `Origin`, and one that is not the
 * service's own is that of a foreign page. On loopback, `Host` must be an address, `localhost` or the configured host; any
 * other name has been pointed at this machine by its owner (DNS rebinding).
 * @param listenHost name or address that the service listens on
 * @returns the check, which throws HttpError 403 for a foreign origin and 421 for a foreign host
 */
export function createHostCheck(server: Server, listenHost: string): (request: IncomingMessage) => void {
  let isLocal = false
  server.once('listening', () => {
    isLocal = isLoopback((server.address() as AddressInfo).address)
  })
  const names = ['localhost', listenHost.toLowerCase()]
  return ({headers: {host, origin}}) => {
    const name = parseHostName(host ?? '')
    if (isLocal && name !== '' && !isIP(name) && !names.includes(name)) {
      const explanation =
        `This service listens on ${listenHost} only. Use an address, localhost or the value of --host ` +
        `as its host name, not '${name}'.`
      throw new HttpError(421, {explanation})
    }
    if (origin !== undefined && stripScheme(origin) !== host?.toLowerCase()) {
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
