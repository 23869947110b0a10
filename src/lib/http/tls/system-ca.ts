/** The certificate authorities that this machine trusts, in addition to Node's own. */
import {readFile} from 'node:fs/promises'
import * as tls from 'node:tls'

/** CA bundles of Debian, Red Hat, SUSE, Alpine and BSD. */
const CA_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

type CaEnv = Readonly<Record<string, string | undefined>>

/**
 * Node's authorities and the system's, as PEM. The system's come from the file in `SSL_CERT_FILE`, else from the first
 * bundle found, else from the stores of macOS and Windows (from Node 22.15 on).
 * Takes about 40 ms with a bundle, so call it only when Node's own are not enough.
 */
export async function readSystemAuthorities({SSL_CERT_FILE}: CaEnv): Promise<string[]> {
  for (const file of SSL_CERT_FILE ? [SSL_CERT_FILE, ...CA_BUNDLES] : CA_BUNDLES) {
    const found = await readFile(file, 'latin1').catch(() => '')
    const certificates = found.match(PEM_CERTIFICATE)
    if (certificates) return [...tls.rootCertificates, ...certificates]
  }
  return [...tls.rootCertificates, ...readPlatformStore()]
}

type NewerTls = typeof tls & {readonly getCACertificates?: (type: 'system') => string[]}

function readPlatformStore(): readonly string[] {
  const {getCACertificates}: NewerTls = tls
  return getCACertificates?.('system') ?? []
}
