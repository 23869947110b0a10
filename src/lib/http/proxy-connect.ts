/** Connections to a proxy, and tunnels through it. */
import {request as httpRequest, type IncomingMessage} from 'node:http'
import type {Socket} from 'node:net'
import type {FailureKind} from '../model/errors.js'
import {type Connect, plainConnect, type Target} from './connect.js'
import type {HttpProxy} from './proxy.js'
import type {SecureParts} from './secure-connect.js'
import {connectionTrouble, NotSent} from './trouble.js'

/** Connections to the proxy, wherever the request goes; failures name the proxy. */
export async function proxyConnect(proxy: HttpProxy, parts: SecureParts): Promise<Connect> {
  const {protocol, hostname, host, port} = new URL(proxy.url)
  const connect =
    protocol === 'https:'
      ? await (await import('./secure-connect.js')).secureConnect(parts)
      : plainConnect(parts.build, parts.timeout)
  const target = {protocol, host, port, hostname: hostname.replace(/^\[(.*)\]$/, '$1')}
  return (_target, callback) =>
    connect(target, (...[error, socket]) => {
      if (socket) callback(null, socket)
      else callback(unreachable(error, proxy), null)
    })
}

/**
 * Opens tunnels for TLS: the proxy passes bytes on that it cannot read.
 * @param timeout milliseconds for the proxy to open it; 0: for ever
 */
export function tunnel(
  proxy: HttpProxy,
  toProxy: Connect,
  timeout: number,
): (target: Target) => Promise<Socket> {
  return async target => {
    const socket = await new Promise<Socket>((resolve, reject) => {
      toProxy(target, (...[error, ready]) => (ready ? resolve(ready) : reject(error)))
    })
    return opened(socket, target, proxy, timeout)
  }
}

function opened(socket: Socket, target: Target, proxy: HttpProxy, timeout: number): Promise<Socket> {
  const {hostname, port} = target
  const authority = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port || '443'}`
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      method: 'CONNECT',
      path: authority,
      headers: {host: authority, ...proxy.headers},
      createConnection: () => socket,
    })
    const late = Object.assign(new Error('the proxy does not answer'), {code: 'UND_ERR_CONNECT_TIMEOUT'})
    if (timeout > 0) request.setTimeout(timeout, () => request.destroy(late))
    request.once('error', error => reject(unreachable(error, proxy, authority)))
    request.once('connect', ({statusCode = 0}: IncomingMessage) => {
      socket.setTimeout(0)
      if (statusCode >= 200 && statusCode < 300) return resolve(socket)
      socket.destroy()
      reject(refusal(statusCode, proxy, authority))
    })
    request.end()
  })
}

function unreachable(error: Error | null, proxy: HttpProxy, authority?: string): NotSent {
  const {kind, why} = connectionTrouble(error)
  const what = authority ? `cannot reach ${authority} through the proxy` : 'cannot reach the proxy'
  return new NotSent(kind, `${what} ${proxy.url}`, {why, advice: adviceFor(proxy), cause: error})
}

const REFUSALS: Readonly<Record<number, readonly [FailureKind, string]>> = {
  403: ['denied', 'it does not allow this'],
  407: ['denied', 'it wants a user name and a password'],
  502: ['unavailable', 'it cannot reach the server'],
  503: ['unavailable', 'it cannot reach the server'],
  504: ['unavailable', 'it got no answer from the server in time'],
}

/**
 * What the proxy itself answered instead of passing the request on.
 * @param authority where the request was to go
 */
export function refusal(status: number, proxy: HttpProxy, authority: string): NotSent {
  const [kind, reason] = REFUSALS[status] ?? ['failed', `it answered ${status}`]
  const isUnknown = status === 407 && 'proxy-authorization' in proxy.headers
  return new NotSent(kind, `cannot reach ${authority} through the proxy ${proxy.url}`, {
    why: isUnknown ? 'it refuses the user name and the password' : reason,
    advice: status === 407 ? `Write http://USER:PASSWORD@HOST:PORT in ${proxy.variable}.` : adviceFor(proxy),
    status,
  })
}

function adviceFor({variable}: HttpProxy): string {
  return `Is ${variable} right? What NO_PROXY names is reached without it.`
}
