/** HTTPS on loopback, with certificates that were made for the tests and last until 2124. */
import {readFileSync} from 'node:fs'
import type http from 'node:http'
import https from 'node:https'
import path from 'node:path'
import {listen, type Served} from './http/serve.js'

const FOLDER = path.resolve(import.meta.dirname, '../../../test/support/tls')

/**
 * `authority` signed all of them except `self`, which is self-signed. `server` is for localhost, images.example.com, 127.0.0.1
 * and ::1, `other` for other.example.com, *.other.example.com and 192.0.2.7; `expired` and `future` are out of their
 * time. These hold their key too. `client-cert` and `client-key` are `client` in two files; the passphrase of
 * `client-encrypted-key` is in `PASSPHRASE`.
 */
export type Pem =
  | 'authority'
  | 'server'
  | 'other'
  | 'expired'
  | 'future'
  | 'self'
  | 'client'
  | 'client-cert'
  | 'client-key'
  | 'client-encrypted-key'

export const PASSPHRASE = 'open sesame'

/** The path of a file with certificates or keys. */
export function pem(name: Pem): string {
  return path.join(FOLDER, `${name}.pem`)
}

/** What a server with this certificate needs. */
export function ownFiles(name: Pem): {readonly cert: Buffer; readonly key: Buffer} {
  const own = readFileSync(pem(name))
  return {cert: own, key: own}
}

export interface TlsServerOptions {
  readonly cert?: Pem
  /** Only clients with a certificate of the authority are accepted. */
  readonly wantsClient?: boolean
  readonly host?: string
}

/** An HTTPS server on a free port; its `url` names the address it listens on. */
export async function serveTls(
  handler: http.RequestListener,
  {cert = 'server', wantsClient = false, host = '127.0.0.1'}: TlsServerOptions = {},
): Promise<Served> {
  const ca = readFileSync(pem('authority'))
  const verifying = {ca, requestCert: wantsClient, rejectUnauthorized: wantsClient}
  const server = https.createServer({...ownFiles(cert), ...verifying}, handler)
  const served = await listen(server, host)
  return {
    ...served,
    url: served.url.replace('http:', 'https:'),
    close: async () => {
      server.closeAllConnections()
      await served.close()
    },
  }
}
