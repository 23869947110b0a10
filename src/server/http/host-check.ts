/** The names a service may be called by: what keeps web pages in a browser on this machine from using it. */
import type {IncomingMessage, Server} from 'node:http'
import {type AddressInfo, isIP} from 'node:net'
import {HttpError} from './http-error.js'

/** True for an address that only programs of this machine can reach. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host)
}

/**
 * Gives a check of requests, for a service that asks nobody who he is. Only browsers send `Origin`, and one that is not
 * our own is that of a foreign page. On loopback the service is called by an address, as `localhost` or as what it was
 * told to listen on; any other name is one that its owner has pointed at this machine (DNS rebinding).
 * @throws HttpError 403 or 421, from the check
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
        `This service listens on ${listenHost} only. Call it by an address, as localhost, ` +
        `or by the name that it was started with as --host, not as '${name}'.`
      throw new HttpError(421, {explanation})
    }
    if (origin !== undefined && stripScheme(origin) !== host?.toLowerCase()) {
      throw new HttpError(403, {explanation: `Pages of ${origin} may not use this service from a browser.`})
    }
  }
}

/** Behind a proxy that ends TLS our own pages are `https`. */
function stripScheme(origin: string): string {
  return origin.toLowerCase().replace(/^https?:\/\//, '')
}

/** Without the port, and without the brackets of an IPv6 address. */
function parseHostName(host: string): string {
  const [, bracketed, name] = /^(?:\[(.*)\]|(.*?))(?::\d*)?$/.exec(host) ?? []
  return (bracketed ?? name ?? host).toLowerCase()
}
