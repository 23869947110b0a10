/** The certificates of signatures, which the operator keeps in a folder. */
import {type KeyObject, X509Certificate} from 'node:crypto'
import {readFile, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {usageError} from '../../../lib/model/errors.js'

/** Where certificates are. */
export interface CertificateSettings {
  /** Folder with files `UUID.pem`; undefined: there are none. */
  readonly signature_certificates_dir: string | undefined
  /** File with the certificates of authorities; undefined: the certificates in the folder are trusted themselves. */
  readonly signature_ca_file: string | undefined
}

/** A certificate that is not there, not valid at this time, or not issued by an authority. The message is the reason. */
export class CertificateRefused extends Error {
  override readonly name = 'CertificateRefused'
}

/** Authorities between a certificate and a root. */
const MAX_DEPTH = 8

/**
 * The public key of a certificate.
 * @param id UUID in lower case
 * @throws CertificateRefused
 */
export async function loadKey(
  {signature_certificates_dir: folder, signature_ca_file: authorities}: CertificateSettings,
  id: string,
): Promise<KeyObject> {
  if (folder === undefined) {
    throw new CertificateRefused('this service has no certificates: signature_certificates_dir is not set')
  }
  const pem = await readFile(join(folder, `${id}.pem`), 'utf8').catch(error => {
    if (error.code === 'ENOENT') throw new CertificateRefused(`certificate ${id} does not exist`)
    throw new CertificateRefused(`cannot read certificate ${id}`, {cause: error})
  })
  const [certificate] = parseCertificates(pem)
  if (certificate === undefined) throw new CertificateRefused(`cannot read certificate ${id}`)
  if (!isCurrent(certificate)) throw new CertificateRefused(`certificate ${id} is not valid at this time`)
  if (authorities !== undefined && !isTrusted(certificate, await readAuthorities(authorities))) {
    throw new CertificateRefused(`certificate ${id} is not issued by a trusted authority`)
  }
  return certificate.publicKey
}

/** Checks the settings at the start. @throws Failure `usage` for a folder or a file that cannot be used */
export async function requireCertificates(settings: CertificateSettings): Promise<void> {
  const {signature_certificates_dir: folder, signature_ca_file: authorities} = settings
  const isFolder = folder === undefined || (await stat(folder).catch(() => undefined))?.isDirectory()
  if (!isFolder)
    throw usageError(`cannot use signature_certificates_dir ${folder}`, {why: 'it is not a folder'})
  if (authorities === undefined) return
  const found = await readAuthorities(authorities).catch(() => [])
  if (found.length > 0) return
  throw usageError(`cannot use signature_ca_file ${authorities}`, {
    why: 'no certificates can be read from it',
  })
}

/** @throws CertificateRefused */
async function readAuthorities(file: string): Promise<X509Certificate[]> {
  const pem = await readFile(file, 'utf8').catch(error => {
    throw new CertificateRefused('cannot read the certificates of the authorities', {cause: error})
  })
  return parseCertificates(pem)
}

/** Those certificates in a text that can be read. */
function parseCertificates(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? []
  return blocks.flatMap(block => {
    try {
      return [new X509Certificate(block)]
    } catch {
      return []
    }
  })
}

/** True if authorities issued the certificate, each other, and the root itself. */
function isTrusted(
  certificate: X509Certificate,
  authorities: readonly X509Certificate[],
  depth = 0,
): boolean {
  return authorities.some(
    authority =>
      isIssuer(authority, certificate) &&
      isCurrent(authority) &&
      (isIssuer(authority, authority) || (depth < MAX_DEPTH && isTrusted(authority, authorities, depth + 1))),
  )
}

/** `checkIssued` compares names, and whether the authority may sign certificates. */
function isIssuer(authority: X509Certificate, certificate: X509Certificate): boolean {
  return authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey)
}

function isCurrent({validFrom, validTo}: X509Certificate): boolean {
  return Date.parse(validFrom) <= Date.now() && Date.now() <= Date.parse(validTo)
}
