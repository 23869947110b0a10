/** Connections with TLS. */
import type {Socket} from 'node:net'
import {createSecureContext, type SecureContext, type TLSSocket} from 'node:tls'
import {certificateTrouble, isUnknownAuthority, type Peer} from './certificate.js'
import {type BuildConnector, type Callback, type Connect, common, type Target} from './connect.js'
import {keepReadingWhenWritingFails} from './patient-socket.js'
import {readTlsFiles, type TlsOptions} from './tls-files.js'
import {codeOf} from './trouble.js'
import {systemAuthorities} from './trust.js'

/** What secure connections are made of. */
export interface SecureParts {
  readonly build: BuildConnector
  /** Milliseconds until a connection must be there; 0: for ever. */
  readonly timeout: number
  readonly tls: TlsOptions
  readonly env: Readonly<Record<string, string | undefined>>
  /** Opens what TLS runs through, when not a connection of its own. */
  readonly through?: ((target: Target) => Promise<Socket>) | undefined
}

/**
 * Without `cacert`, the authorities that Node brings along are tried first, and those of the system when they do not
 * do: reading them takes 40 ms, which only those pay who need them.
 * @throws Failure of kind usage for files that are of no use; see `readTlsFiles`
 */
export async function secureConnect(parts: SecureParts): Promise<Connect> {
  const files = await readTlsFiles(parts.tls)
  const first = connectWith(createSecureContext(files), parts)
  if (files.ca || parts.tls.insecure) return first
  return widening(first, async () => {
    const ca = await systemAuthorities(parts.env)
    return connectWith(createSecureContext({...files, ca}), parts)
  })
}

/** Once authorities were unknown, all are asked from the start. */
function widening(first: Connect, widen: () => Promise<Connect>): Connect {
  let wide: Promise<Connect> | undefined
  const connectWide: Connect = (target, callback) => {
    wide ??= widen()
    wide.then(
      connect => connect(target, callback),
      error => callback(error, null),
    )
  }
  return (target, callback) => {
    if (wide) return connectWide(target, callback)
    first(target, (...[error, socket]) => {
      if (error && isUnknownAuthority(error)) connectWide(target, callback)
      else answer(callback, error, socket)
    })
  }
}

function connectWith(secureContext: SecureContext, {build, timeout, tls, through}: SecureParts): Connect {
  const options = {...common(timeout), secureContext, rejectUnauthorized: !tls.insecure}
  const connect = build(options)
  const start: Connect = (target, callback) => {
    let peer: Peer
    const socket = connect(target, (...[error, ready]) =>
      answer(callback, error && certificateTrouble(error, target.hostname, peer), ready),
    ) as TLSSocket
    // Ahead of Node's own listener: when that one refuses the certificate, nobody can look at it any more.
    socket.prependListener('secure', () => {
      peer = socket.getPeerCertificate(true)
    })
    // Node goes on after an alert of the other side, until the end of the connection hides why it came.
    socket.on('error', error => {
      if (codeOf(error).startsWith('ERR_SSL_')) socket.destroy(error)
    })
    keepReadingWhenWritingFails(socket)
  }
  if (!through) return start
  return (target, callback) =>
    void through(target).then(
      httpSocket => start({...target, httpSocket}, callback),
      error => callback(error, null),
    )
}

function answer(callback: Callback, error: Error | null, socket: Socket | null): void {
  if (socket) callback(null, socket)
  else callback(error ?? new Error('no connection'), null)
}
