/** Connects with TLS. */
import {X509Certificate} from 'node:crypto'
import {isIPv6, type Socket} from 'node:net'
import {
  checkServerIdentity,
  createSecureContext,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls'
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

/** Options of TLS connections. */
export interface TlsConnectorOptions {
  readonly build: BuildConnector
  /** Milliseconds to connect; 0: no limit. */
  readonly timeout: number
  readonly tls: TlsOptions
  readonly env: Readonly<Record<string, string | undefined>>
  /** Opens the tunnel that TLS runs through, in place of a direct connection. */
  readonly openTunnel?: ((target: ConnectTarget) => Promise<Socket>) | undefined
}

/**
 * Creates a connector. Without `cacert`, Node's own authorities are tried first, and the system's only if those fail,
 * because reading the system's takes 40 ms.
 * @throws Failure of kind usage for unusable files; see `readTlsFiles`
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

/** After the first unknown authority, every connection uses the fallback. */
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
  const options = {
    ...commonOptions(timeout),
    secureContext,
    rejectUnauthorized: !tls.insecure,
    checkServerIdentity: checkIdentity,
  }
  const connect = build(options)
  const start: Connector = (target, callback) => {
    let peer: ServerCertificate
    const socket = connect(target, (...[error, connected]) =>
      complete(callback, error && explainCertificateError(error, target.hostname, peer), connected),
    ) as TLSSocket
    // Ahead of Node's own listener: once that one rejects the certificate, it cannot be read any more.
    socket.prependListener('secure', () => {
      peer = socket.getPeerCertificate(true)
    })
    // Node continues after an alert of the peer, until the end of the connection hides the cause.
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

/** As Node does it; the releases 22.23 of Node refuse every IPv6 address, of which OpenSSL is asked first. */
function checkIdentity(host: string, certificate: PeerCertificate): Error | undefined {
  const isListed = isIPv6(host) && new X509Certificate(certificate.raw).checkIP(host) !== undefined
  return isListed ? undefined : checkServerIdentity(host, certificate)
}

function complete(callback: ConnectCallback, error: Error | null, socket: Socket | null): void {
  if (socket) callback(null, socket)
  else callback(error ?? new Error('no connection'), null)
}
