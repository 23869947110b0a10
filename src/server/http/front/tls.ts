/** The certificate and the key of the service, read from files at its start, and again while it runs. */
import {createSecureContext, type SecureContextOptions, Server, type TlsOptions} from 'node:tls'
import {usageError} from '../../../lib/model/errors.js'
import {type FindValue, readSettings, requireSetting} from '../../settings/setting.js'
import {readSettingFile} from '../../settings/setting-file.js'
import {SERVER_TLS} from '../../settings/tables/front.js'

/**
 * Reads the files of the settings and checks that they fit together.
 * @returns undefined without `cert_file`: the service has no TLS
 * @throws Failure `usage` for files that are missing or cannot be used
 */
export async function readTlsFiles(find: FindValue): Promise<TlsOptions | undefined> {
  const {cert_file, key_file, ca_file} = readSettings(SERVER_TLS, find)
  if (cert_file === undefined && key_file === undefined && ca_file === undefined) return undefined
  const certFile = requireSetting('TLS', {cert_file}, 'cert_file')
  const keyFile = requireSetting('TLS', {key_file}, 'key_file')
  const [cert, key] = [
    await readSettingFile('cert_file', certFile),
    await readSettingFile('key_file', keyFile),
  ]
  const ca = ca_file === undefined ? {} : {ca: await readSettingFile('ca_file', ca_file)}
  const pair: SecureContextOptions = {cert, key, ...ca, minVersion: 'TLSv1.2'}
  try {
    createSecureContext(pair)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw usageError(`cannot use the certificate ${certFile} with the key ${keyFile}`, {why, cause: error})
  }
  const wantsClients = ca_file !== undefined
  return {...pair, requestCert: wantsClients, rejectUnauthorized: wantsClients}
}

/**
 * Uses other files, for connections to come; those that are open go on.
 * @returns false if a server cannot do that while it runs: TLS, or the certificates of clients, would begin or end
 */
export function replaceTlsFiles(server: unknown, files: TlsOptions | undefined): boolean {
  const isTls = server instanceof Server
  if (!isTls || files === undefined) return !isTls && files === undefined
  const asksClients = (server as Server & {readonly requestCert?: boolean}).requestCert ?? false
  if (asksClients !== files.requestCert) return false
  server.setSecureContext(files)
  return true
}
