/** Connections with TLS. */
import type {Socket} from 'node:net'
import {createSecureContext, type SecureContext, type TLSSocket} from 'node:tls'
import {
  type BuildConnector,
  type ConnectCallback,
  type Connector,
  type ConnectTarget,
  commonOptions,
} from '../connector.js'
import {keepReadingAfterWriteError} from '../early-response.js'
import {errorCode} from '../errors/transport-errors.js'
import {explainCertificateError, isUnknownAuthority, type ServerCertificate} from './certificate-errors.js'
import {readSystemAuthorities} from './system-ca.js'
import {readTlsFiles, type TlsOptions} from './tls-files.js'

/** What secure connections are made of. */
export interface TlsConnectorOptions {
  readonly build: BuildConnector
  /** Milliseconds until a connection must be there; 0: for ever. */
  readonly timeout: number
  readonly tls: TlsOptions
  readonly env: Readonly<Record<string, string | undefined>>
  /** Opens what TLS runs through, when not a connection of its own. */
  readonly openTunnel?: ((target: ConnectTarget) => Promise<Socket>) | undefined
}

/**
 * Without `cacert`, the authorities that Node brings along are tried first, and those of the system when they do not
 * do: reading them takes 40 ms, which only those pay who need them.
 * @throws Failure of kind usage for files that are of no use; see `readTlsFiles`
 */
export async function tlsConnector(options: TlsConnectorOptions): Promise<Connector> {
  const files = await readTlsFiles(options.tls)
  const first = connectorWith(createSecureContext(files), options)
  if (files.ca || options.tls.insecure) return first
  return fallbackConnector(first, async () => {
    const ca = await readSystemAuthorities(options.env)
    return connectorWith(createSecureContext({...files, ca}), options)
  })
}

/** Once authorities were unknown, all are asked from the start. */
function fallbackConnector(first: Connector, createFallback: () => Promise<Connector>): Connector {
  let fallback: Promise<Connector> | undefined
  const connectWithFallback: Connector = (target, callback) => {
    fallback ??= createFallback()
    fallback.then(
      connect => connect(target, callback),
      error => callback(error, null),
    )
  }
  return (target, callback) => {
    if (fallback) return connectWithFallback(target, callback)
    first(target, (...[error, socket]) => {
      if (error && isUnknownAuthority(error)) connectWithFallback(target, callback)
      else complete(callback, error, socket)
    })
  }
}

function connectorWith(
  secureContext: SecureContext,
  {build, timeout, tls, openTunnel}: TlsConnectorOptions,
): Connector {
  const options = {...commonOptions(timeout), secureContext, rejectUnauthorized: !tls.insecure}
  const connect = build(options)
  const start: Connector = (target, callback) => {
    let peer: ServerCertificate
    const socket = connect(target, (...[error, connected]) =>
      complete(callback, error && explainCertificateError(error, target.hostname, peer), connected),
    ) as TLSSocket
    // Ahead of Node's own listener: when that one refuses the certificate, nobody can look at it any more.
    socket.prependListener('secure', () => {
      peer = socket.getPeerCertificate(true)
    })
    // Node goes on after an alert of the other side, until the end of the connection hides why it came.
    socket.on('error', error => {
      if (errorCode(error).startsWith('ERR_SSL_')) socket.destroy(error)
    })
    keepReadingAfterWriteError(socket)
  }
  if (!openTunnel) return start
  return (target, callback) =>
    void openTunnel(target).then(
      httpSocket => start({...target, httpSocket}, callback),
      error => callback(error, null),
    )
}

function complete(callback: ConnectCallback, error: Error | null, socket: Socket | null): void {
  if (socket) callback(null, socket)
  else callback(error ?? new Error('no connection'), null)
}
