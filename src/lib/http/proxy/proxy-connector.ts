/** Connects to a proxy, and opens tunnels through it. */
import {request as httpRequest, type IncomingMessage} from 'node:http'
import type {Socket} from 'node:net'
import type {FailureKind} from '../../model/errors.js'
import {type Connector, type ConnectTarget, plainConnector} from '../connector.js'
import {explainConnectError, NotSent} from '../errors/transport-errors.js'
import type {TlsConnectorOptions} from '../tls/tls-connector.js'
import type {HttpProxy} from './proxy-from-env.js'

/**
 * Connects to the proxy, whatever the target; failures name the proxy.
 * @throws Failure of kind usage for unusable TLS files
 */
export async function proxyConnector(proxy: HttpProxy, options: TlsConnectorOptions): Promise<Connector> {
  const {protocol, hostname, host, port} = new URL(proxy.url)
  const connect =
    protocol === 'https:'
      ? await (await import('../tls/tls-connector.js')).tlsConnector(options)
      : plainConnector(options.build, options.timeout)
  const target = {protocol, host, port, hostname: hostname.replace(/^\[(.*)\]$/, '$1')}
  return (_target, callback) =>
    connect(target, (...[error, socket]) => {
      if (socket) callback(null, socket)
      else callback(unreachableError(error, proxy), null)
    })
}

/**
 * Returns a function that opens a tunnel for TLS to a target, or rejects with `NotSent`.
 * @param timeout milliseconds to open a tunnel; 0: no limit
 */
export function tunnelOpener(
  proxy: HttpProxy,
  connectToProxy: Connector,
  timeout: number,
): (target: ConnectTarget) => Promise<Socket> {
  return async target => {
    const socket = await new Promise<Socket>((resolve, reject) => {
      connectToProxy(target, (...[error, connection]) => (connection ? resolve(connection) : reject(error)))
    })
    return requestTunnel(socket, target, proxy, timeout)
  }
}

function requestTunnel(
  socket: Socket,
  target: ConnectTarget,
  proxy: HttpProxy,
  timeout: number,
): Promise<Socket> {
  const {hostname, port} = target
  const authority = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port || '443'}`
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      method: 'CONNECT',
      path: authority,
      headers: {host: authority, ...proxy.headers},
      createConnection: () => socket,
    })
    const timeoutError = Object.assign(new Error('the proxy does not respond'), {
      code: 'UND_ERR_CONNECT_TIMEOUT',
    })
    const timer = timeout > 0 ? setTimeout(() => request.destroy(timeoutError), timeout) : undefined
    request.once('close', () => clearTimeout(timer))
    request.once('error', error => reject(unreachableError(error, proxy, authority)))
    request.once('connect', ({statusCode = 0}: IncomingMessage) => {
      clearTimeout(timer)
      if (statusCode >= 200 && statusCode < 300) return resolve(socket)
      socket.destroy()
      reject(proxyError(statusCode, proxy, authority))
    })
    request.end()
  })
}

function unreachableError(error: Error | null, proxy: HttpProxy, authority?: string): NotSent {
  const {kind, why} = explainConnectError(error)
  const what = authority ? `cannot reach ${authority} through the proxy` : 'cannot reach the proxy'
  return new NotSent(kind, `${what} ${proxy.url}`, {why, advice: adviceFor(proxy), cause: error})
}

const PROXY_ERRORS: Readonly<Record<number, readonly [FailureKind, string]>> = {
  403: ['denied', 'it does not allow this'],
  407: ['denied', 'it requires a user name and a password'],
  502: ['unavailable', 'it cannot reach the server'],
  503: ['unavailable', 'it cannot reach the server'],
  504: ['unavailable', 'it got no response from the server in time'],
}

/**
 * Failure for a response of the proxy itself, which did not pass the request on.
 * @param authority host and port of the target
 */
export function proxyError(status: number, proxy: HttpProxy, authority: string): NotSent {
  const [kind, reason] = PROXY_ERRORS[status] ?? ['failed', `it answered ${status}`]
  const areCredentialsRejected = status === 407 && 'proxy-authorization' in proxy.headers
  return new NotSent(kind, `cannot reach ${authority} through the proxy ${proxy.url}`, {
    why: areCredentialsRejected ? 'it rejected the user name and the password' : reason,
    advice: status === 407 ? `Write http://USER:PASSWORD@HOST:PORT in ${proxy.variable}.` : adviceFor(proxy),
    status,
  })
}

function adviceFor({variable}: HttpProxy): string {
  return `Check ${variable}, or list the host in NO_PROXY to connect without the proxy.`
}
